"""Queries of the vault."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from .database import connect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


class Reader:
    """A connection for queries; threads that share it take turns."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._connection.execute("PRAGMA query_only=ON")
        self._lock = threading.Lock()

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run queries that see one state of the file."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                return query(self._connection)
            finally:
                self._connection.execute("COMMIT")

    def version(self) -> int:
        """A number that changes when anybody, in any process, has written."""
        with self._lock:
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(number)

    def close(self) -> None:
        """Close once the query that is under way has ended."""
        with self._lock:
            self._connection.close()
