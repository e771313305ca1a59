"""What the service remembers, as plain values. All times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionRegistration:
    """A checked body of ``POST /v3/functions``; ``code`` is packed as workers expect it."""

    name: str
    code: str
    description: str | None
    metadata: dict[str, Any] | None
    public: bool
    group: str | None


@dataclass(frozen=True)
class FunctionRecord:
    """A registered function."""

    function_id: str
    registration: FunctionRegistration


@dataclass(frozen=True)
class Submission:
    """A checked body of ``POST /v3/endpoints/{id}/submit``.

    ``payloads`` maps function ids to the packed ``[args, kwargs]`` of each task.
    """

    task_group_id: str
    payloads: dict[str, list[str]]
    result_serializers: list[str] | None


@dataclass(frozen=True)
class AcceptedTasks:
    """The ids given to a submission's tasks, by function id and in the order submitted."""

    task_ids: dict[str, list[str]]

    def in_order(self) -> list[str]:
        """Return all ids, in the order in which the tasks are to run."""
        return [task_id for ids in self.task_ids.values() for task_id in ids]


@dataclass(frozen=True)
class TaskWork:
    """What a worker needs to run a task; ``buffer`` is the packed function and arguments."""

    task_id: str
    buffer: str
    result_serializers: list[str] | None


@dataclass(frozen=True)
class Outcome:
    """How a task ended: with a ``result`` (serialized) or an ``exception`` (text)."""

    task_id: str
    result: str | None
    exception: str | None
    reason: str | None
    completed_at: float
    details: dict[str, Any]


@dataclass(frozen=True)
class TaskRecord:
    """A task as the service knows it; ``outcome`` is None until it has ended."""

    task_id: str
    received_at: float
    outcome: Outcome | None
