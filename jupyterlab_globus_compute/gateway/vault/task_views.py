"""Tasks as the browser reads them (`TaskRow`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import batch_not_found
from .records import PendingTask
from .states import FAILED, LOST, NOT_PENDING_SQL

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

MAX_TASKS = 1000
_COLUMNS = (
    "position, task_id, label, line, function_id, state, submitted, started, ended,"
    " failure_type, failure_message"
)

# Tasks that were submitted elsewhere may have somebody else who reads their group's queue.
_OWN_GROUP = "CASE origin WHEN 'cell' THEN task_group_id END"


def task_views(
    connection: sqlite3.Connection, batch_id: str, *, offset: int, limit: int, state: str | None
) -> dict[str, Any]:
    """`{"total", "tasks"}`: tasks of a batch in its order, all or those in one state.

    Raises `GatewayError` 404.
    """
    batch = _number(connection, batch_id)
    if state is None:
        parameters: list[object] = [batch]
        which = "batch = ?"
        counted = connection.execute("SELECT sum(number) FROM counts WHERE batch = ?", (batch,))
    else:
        # Lost tasks count as failed ones everywhere.
        states = json.dumps([FAILED, LOST] if state == FAILED else [state])
        which = "batch = ? AND state IN (SELECT value FROM json_each(?))"
        parameters = [batch, states]
        counted = connection.execute(
            "SELECT sum(number) FROM counts WHERE batch = ? AND state IN"
            " (SELECT value FROM json_each(?))",
            parameters,
        )
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE {which}"  # noqa: S608 - constants of this file
        " ORDER BY position LIMIT ? OFFSET ?",
        [*parameters, limit, offset],
    )
    return {"total": counted.fetchone()[0] or 0, "tasks": [_view(row) for row in rows]}


def exported_tasks(
    connection: sqlite3.Connection, batch_id: str, after: int, limit: int
) -> list[tuple[dict[str, Any], bytes | None]]:
    """The next tasks of a batch after a place, each with the service's answer if it is here."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, answer FROM tasks LEFT JOIN results USING (task_id)"  # noqa: S608
        " WHERE tasks.batch = ? AND position > ? ORDER BY position LIMIT ?",
        (_number(connection, batch_id), after, limit),
    )
    return [(_view(row[:-1]), row[-1]) for row in rows]


def known_answers(
    connection: sqlite3.Connection, service: str, task_ids: Sequence[str]
) -> dict[str, bytes]:
    """What a service said of those tasks that have ended."""
    rows = connection.execute(
        "SELECT task_id, answer FROM json_each(?) CROSS JOIN results ON task_id = value"
        " WHERE batch IN (SELECT number FROM batches WHERE service = ?)",
        (json.dumps(list(task_ids)), service),
    )
    return {task_id: bytes(answer) for task_id, answer in rows}


def open_states(
    connection: sqlite3.Connection, service: str, task_ids: Sequence[str]
) -> dict[str, str]:
    """The states of those tasks whose result is not here, lost ones included."""
    rows = connection.execute(
        "SELECT task_id, state FROM json_each(?) CROSS JOIN tasks ON task_id = value"
        " WHERE state NOT IN ('success', 'failed')"
        " AND batch IN (SELECT number FROM batches WHERE service = ?)",
        (json.dumps(list(task_ids)), service),
    )
    return dict(rows.fetchall())


def pending_tasks(connection: sqlite3.Connection) -> list[tuple[str, PendingTask]]:
    """The tasks that have not ended, with their service."""
    rows = connection.execute(
        f"SELECT service, task_id, submitted, state <> 'received', {_OWN_GROUP} FROM tasks"  # noqa: S608
        " JOIN batches ON batches.number = batch"
        f" WHERE tasks.state NOT IN {NOT_PENDING_SQL}"
    )
    return [
        (service, PendingTask(task_id, submitted, bool(is_seen), group))
        for service, task_id, submitted, is_seen, group in rows
    ]


def watched_changes(
    connection: sqlite3.Connection, since: int
) -> list[tuple[str, PendingTask, bool]]:
    """Tasks that changed after a sequence number: service, task, and whether it is pending."""
    rows = connection.execute(
        "SELECT service, task_id, submitted, state <> 'received',"  # noqa: S608
        f" {_OWN_GROUP}, state NOT IN {NOT_PENDING_SQL} FROM tasks"
        " JOIN batches ON batches.number = batch"
        " WHERE tasks.sequence > ? AND task_id IS NOT NULL",
        (since,),
    )
    return [
        (service, PendingTask(task_id, submitted, bool(is_seen), group), bool(is_pending))
        for service, task_id, submitted, is_seen, group, is_pending in rows
    ]


def changed_tasks(connection: sqlite3.Connection, since: int) -> list[tuple[str, str, str]]:
    """Id, state and batch id of tasks that changed after a number, in order."""
    rows: list[tuple[str, str, str]] = connection.execute(
        "SELECT task_id, CASE state WHEN 'lost' THEN 'failed' ELSE state END,"
        " batch_id FROM tasks JOIN batches ON batches.number = batch"
        " WHERE tasks.sequence > ? AND task_id IS NOT NULL ORDER BY tasks.sequence",
        (since,),
    ).fetchall()
    return rows


def _number(connection: sqlite3.Connection, batch_id: str) -> int:
    row = connection.execute(
        "SELECT number FROM batches WHERE batch_id = ? AND forgotten_at IS NULL", (batch_id,)
    ).fetchone()
    if row is None:
        raise batch_not_found(batch_id)
    return int(row[0])


def _view(row: tuple[Any, ...]) -> dict[str, Any]:
    position, task_id, label, line, function_id, state, submitted, started, ended, *failure = row
    has_failed = state in (FAILED, LOST)
    return {
        "index": position,
        "id": task_id,
        "label": label,
        "line": line,
        "functionId": function_id,
        "state": FAILED if state == LOST else state,
        "submitted": submitted,
        "started": started,
        "ended": ended,
        "failure": {"type": failure[0] or "", "message": failure[1] or ""} if has_failed else None,
        "lost": state == LOST,
    }
