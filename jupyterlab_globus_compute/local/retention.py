"""Drops old results, so that the database does not grow without end."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store

_log = logging.getLogger(__name__)

_INTERVAL_S = 60.0
_CHUNK = 500
"""Tasks dropped in one transaction: few, so that submissions do not wait long."""

_STEP = 10

_FREED_PAGES = 4096


@dataclass(frozen=True)
class RetentionLimits:
    """How much is kept; None means no limit.

    ``max_bytes`` is what the database's contents may take, finished and unfinished tasks
    together; only finished ones are ever dropped.
    """

    max_age_s: float | None
    max_bytes: int | None


class Retention:
    """Drops finished tasks beyond the limits, those that finished first before all others."""

    def __init__(self, store: Store, limits: RetentionLimits) -> None:
        self._store = store
        self._limits = limits
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention")

    def start(self) -> None:
        """Look for what can be dropped, now and then every minute."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is left is found at the next start."""
        self._is_stopping.set()
        self._thread.join()

    def enforce(self) -> int:
        """Drop what is beyond the limits and return how many tasks that were."""
        dropped = 0
        while not self._is_stopping.is_set():
            count = self._store.writer.submit(self._drop_some).result()
            dropped += count
            if count == 0:
                break
        return dropped

    def _run(self) -> None:
        while True:
            try:
                self.enforce()
            except sqlite3.Error:
                _log.exception("Old results could not be dropped; this is tried again later")
            if self._is_stopping.wait(_INTERVAL_S):
                return

    def _drop_some(self, connection: sqlite3.Connection) -> int:
        count = 0
        if self._limits.max_age_s is not None:
            count = _drop_oldest(connection, time.time() - self._limits.max_age_s, _CHUNK)
        # In small steps: a result may have 1 byte or 10 MiB.
        while count < _CHUNK and self._is_too_large(connection):
            dropped = _drop_oldest(connection, float("inf"), _STEP)
            count += dropped
            if dropped == 0:
                break
        if count:
            _drop_unused(connection)
        return count

    def _is_too_large(self, connection: sqlite3.Connection) -> bool:
        if self._limits.max_bytes is None:
            return False
        pages, free, page_bytes = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return bool((pages - free) * page_bytes > self._limits.max_bytes)


def _drop_oldest(connection: sqlite3.Connection, before: float, limit: int) -> int:
    """Drop the tasks that ended first, if before that time; return how many."""
    return connection.execute(
        "DELETE FROM tasks WHERE seq IN ("
        " SELECT seq FROM tasks WHERE completed_at < ? ORDER BY completed_at LIMIT ?)",
        (before, limit),
    ).rowcount


def _drop_unused(connection: sqlite3.Connection) -> None:
    """Drop what only the dropped tasks needed, and give free pages back to the disk."""
    connection.execute(
        "DELETE FROM functions WHERE deleted"
        " AND NOT EXISTS (SELECT 1 FROM tasks WHERE function_id = functions.function_id)"
    )
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    for _ in range(min(free, _FREED_PAGES)):
        # Python runs one step of the pragma only, which frees one page however many are asked.
        connection.execute("PRAGMA incremental_vacuum(1)")
