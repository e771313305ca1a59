"""Server-sent events, as the HTML standard has them."""

from __future__ import annotations

import pytest

from jupyterlab_globus_compute.gateway.event_stream import EventParser, ServerSentEvent

STREAM = (
    b": follows task states\nid: 7\n\n"
    b'id: 8\nevent: tasks\ndata: {"a":\ndata: "\xc3\xa4"}\n\n'
    b": heartbeat\n\n"
    b"event: reset\r\nretry: 5\r\ndata\r\n\r\n"
    b"data: unfinished\n"
)
EVENTS = [
    ServerSentEvent("7", "message", ""),
    ServerSentEvent("8", "tasks", '{"a":\n"ä"}'),
    ServerSentEvent("8", "reset", ""),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_events_are_the_same_however_the_bytes_come(size: int) -> None:
    parser = EventParser()
    chunks = [STREAM[start : start + size] for start in range(0, len(STREAM), size)]
    assert [event for chunk in chunks for event in parser.feed(chunk)] == EVENTS


def test_text_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="codec"):
        list(EventParser().feed(b"data: \xff\n"))


def test_an_event_without_an_end_is_refused() -> None:
    parser = EventParser()
    for _ in range(16):
        assert list(parser.feed(b"x" * 2**20)) == []
    with pytest.raises(ValueError, match="too large"):
        list(parser.feed(b"x"))
