"""What the service and a worker send each other."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass

READY, STARTED, RESULT = 0, 1, 2
"""What a worker says: it can take tasks, it begins with one, the packed Result of one."""

SAYING = struct.Struct(">BQdI")
"""The head of everything a worker says: what, the task's number, when, the size of the rest."""

PARCEL = struct.Struct(">QI")
"""The head of some tasks on their way to a worker: up to which number the outcomes of earlier
ones are stored, and the size of the pickled list."""

TICKET = struct.Struct(">Q")
"""The right to begin with the task of that number."""

MAX_RESULT_BYTES = 10 * 1024 * 1024
"""The largest serialized result, as at every Globus Compute endpoint."""

MAX_MESSAGE_BYTES = 2 * MAX_RESULT_BYTES + 1024 * 1024
"""The largest packed Result: a result's quotes and newlines are escaped in it."""


@dataclass(frozen=True)
class WorkerTask:
    """A task on its way to a worker; ``buffer`` is the packed function and arguments.

    ``memory_limit_bytes`` is what the task may allocate beyond what the worker had before.
    """

    task_id: str
    buffer: str
    result_serializers: list[str] | None
    memory_limit_bytes: int | None = None


def parcel(stored_up_to: int, tasks: list[tuple[int, WorkerTask]]) -> bytes:
    """Return numbered tasks as they are sent to a worker."""
    # Plain tuples: the class has another module name at the other end.
    rows = [
        (number, task.task_id, task.buffer, task.result_serializers, task.memory_limit_bytes)
        for number, task in tasks
    ]
    body = pickle.dumps(rows, protocol=4)
    return PARCEL.pack(stored_up_to, len(body)) + body
