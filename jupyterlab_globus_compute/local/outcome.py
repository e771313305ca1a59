"""Turns what came back from a worker, or did not, into outcomes."""

from __future__ import annotations

import time
from typing import Any

from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Result
from globus_compute_sdk.sdk.utils import get_env_details

from .records import Outcome

WORKER_DIED = "the worker process died: out of memory, or os._exit?"
"""The text of a task whose worker process ended under it."""

_NS_PER_S = 1e9


def from_result(task_id: str, packed: bytes) -> Outcome:
    """Return the outcome in a packed Result message.

    Raises:
        ValueError: the bytes are no such message.
    """
    result = _unpack(packed)
    if str(result.task_id) != task_id:
        raise ValueError("the worker sent the result of another task")
    transitions = {
        transition.state.value: transition.timestamp / _NS_PER_S
        for transition in result.task_statuses or []
    }
    error = result.error_details
    return Outcome(
        task_id=task_id,
        result=result.data if error is None else None,
        exception=None if error is None else result.data,
        reason=None if error is None else error.user_message,
        completed_at=time.time(),
        details={**(result.details or {}), "task_transitions": transitions},
    )


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


def _unpack(packed: bytes) -> Result:
    try:
        message = messagepack.unpack(packed)
    except Exception as error:
        # The worker ran somebody's code, which may have broken anything there.
        raise ValueError("the worker sent something else than a result") from error
    if not isinstance(message, Result):
        raise ValueError(f"the worker sent a {type(message).__name__} instead of a result")
    return message
