"""Which results are still to be delivered to their group's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .records import TaskDelivery

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from .store import Store


class Outbox:
    """The finished tasks whose submission asked for a queue, until they are delivered.

    It is in the database, so that neither the broker's absence nor a restart loses one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def next(self, limit: int) -> list[TaskDelivery]:
        """Return up to ``limit`` results to deliver, oldest first."""
        rows = self._store.reader.rows(
            "SELECT task_id, task_group_id FROM tasks"
            " WHERE is_queued_for_delivery AND completed_at IS NOT NULL ORDER BY seq LIMIT ?",
            limit,
        )
        records = self._store.tasks([task_id for task_id, _ in rows])
        deliveries = []
        for task_id, group_id in rows:
            # Retention may have dropped one in between.
            outcome = records[task_id].outcome if task_id in records else None
            if outcome is not None:
                deliveries.append(TaskDelivery(group_id, outcome))
        return deliveries

    def delivered(self, task_ids: Sequence[str]) -> None:
        """Take results out."""
        rows = [(task_id,) for task_id in task_ids]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE tasks SET is_queued_for_delivery = 0 WHERE task_id = ?", rows
            )

        self._store.writer.submit(write).result()
