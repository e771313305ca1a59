"""What several test modules of the vault use."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.vault.answers import read_answer
from jupyterlab_globus_compute.gateway.vault.records import BatchPlan, PlannedCall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyterlab_globus_compute.gateway.vault.records import TaskAnswer
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

F, G = str(uuid.UUID(int=0xF)), str(uuid.UUID(int=0x10))


class Clock:
    """A clock that stands still unless told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def new_id() -> str:
    """A UUID of its own."""
    return str(uuid.uuid4())


def plan(*functions: str, first: int = 0, **changes: Any) -> BatchPlan:
    """A plan with a call of each function named."""
    calls = tuple(
        PlannedCall(index, f"f({index})", None, function)
        for index, function in enumerate(functions, first)
    )
    made = BatchPlan(
        batch_id=new_id(),
        title="f",
        service="local",
        endpoint_id=new_id(),
        endpoint_name="This computer",
        notebook_path="a.ipynb",
        cell_id="cell",
        source_hash="0" * 64,
        created=1_800_000_000.0,
        task_group_id=None,
        calls=calls,
    )
    return replace(made, **changes)


def done(task_id: str, value: str = "00\ngARLAi4=\n", **extra: Any) -> TaskAnswer:
    """What a service says of a task that has succeeded."""
    fields = {"task_id": task_id, "status": "success", "result": value, "completion_t": "7.5"}
    return read_answer(task_id, json.dumps({**fields, **extra}).encode())


def failed(task_id: str, exception: str = "ValueError: bad 7") -> TaskAnswer:
    """What a service says of a task that has failed."""
    fields = {"task_id": task_id, "status": "failed", "exception": exception, "completion_t": "8"}
    return read_answer(task_id, json.dumps(fields).encode())


async def submitted(vault: Vault, *functions: str, **changes: Any) -> tuple[str, list[str]]:
    """Plan a batch and have it accepted; answer its id and its tasks' ids, by place."""
    made = plan(*functions, **changes)
    await vault.note_plan(made)
    task_ids = [new_id() for _ in functions]
    by_function: dict[str, list[str]] = {}
    for function, task_id in zip(functions, task_ids, strict=True):
        by_function.setdefault(function, []).append(task_id)
    await vault.accept(made.batch_id, None, by_function)
    return made.batch_id, task_ids


async def rows(vault: Vault, batch_id: str, state: str | None = None) -> list[dict[str, Any]]:
    """The task rows of a batch."""
    answer = await vault.tasks(batch_id, offset=0, limit=1000, state=state)
    return list(answer["tasks"])


def ids(found: Sequence[dict[str, Any]]) -> list[str | None]:
    """The ids of task rows."""
    return [row["id"] for row in found]
