"""Forgetting batches, for a while so that it can be undone, then for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import batch_not_found

if TYPE_CHECKING:
    from .transaction import Transaction

UNDO_S = 3600.0
"""How long a forgotten batch can be restored."""

_CHUNK = 2000
_FREED_PAGES = 4096


def forget(transaction: Transaction, batch_id: str, now: float) -> None:
    """Hide a batch. Raises `GatewayError` 404."""
    _set_forgotten(transaction, batch_id, now)


def restore(transaction: Transaction, batch_id: str) -> None:
    """Show a forgotten batch again. Raises `GatewayError` 404."""
    _set_forgotten(transaction, batch_id, None)


def purge_some(transaction: Transaction, now: float) -> int:
    """Drop a part of the batches that were forgotten long ago; answer how many rows went.

    In parts, so that nobody who writes meanwhile waits long.
    """
    connection = transaction.connection
    row = connection.execute(
        "SELECT number, sequence FROM batches WHERE forgotten_at < ? ORDER BY forgotten_at LIMIT 1",
        (now - UNDO_S,),
    ).fetchone()
    if row is None:
        return 0
    batch, sequence = row
    dropped = 0
    for table, key in (("results", "rowid"), ("tasks", "number")):
        dropped += connection.execute(
            f"DELETE FROM {table} WHERE {key} IN"  # noqa: S608 - constants of this file
            f" (SELECT {key} FROM {table} WHERE batch = ? LIMIT ?)",
            (batch, _CHUNK),
        ).rowcount
    if dropped == 0:
        for table in ("counts", "batch_functions"):
            connection.execute(f"DELETE FROM {table} WHERE batch = ?", (batch,))  # noqa: S608
        dropped = connection.execute("DELETE FROM batches WHERE number = ?", (batch,)).rowcount
        # Who has not read up to here cannot be told any more that the batch is gone.
        connection.execute("UPDATE clock SET purged = max(purged, ?)", (sequence,))
    _give_pages_back(transaction)
    return dropped


def _set_forgotten(transaction: Transaction, batch_id: str, at: float | None) -> None:
    row = transaction.connection.execute(
        "SELECT number FROM batches WHERE batch_id = ? AND (forgotten_at IS NULL) = ?",
        (batch_id, at is not None),
    ).fetchone()
    if row is None:
        raise batch_not_found(batch_id)
    transaction.connection.execute(
        "UPDATE batches SET forgotten_at = ? WHERE number = ?", (at, row[0])
    )
    transaction.touch([row[0]])


def _give_pages_back(transaction: Transaction) -> None:
    (free,) = transaction.connection.execute("PRAGMA freelist_count").fetchone()
    for _ in range(min(free, _FREED_PAGES)):
        # Python runs one step of the pragma only, which frees one page however many are asked.
        transaction.connection.execute("PRAGMA incremental_vacuum(1)")
