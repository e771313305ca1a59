"""What runs inside a worker process: Globus Compute's own worker function, in a loop."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

READY = b"ready"
"""The first message of a worker; every later one is a packed Result."""

MAX_RESULT_BYTES = 10 * 1024 * 1024
"""The largest serialized result, as at every Globus Compute endpoint."""

MAX_MESSAGE_BYTES = 2 * MAX_RESULT_BYTES + 1024 * 1024
"""The largest message of a worker: a result's quotes and newlines are escaped in it."""


@dataclass(frozen=True)
class WorkerTask:
    """A task on its way to a worker; ``body`` is a packed Task message."""

    task_id: UUID
    body: bytes
    result_serializers: list[str] | None


def work(pipe: connection.Connection, endpoint_id: UUID, tasks_dir: str) -> None:
    """Run tasks from ``pipe`` one by one until it is closed.

    Answers are bytes, so that the service never unpickles what a task has touched.
    """
    _end_with_the_service()
    # Importing is the slow part of a start; importing before the streams are silenced lets
    # a broken installation say what is wrong.
    import globus_compute_endpoint.engines.helper  # noqa: F401, PLC0415

    # The worker code logs each task and each failure, which the task's result tells as well.
    logging.getLogger("globus_compute_endpoint").setLevel(logging.CRITICAL + 1)
    _silence_standard_streams()
    pipe.send_bytes(READY)
    pid = os.getpid()
    with contextlib.suppress(EOFError):
        while True:
            packed = run_task(pipe.recv(), endpoint_id, tasks_dir)
            if os.getpid() != pid:
                # The task has forked, and this is the child: the answer is its parent's.
                os._exit(0)
            pipe.send_bytes(packed)


def run_task(task: WorkerTask, endpoint_id: UUID, tasks_dir: str) -> bytes:
    """Run one task and return its packed Result, whatever the task raises.

    ``execute_task`` lets SystemExit, KeyboardInterrupt and the like through; here they end
    the task, not the worker.
    """
    from globus_compute_endpoint.engines.helper import execute_task  # noqa: PLC0415

    started_ns = time.time_ns()
    try:
        packed: bytes = execute_task(
            task.body,
            task.task_id,
            endpoint_id,
            run_dir=tasks_dir,
            result_size_limit=MAX_RESULT_BYTES,
            result_serializers=task.result_serializers,
        )
    except BaseException as error:  # noqa: BLE001 - that is the point
        packed = _failure(task.task_id, endpoint_id, started_ns, _user_traceback(error))
    if len(packed) > MAX_MESSAGE_BYTES:
        # Results are limited by the worker code, the text of exceptions is not.
        text = f"The task failed, and the text of its exception is too long: {len(packed)} bytes"
        packed = _failure(task.task_id, endpoint_id, started_ns, text)
    return packed


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


def _end_with_the_service() -> None:
    """See to it that this process, and what its tasks started, does not outlive the service."""
    # A group of its own: it can be ended as a whole, and the terminal's Ctrl+C, which is
    # meant for the service, does not reach the tasks.
    os.setpgid(0, 0)
    if sys.platform == "linux":
        # Works even while a task holds the interpreter's lock in foreign code.
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    threading.Thread(target=_watch_the_service, name="service-watch", daemon=True).start()


def _watch_the_service() -> None:
    service = parent_process()
    if service is not None:
        connection.wait([service.sentinel])
    os.killpg(0, signal.SIGKILL)


def _silence_standard_streams() -> None:
    """Give tasks an empty input and an output to nowhere.

    The service's own belong to whoever started it, who would wait for as long as a process
    left behind by a task held them.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
