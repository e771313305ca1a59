"""Taking answers and failures apart."""

from __future__ import annotations

import json

import pytest

from jupyterlab_globus_compute.gateway.vault.answers import (
    AnswerMalformedError,
    read_answer,
    split_batch_status,
)
from jupyterlab_globus_compute.gateway.vault.failures import read_failure

TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 3, in f\n    boom()\n'


def test_no_byte_of_a_task_is_changed() -> None:
    one = '{ "status" : "success", "result":"\\u00e9\\n}{,", "n": 1.50 }'
    two = '{"a": {"b": [1, {"c": null}]}, "u": "\u00e9"}'
    body = f' {{"response": "batch" ,"x": [{{}}],"results" : {{"a":{one} ,\n"b": {two}}} }} '
    assert split_batch_status(body.encode()) == {"a": one.encode(), "b": two.encode()}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"a"}',
        b'{"x": 1}',
        b'{"results": [1]}',
        b'{"results": {"a": }}',
        b'{"results": {1: 2}}',
        b'{"results":' + b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_answer_is_told_without_quoting_it(body: bytes) -> None:
    with pytest.raises(AnswerMalformedError) as raised:
        split_batch_status(body)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "SUCCESS", "result": "x"}, "success"),
        ({"status": "success", "result": "x", "exception": "ValueError: 1"}, "failed"),
        ({"status": "failed", "exception": "ValueError: 1"}, "failed"),
        ({"status": "failed", "reason": "cancelled"}, "failed"),
        ({"status": "success"}, "lost"),
        ({"status": "failed"}, "lost"),
        ({"status": "unknown"}, "lost"),
        ({"status": "abandoned"}, "lost"),
        ({"status": "waiting-for-nodes"}, "waiting-for-nodes"),
        ({"status": "Running"}, "running"),
        ({"status": "something new"}, "received"),
    ],
)
def test_the_state_of_a_task(fields: dict[str, str], state: str) -> None:
    answer = read_answer("t", json.dumps(fields).encode())
    assert (answer.state, answer.is_unknown) == (state, state == "lost")


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"7", b'{"x": 1}'])
def test_what_is_no_task(text: bytes) -> None:
    with pytest.raises(AnswerMalformedError):
        read_answer("t", text)


@pytest.mark.parametrize("when", ["7.5", 7.5, "1970-01-01T00:00:07.5Z"])
def test_times_come_in_several_forms(when: object) -> None:
    fields = {"status": "success", "result": "x", "completion_t": when}
    assert read_answer("t", json.dumps(fields).encode()).ended == 7.5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TRACEBACK + "ValueError: bad 7\n", ("ValueError", "bad 7")),
        (TRACEBACK + "KeyboardInterrupt\n", ("KeyboardInterrupt", "")),
        (TRACEBACK + "a.b.Error: two\nlines\n", ("a.b.Error", "two\nlines")),
        ("Cancelled", ("TaskFailed", "Cancelled")),
        ("", ("TaskFailed", "")),
        ("+" * 68 + "\n" + TRACEBACK + "OSError: x\n" + "-" * 68, ("OSError", "x")),
        (TRACEBACK + 'E: 1\n#gc {"type": "KeyError", "message": "\'k\'"}', ("KeyError", "'k'")),
        (TRACEBACK + "E: 1\n#gc {broken", ("E", "1")),
    ],
)
def test_what_a_task_failed_of(text: str, told: tuple[str, str]) -> None:
    assert read_failure(text) == told
