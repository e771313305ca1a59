"""Which batches' time is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .forgetting import UNDO_S

if TYPE_CHECKING:
    from .transaction import Transaction

_CHUNK = 20


@dataclass(frozen=True)
class RetentionLimits:
    """How much is kept: seconds since a batch's end, bytes of all; None means no limit."""

    max_age_s: float | None
    max_bytes: int | None


def expire_some(transaction: Transaction, limits: RetentionLimits, now: float) -> int:
    """Forget batches beyond the limits for good, those that ended first before all others.

    Answers how many. Batches that have not ended are never dropped; what is dropped leaves
    room only once it has been purged (`purge_some`).
    """
    oldest: list[tuple[int]] = []
    if limits.max_age_s is not None:
        oldest = transaction.connection.execute(
            "SELECT number FROM batches WHERE ended < ? AND forgotten_at IS NULL LIMIT ?",
            (now - limits.max_age_s, _CHUNK),
        ).fetchall()
    if not oldest and limits.max_bytes is not None and _size(transaction) > limits.max_bytes:
        # One at a time: a batch may be most of what there is.
        oldest = transaction.connection.execute(
            "SELECT number FROM batches WHERE ended IS NOT NULL AND forgotten_at IS NULL"
            " ORDER BY ended LIMIT 1"
        ).fetchall()
    transaction.connection.executemany(
        "UPDATE batches SET forgotten_at = ? WHERE number = ?",
        [(now - UNDO_S - 1, batch) for (batch,) in oldest],
    )
    transaction.touch(batch for (batch,) in oldest)
    return len(oldest)


def _size(transaction: Transaction) -> int:
    pages, free, page_bytes = (
        int(transaction.connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * page_bytes
