"""What the vault is given to keep, as plain values. All times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlannedCall:
    """A call that the next submit of a batch will hold.

    `index` is its place in the batch, `line` that in the cell, if it has one.
    """

    index: int
    label: str
    line: int | None
    function_id: str


@dataclass(frozen=True)
class BatchPlan:
    """What is told of a batch before one of its submits."""

    batch_id: str
    title: str
    service: str
    endpoint_id: str
    endpoint_name: str
    notebook_path: str
    cell_id: str
    source_hash: str
    created: float
    task_group_id: str | None
    calls: tuple[PlannedCall, ...]
    origin: str = "cell"
    class_hash: str | None = None
    """SHA-256 of the class file that the notebook is run with, if there is one."""
    client: str | None = None
    """The browser that claims the landing of the results with it (see `landings.land`)."""


@dataclass(frozen=True)
class TaskAnswer:
    """What a service said of a task.

    `state` is `success` or `failed`, or that of a task which has not ended, or `lost` for one
    whose result the service does not have. `text` is the task's JSON object as it came.
    """

    task_id: str
    state: str
    text: bytes
    started: float | None = None
    ended: float | None = None
    failure_type: str | None = None
    failure_message: str | None = None
    python_version: str | None = None
    is_unknown: bool = False
    """The service does not know the task: it is lost, or so new that it is not known yet."""


@dataclass(frozen=True)
class PendingTask:
    """A task whose end the vault has not heard of."""

    task_id: str
    submitted: float
    is_seen: bool
    """Whether the service has said anything of it since it accepted it."""

    group: str | None = None
    """The id of its task group, if the group is of this gateway alone."""


@dataclass(frozen=True)
class UnconfirmedPlan:
    """A batch with calls of which it is not known whether a service has accepted them."""

    batch_id: str
    service: str
    task_group_id: str | None
    planned_at: float


@dataclass(frozen=True)
class VaultChanges:
    """What changed in the vault up to a sequence number.

    `tasks` are id, state and batch id; `batches` are BatchSummary objects, and `removed` the
    ids of those forgotten.
    """

    sequence: int
    tasks: list[tuple[str, str, str]]
    batches: list[dict[str, Any]]
    removed: list[str]
