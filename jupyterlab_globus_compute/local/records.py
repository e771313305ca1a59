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
class ContainerRegistration:
    """A checked body of ``POST /v2/containers``."""

    name: str
    type: str
    location: str
    description: str | None


@dataclass(frozen=True)
class ContainerRecord:
    """A registered container."""

    container_id: str
    registration: ContainerRegistration


@dataclass(frozen=True)
class ClassLimits:
    """What a submission is held to, as the class file of its notebook says.

    ``tasks`` are those of all submissions with this ``class_id``, ``payload_bytes`` is for the
    arguments of one task, ``walltime_s`` for its run. None: nothing is limited.
    """

    class_id: str
    tasks: int | None = None
    payload_bytes: int | None = None
    walltime_s: float | None = None


@dataclass(frozen=True)
class Submission:
    """A checked body of ``POST /v3/endpoints/{id}/submit``.

    ``task_group_id`` is None for a group to be made; ``payloads`` maps function ids to the
    packed ``[args, kwargs]`` of each task; ``create_queue`` asks for the results in the
    group's queue too.
    """

    task_group_id: str | None
    payloads: dict[str, list[str]]
    result_serializers: list[str] | None = None
    resource_specification: dict[str, Any] | None = None
    user_endpoint_config: dict[str, Any] | None = None
    create_queue: bool = False
    class_limits: ClassLimits | None = None


@dataclass(frozen=True)
class AcceptedTasks:
    """The ids given to a submission's tasks, by function id and in the order submitted."""

    task_group_id: str
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
    resource_specification: dict[str, Any] | None
    walltime_s: float | None = None


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


@dataclass(frozen=True)
class TaskGroupRecord:
    """A task group; ``tasks`` holds the id and the time of receipt of each task."""

    task_group_id: str
    has_queue: bool
    tasks: list[tuple[str, float]]


@dataclass(frozen=True)
class TaskDelivery:
    """A finished task whose result goes to the queue of its group."""

    task_group_id: str
    outcome: Outcome
