"""One transaction of the vault, and the number that it gives to what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .states import NOT_PENDING_SQL, PLANNED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# A batch has ended when nothing more is to come: calls that were never confirmed are given up.
_CLOSE_BATCH = f"""
UPDATE batches SET sequence = :sequence, ended = CASE WHEN EXISTS (
  SELECT 1 FROM counts WHERE batch = :batch AND counts.number > 0
    AND (state NOT IN {NOT_PENDING_SQL} OR (state = :planned AND gave_up_at IS NULL))
) THEN NULL ELSE coalesce(
  ended, gave_up_at, (SELECT max(tasks.ended) FROM tasks WHERE batch = :batch), created
) END
WHERE number = :batch
"""  # noqa: S608 - constants


class Transaction:
    """A connection inside a transaction.

    All that one transaction changes has one sequence number, the next one; batches that were
    touched get it when the transaction closes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._sequence: int | None = None
        self._touched: set[int] = set()

    @property
    def sequence(self) -> int:
        """The number of this transaction's changes; asking for it takes the next one."""
        if self._sequence is None:
            self.connection.execute("UPDATE clock SET sequence = sequence + 1")
            (number,) = self.connection.execute("SELECT sequence FROM clock").fetchone()
            self._sequence = int(number)
        return self._sequence

    @property
    def has_changes(self) -> bool:
        """Whether anything was changed that others are told of."""
        return self._sequence is not None

    def touch(self, batches: Iterable[int]) -> None:
        """Note that these batches (by number), or tasks of theirs, are changed."""
        self._touched.update(batches)

    def close(self) -> None:
        """Give the touched batches their number, and an end to those that have ended."""
        for batch in self._touched:
            self.connection.execute(
                _CLOSE_BATCH, {"batch": batch, "sequence": self.sequence, "planned": PLANNED}
            )
        self._touched.clear()
