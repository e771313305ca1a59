"""Runs one task, whatever it does."""

from __future__ import annotations

import contextlib
import json
import sys
import time
import traceback
from typing import TYPE_CHECKING
from uuid import UUID

from .protocol import MAX_MESSAGE_BYTES, MAX_RESULT_BYTES, WorkerTask

if TYPE_CHECKING:
    from collections.abc import Iterator


def run_task(task: WorkerTask, endpoint_id: UUID, tasks_dir: str) -> bytes:
    """Run one task and return its packed Result, whatever the task raises.

    ``execute_task`` lets SystemExit, KeyboardInterrupt and the like through; here they end
    the task, not the worker.
    """
    from globus_compute_endpoint.engines.helper import execute_task  # noqa: PLC0415

    task_id = UUID(task.task_id)
    started_ns = time.time_ns()
    try:
        with _limited_memory(task.memory_limit_bytes):
            packed: bytes = execute_task(
                pack_task(task),
                task_id,
                endpoint_id,
                run_dir=tasks_dir,
                result_size_limit=MAX_RESULT_BYTES,
                result_serializers=task.result_serializers,
            )
    except BaseException as error:  # noqa: BLE001 - that is the point
        packed = _failure(task_id, endpoint_id, started_ns, _user_traceback(error))
    if len(packed) > MAX_MESSAGE_BYTES:
        # Results are limited by the worker code, the text of exceptions is not.
        text = f"The task failed, and the text of its exception is too long: {len(packed)} bytes"
        packed = _failure(task_id, endpoint_id, started_ns, text)
    return packed


def pack_task(task: WorkerTask) -> bytes:
    r"""Return the Task message (globus_compute_common.messagepack, protocol 1).

    Written out, as ``messagepack.pack`` takes ten times as long: ``\x01``, then JSON.
    """
    data = {"task_id": task.task_id, "task_buffer": task.buffer}
    return b"\x01" + json.dumps({"message_type": "task", "data": data}).encode()


def _failure(task_id: UUID, endpoint_id: UUID, started_ns: int, text: str) -> bytes:
    from globus_compute_common import messagepack  # noqa: PLC0415
    from globus_compute_common.messagepack.message_types import (  # noqa: PLC0415
        Result,
        ResultErrorDetails,
        TaskTransition,
    )
    from globus_compute_common.tasks import ActorName, TaskState  # noqa: PLC0415
    from globus_compute_sdk.sdk.utils import get_env_details  # noqa: PLC0415

    moments = {TaskState.EXEC_START: started_ns, TaskState.EXEC_END: time.time_ns()}
    result = Result(
        task_id=task_id,
        # Lone surrogates, as in undecodable file names, cannot be sent.
        data=text.encode("utf-8", "backslashreplace").decode(),
        error_details=ResultErrorDetails(
            code="RemoteExecutionError",
            user_message="An error occurred during the execution of this task",
        ),
        details={**get_env_details(), "endpoint_id": endpoint_id},
        task_statuses=[
            TaskTransition(timestamp=timestamp_ns, state=state, actor=ActorName.WORKER)
            for state, timestamp_ns in moments.items()
        ],
    )
    return messagepack.pack(result)


def _user_traceback(error: BaseException) -> str:
    frames = error.__traceback__
    for _ in range(2):  # run_task and execute_task
        if frames is not None and frames.tb_next is not None:
            frames = frames.tb_next
    try:
        return "".join(traceback.format_exception(type(error), error, frames))
    except Exception:  # noqa: BLE001 - an exception class may be odd in any way
        heading = "Traceback (most recent call last):\n"
        lines = traceback.format_tb(frames)
        return heading + "".join(lines) + f"{type(error).__name__} (it could not be described)\n"


@contextlib.contextmanager
def _limited_memory(limit_bytes: int | None) -> Iterator[None]:
    """Make allocations of more than ``limit_bytes`` fail with MemoryError (Linux only)."""
    if limit_bytes is None or sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415 - Windows, where this file is type-checked too, has none

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with open("/proc/self/statm", encoding="ascii") as file:
        data_pages = int(file.read().split()[5])
    limit = data_pages * resource.getpagesize() + limit_bytes
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
