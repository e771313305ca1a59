"""Which tasks wait, and which run."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Load:
    """How many tasks wait, and how many run."""

    queued: int
    running: int


class TaskQueue:
    """The ids of the tasks that no worker has been handed, and of those that are running.

    May be used by any thread. A task counts as running until its outcome is stored.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[str] = deque()
        self._started_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many run."""
        return len(self._started_at)

    def add(self, task_ids: Iterable[str]) -> None:
        """Add tasks at the end."""
        with self._lock:
            self._waiting.extend(task_ids)

    def put_back(self, task_ids: Sequence[str]) -> None:
        """Put tasks that have been taken, and not begun, where they were."""
        with self._lock:
            self._waiting.extendleft(reversed(task_ids))

    def take(self, limit: int) -> list[str]:
        """Remove and return the tasks that have waited longest."""
        with self._lock:
            count = min(limit, len(self._waiting))
            return [self._waiting.popleft() for _ in range(count)]

    def remove(self, task_id: str) -> bool:
        """Remove a task; return whether it was waiting."""
        with self._lock:
            try:
                self._waiting.remove(task_id)
            except ValueError:
                return False
            return True

    def note_started(self, task_id: str, started_at: float) -> None:
        """Count a task as running since then."""
        with self._lock:
            self._started_at[task_id] = started_at

    def is_running(self, task_id: str) -> bool:
        """Whether a task runs, or has ended and its outcome is not stored yet."""
        return task_id in self._started_at

    def note_ended(self, task_ids: Iterable[str]) -> None:
        """Count tasks as running no longer, if they were."""
        with self._lock:
            for task_id in task_ids:
                self._started_at.pop(task_id, None)

    def started_at(self, task_ids: Iterable[str]) -> dict[str, float]:
        """Return when those of the tasks that are running were started."""
        with self._lock:
            return {
                task_id: self._started_at[task_id]
                for task_id in task_ids
                if task_id in self._started_at
            }
