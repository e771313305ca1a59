"""Batches as the browser reads them (`BatchSummary`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .states import FAILED, FINAL, LOST, PLANNED, RUNNING, SUCCESS

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = (
    "number, batch_id, title, service, endpoint_id, endpoint_name, notebook_path, cell_id,"
    " source_hash, created, ended, gave_up_at, task_group_id, note, origin, landed,"
    " python_version, sequence"
)
_KEPT = "forgotten_at IS NULL"

MAX_BATCHES = 1000


def batch_view(connection: sqlite3.Connection, batch_id: str) -> dict[str, Any] | None:
    """One batch; None if there is none of that id."""
    rows = _rows(connection, f"batch_id = ? AND {_KEPT}", batch_id)
    return rows[0] if rows else None


def batch_views(
    connection: sqlite3.Connection,
    *,
    notebook: str | None = None,
    before: float | None = None,
    limit: int = MAX_BATCHES,
) -> list[dict[str, Any]]:
    """Batches, newest first: those of a notebook, those created before a time, or all."""
    conditions, parameters = [_KEPT], list[object]()
    if notebook is not None:
        conditions.append("notebook_path = ?")
        parameters.append(notebook)
    if before is not None:
        conditions.append("created < ?")
        parameters.append(before)
    order = "ORDER BY created DESC, number DESC LIMIT ?"
    return _rows(connection, f"{' AND '.join(conditions)} {order}", *parameters, limit)


def changed_batches(
    connection: sqlite3.Connection, since: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """The batches that changed after a sequence number, and the ids of those forgotten."""
    removed = connection.execute(
        "SELECT batch_id FROM batches WHERE sequence > ? AND forgotten_at IS NOT NULL", (since,)
    )
    return (
        _rows(connection, f"sequence > ? AND {_KEPT} ORDER BY sequence", since),
        [batch_id for (batch_id,) in removed],
    )


def _rows(
    connection: sqlite3.Connection, condition: str, *parameters: object
) -> list[dict[str, Any]]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM batches WHERE {condition}",  # noqa: S608 - constants of this file
        parameters,
    ).fetchall()
    return [_view(connection, row) for row in rows]


def _view(connection: sqlite3.Connection, row: tuple[Any, ...]) -> dict[str, Any]:
    number, batch_id, title, service, endpoint_id, endpoint_name, notebook, cell, source = row[:9]
    created, ended, gave_up_at, group_id, note, origin, landed, version, sequence = row[9:]
    by_state: dict[str, int] = dict(
        connection.execute(
            "SELECT state, number FROM counts WHERE batch = ? AND number > 0", (number,)
        ).fetchall()
    )
    functions = connection.execute(
        "SELECT function_id FROM batch_functions WHERE batch = ?", (number,)
    )
    return {
        "id": batch_id,
        "title": title,
        "service": service,
        "endpoint": {"id": endpoint_id, "name": endpoint_name},
        "notebookPath": notebook,
        "cellId": cell,
        "sourceHash": source,
        "created": created,
        "ended": ended,
        "state": batch_state(by_state, has_given_up=gave_up_at is not None),
        "counts": _counts(by_state),
        "taskGroupId": group_id,
        "functionIds": [function_id for (function_id,) in functions],
        "firstFailure": _first_failure(connection, number),
        "note": note,
        "origin": origin,
        "landed": bool(landed),
        "lost": by_state.get(LOST, 0),
        "pythonVersion": version,
        "sequence": sequence,
    }


def batch_state(by_state: dict[str, int], *, has_given_up: bool) -> str:
    """The state of a batch, from how many of its tasks are in which state."""
    if by_state.get(PLANNED, 0) and has_given_up:
        return "problem"
    ended = sum(by_state.get(state, 0) for state in FINAL)
    total = sum(by_state.values())
    if by_state.get(PLANNED, 0) or total == 0:
        return "sending"
    if ended == total:
        return "failed" if by_state.get(SUCCESS, 0) < total else "done"
    return "running" if by_state.get(RUNNING, 0) or ended else "waiting"


def _counts(by_state: dict[str, int]) -> dict[str, int]:
    total = sum(by_state.values())
    running, done = by_state.get(RUNNING, 0), by_state.get(SUCCESS, 0)
    failed = by_state.get(FAILED, 0) + by_state.get(LOST, 0)
    return {
        "total": total,
        "waiting": total - running - done - failed,
        "running": running,
        "done": done,
        "failed": failed,
    }


def _first_failure(connection: sqlite3.Connection, batch: int) -> dict[str, str] | None:
    row = connection.execute(
        "SELECT failure_type, failure_message FROM tasks"
        " WHERE batch = ? AND state IN ('failed', 'lost') ORDER BY position LIMIT 1",
        (batch,),
    ).fetchone()
    return None if row is None else {"type": row[0] or "", "message": row[1] or ""}
