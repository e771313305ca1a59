"""The stream of state changes: what is in it, where it goes on, and who is dropped."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import psutil
import pytest

from jupyterlab_globus_compute.local.events import EventLog

from .event_reader import EventReader
from .service_process import TIMEOUT_S, LocalService, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTION = "def f(x):\n    return x\n"
HASTE = """
import socket
from jupyterlab_globus_compute.local import event_stream, http_protocol, service

def listen(port, listen=service._listen):
    listener = listen(port)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    return listener

service._listen = listen
event_stream.HEARTBEAT_S = 0.1
http_protocol.WRITE_STALL_TIMEOUT_S = 0.5
"""


@pytest.fixture
def hasty_service(tmp_path: Path) -> Iterator[LocalService]:
    """A service that waits for nobody, with small buffers."""
    with LocalService(tmp_path / "data", prelude=HASTE) as service:
        yield service


def change(task_id: str, state: str) -> tuple[str, str, float]:
    return task_id, state, 1.0


def test_changes_are_numbered_from_one_log_to_the_next() -> None:
    first = EventLog()
    start = first.last
    first.publish([change("a", "running"), change("b", "running")])
    assert first.last == start + 2
    page = first.after(start, 10)
    assert page.changes == [change("a", "running"), change("b", "running")]
    assert page.last == first.last
    assert first.after(start + 1, 10).changes == [change("b", "running")]
    assert first.after(first.last, 10).changes == []
    assert EventLog().last > first.last


def test_only_the_latest_change_of_a_task_is_told() -> None:
    log = EventLog()
    start = log.last
    log.publish([change("a", "running"), change("b", "running"), change("a", "success")])
    assert log.after(start, 10).changes == [change("b", "running"), change("a", "success")]


def test_pages_lose_nothing() -> None:
    log = EventLog()
    number = log.last
    log.publish([change(str(i), "running") for i in range(25)])
    told = []
    while (page := log.after(number, 10)).changes:
        told += [task_id for task_id, _, _ in page.changes]
        number = page.last
    assert told == [str(i) for i in range(25)]


def test_a_reader_that_is_too_far_behind_is_told_so() -> None:
    log = EventLog(max_tasks=10)
    start = log.last
    log.publish([change(str(i), "running") for i in range(11)])
    late = log.after(start, 100)
    assert not late.is_gapless
    assert late.last == log.last
    assert log.after(start + 1, 100).is_gapless
    assert not log.after(log.last + 1, 100).is_gapless


def test_waiting_ends_with_a_change_the_end_or_the_time() -> None:
    async def session() -> list[bool]:
        log = EventLog()
        loop = asyncio.get_running_loop()
        answers = [await log.wait(log.last, 0.01)]
        loop.call_later(0.01, log.publish, [change("a", "running")])
        answers.append(await log.wait(log.last, TIMEOUT_S))
        loop.call_later(0.01, log.close)
        answers.append(await log.wait(log.last, TIMEOUT_S))
        return answers

    assert asyncio.run(session()) == [False, True, True]


def test_a_task_is_followed_to_its_end(service: LocalService) -> None:
    with EventReader(service) as reader:
        assert reader.response.status == 200
        assert reader.response.headers["content-type"].startswith("text/event-stream")
        first = reader.read()
        assert first is not None
        assert first.number is not None
        ids = service.submit(service.register(FUNCTION), [(1,), (2,)])
        seen = reader.states(ids)
    for task_id in ids:
        # Changes that follow each other quickly are told as one.
        expected = ["waiting-for-nodes", "running", "success"]
        assert seen[task_id] == [state for state in expected if state in seen[task_id]]
        assert seen[task_id][-1] == "success"
    # What is told is already there to be read.
    assert all(task["status"] == "success" for task in service.tasks(ids).values())


def test_a_failure_is_told(service: LocalService) -> None:
    with EventReader(service) as reader:
        ids = service.submit(service.register("def f():\n    raise OSError\n"))
        assert reader.states(ids)[ids[0]][-1] == "failed"


def test_a_reader_goes_on_where_it_stopped(service: LocalService) -> None:
    with EventReader(service) as reader:
        start = reader.read()
    assert start is not None
    function_id = service.register(FUNCTION)
    ids = service.submit(function_id, [(i,) for i in range(100)])
    service.finished(ids)
    with EventReader(service, last_event_id=str(start.number)) as reader:
        assert reader.states(ids).keys() >= set(ids)
    with EventReader(service, query=f"?since={start.number}") as reader:
        assert reader.states(ids).keys() >= set(ids)


def test_a_number_of_an_earlier_service_leads_to_a_reset(own_service: LocalService) -> None:
    with EventReader(own_service) as reader:
        start = reader.read()
    assert start is not None
    own_service.stop()
    own_service.start()
    with EventReader(own_service, query=f"?since={start.number}") as reader:
        reader.read()
        message = reader.read()
    assert message is not None
    assert message.event == "reset"
    assert (message.number or 0) > (start.number or 0)


def test_heartbeats(hasty_service: LocalService) -> None:
    with EventReader(hasty_service) as reader:
        messages = [reader.read() for _ in range(4)]
    assert all(message is not None and message.event is None for message in messages)


def test_a_reader_that_does_not_read_is_dropped(hasty_service: LocalService) -> None:
    address = hasty_service.address
    host = str(address["url"]).removeprefix("http://")
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", int(host.rpartition(":")[2])))
        slow.sendall(
            f"GET /v3/events HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {address['token']}\r\n\r\n".encode()
        )
        peer = slow.getsockname()

        def peers() -> set[object]:
            ends = psutil.Process(address["pid"]).net_connections()
            return {end.raddr for end in ends}

        wait_until(lambda: peer in peers(), "the reader is connected")
        # Some hundred kB of changes: more than the buffers on the way hold.
        function_id = hasty_service.register(FUNCTION)
        hasty_service.finished(hasty_service.submit(function_id, [(i,) for i in range(1000)]))
        wait_until(lambda: peer not in peers(), "the reader is dropped")
    assert hasty_service.request("GET", "/v2/version").status == 200


def test_streams_end_with_the_service(own_service: LocalService) -> None:
    with EventReader(own_service) as reader:
        reader.read()
        assert own_service.stop() == 0
        while reader.read() is not None:
            pass
    assert own_service.stderr() == ""
