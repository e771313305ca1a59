"""Taking down what is about to be submitted, before it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .classes import check_tasks
from .errors import batch_of_another_service
from .landings import land
from .states import PLANNED

if TYPE_CHECKING:
    from .records import BatchPlan
    from .transaction import Transaction


def note_plan(transaction: Transaction, plan: BatchPlan, now: float, root: str) -> None:
    """Make or update the batch, and add the calls.

    `root` is the folder that the notebook's path is relative to.

    A call that is planned already, or accepted, stays as it is; one that has failed is to be
    tried again. Raises `GatewayError` 409 when the batch belongs to another service, and what
    `check_tasks` does.
    """
    batch = _upsert_batch(transaction, plan, now, root)
    transaction.touch([batch])
    if plan.calls:
        _add_calls(transaction, batch, plan, now)
    if plan.client is not None:
        land(transaction, plan.batch_id, plan.client, "claim", now)


def _add_calls(transaction: Transaction, batch: int, plan: BatchPlan, now: float) -> None:
    connection = transaction.connection
    (number,) = connection.execute(
        "SELECT coalesce(max(plan), 0) + 1 FROM tasks WHERE batch = ?", (batch,)
    ).fetchone()
    changed = connection.total_changes
    connection.executemany(
        "INSERT INTO tasks (batch, position, plan, label, line, function_id, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (batch, position) DO UPDATE SET"
        " plan = excluded.plan, label = excluded.label, line = excluded.line,"
        " function_id = excluded.function_id, task_id = NULL, state = excluded.state,"
        " submitted = NULL, started = NULL, ended = NULL, failure_type = NULL,"
        " failure_message = NULL WHERE tasks.state IN ('planned', 'failed', 'lost')",
        [
            (batch, call.index, number, call.label, call.line, call.function_id, PLANNED)
            for call in plan.calls
        ],
    )
    if connection.total_changes > changed:
        connection.execute(
            "UPDATE batches SET planned_at = ?, gave_up_at = NULL, note = NULL, landed = 0"
            " WHERE number = ?",
            (now, batch),
        )
    connection.executemany(
        "INSERT OR IGNORE INTO batch_functions VALUES (?, ?)",
        {(batch, call.function_id) for call in plan.calls},
    )
    if plan.class_hash is not None:
        check_tasks(transaction, plan.class_hash, len(plan.calls))


def find_batch(transaction: Transaction, batch_id: str) -> int | None:
    """The number of the batch with an id, forgotten or not."""
    row = transaction.connection.execute(
        "SELECT number FROM batches WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def _upsert_batch(transaction: Transaction, plan: BatchPlan, now: float, root: str) -> int:
    connection = transaction.connection
    values: dict[str, Any] = {
        "batch_id": plan.batch_id,
        "title": plan.title,
        "service": plan.service,
        "endpoint_id": plan.endpoint_id,
        "endpoint_name": plan.endpoint_name,
        "notebook_path": plan.notebook_path,
        "cell_id": plan.cell_id,
        "source_hash": plan.source_hash,
        "task_group_id": plan.task_group_id,
        "origin": plan.origin,
        "class_hash": plan.class_hash,
        "created": plan.created,
        "root": root,
        "now": now,
    }
    row = connection.execute(
        "SELECT number, service FROM batches WHERE batch_id = ?", (plan.batch_id,)
    ).fetchone()
    if row is None:
        number = connection.execute(
            "INSERT INTO batches (batch_id, title, service, endpoint_id, endpoint_name,"
            " notebook_path, cell_id, source_hash, task_group_id, origin, class_hash, created,"
            " root, planned_at) VALUES (:batch_id, :title, :service, :endpoint_id, :endpoint_name,"
            " :notebook_path, :cell_id, :source_hash, :task_group_id, :origin, :class_hash,"
            " :created, :root, :now)",
            values,
        ).lastrowid
        return int(number or 0)
    number, service = row
    if service != plan.service:
        raise batch_of_another_service(plan.batch_id, service)
    connection.execute(
        "UPDATE batches SET title = :title, endpoint_id = :endpoint_id,"
        " endpoint_name = :endpoint_name, notebook_path = :notebook_path, root = :root,"
        " cell_id = :cell_id, source_hash = :source_hash, class_hash = :class_hash,"
        " forgotten_at = NULL, task_group_id = coalesce(:task_group_id, task_group_id)"
        " WHERE number = :number",
        {**values, "number": number},
    )
    return int(number)
