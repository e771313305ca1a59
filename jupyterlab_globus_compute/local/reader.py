"""Queries of the database."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .database import connect

if TYPE_CHECKING:
    from pathlib import Path


class Reader:
    """A connection for queries; threads that share it take turns."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._lock = threading.Lock()

    def rows(self, query: str, *parameters: object) -> list[Any]:
        """Return all rows of the query's result."""
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def close(self) -> None:
        """Close the connection once the query that is under way has ended."""
        with self._lock:
            self._connection.close()
