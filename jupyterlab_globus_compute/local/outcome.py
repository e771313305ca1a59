"""Turns what came back from a worker, or did not, into outcomes."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

from globus_compute_sdk.sdk.utils import get_env_details

from .records import Outcome

WORKER_DIED = "the worker process died: out of memory, or os._exit?"
"""The text of a task whose worker process ended under it."""

CANCELLED = "the task was cancelled before it began"
"""The text of a task that was cancelled while it waited."""

KILLED = "the task was cancelled while it ran; its worker process was ended"
"""The text of a task that was cancelled while it ran."""

_NS_PER_S = 1e9
_BYTES_PER_MIB = 1024 * 1024


def from_result(task_id: str, packed: bytes) -> Outcome:
    """Return the outcome in a packed Result message of that task.

    Raises:
        ValueError: the bytes are no such message.
    """
    outcome = read_result(packed)
    if outcome.task_id != task_id:
        raise ValueError("the worker sent the result of another task")
    return outcome


def read_result(packed: bytes) -> Outcome:
    """Return the outcome in a packed Result message.

    Read as the JSON that it is (globus_compute_common.messagepack, protocol 1), as
    ``messagepack.unpack`` takes ten times as long.

    Raises:
        ValueError: the bytes are no such message.
    """
    try:
        return _read(packed)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The worker ran somebody's code, which may have broken anything there.
        raise ValueError("the worker sent something else than a result") from error


def failed(task_id: str, endpoint_id: str, text: str, started_at: float | None) -> Outcome:
    """Return the outcome of a task that no worker could report on.

    ``started_at`` is None when it did not get as far as a worker. The environment is the
    service's, which is the workers' too.
    """
    now = time.time()
    transitions = {} if started_at is None else {"execution-start": started_at}
    details: dict[str, Any] = {
        **get_env_details(),
        "endpoint_id": endpoint_id,
        "task_transitions": {**transitions, "execution-end": now},
    }
    return Outcome(task_id, None, text, text, now, details)


def with_memory_hint(outcome: Outcome, limit_bytes: int | None) -> Outcome:
    """Return the outcome, which says why if a MemoryError under a limit ended the task."""
    if outcome.exception is None or limit_bytes is None:
        return outcome
    last_line = outcome.exception.rstrip().rpartition("\n")[2]
    if "MemoryError" not in last_line:
        return outcome
    hint = f"The task may use {limit_bytes // _BYTES_PER_MIB} MiB of memory on this computer\n"
    return dataclasses.replace(outcome, exception=f"{outcome.exception.rstrip()}\n{hint}")


def no_worker(reason: str) -> str:
    """Return the text of a task that waited when no worker process could start."""
    return (
        f"no worker process could start ({reason}); see the local service's log, and check "
        "the installation of globus-compute-endpoint"
    )


def _read(packed: bytes) -> Outcome:
    if packed[:1] != b"\x01":
        raise ValueError("not a message of protocol 1")
    message = json.loads(packed[1:])
    if message["message_type"] != "result":
        raise ValueError("not a result")
    result = message["data"]
    data, error = _text(result["data"]), result.get("error_details")
    transitions = {
        _text(transition["state"]): transition["timestamp"] / _NS_PER_S
        for transition in result.get("task_statuses") or []
    }
    return Outcome(
        task_id=_text(result["task_id"]),
        result=data if error is None else None,
        exception=None if error is None else data,
        reason=None if error is None else _text(error["user_message"]),
        completed_at=time.time(),
        details={**(result.get("details") or {}), "task_transitions": transitions},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value
