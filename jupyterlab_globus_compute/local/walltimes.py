"""How long tasks may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import TaskWork
    from .worker_process import RunningTask


class Walltimes:
    """The service's own limit, and those of tasks that were submitted with a tighter one."""

    def __init__(self, service_s: float | None) -> None:
        """``service_s`` is for every task; None is no limit."""
        self._service_s = service_s
        self._tighter_s: dict[str, float] = {}

    def note(self, works: Iterable[TaskWork]) -> None:
        """Take the limits of tasks that go to a worker."""
        for work in works:
            if work.walltime_s is not None:
                self._tighter_s[work.task_id] = work.walltime_s

    def forget(self, task_id: str) -> None:
        """Drop the limit of a task that has ended."""
        self._tighter_s.pop(task_id, None)

    def overrun(self, running: RunningTask) -> str | None:
        """Return why a task is to be ended; None if it still has time."""
        limit_s = self._limit_s(running.task_id)
        if limit_s is None or not running.lasts_longer_than(limit_s):
            return None
        return f"the task ran longer than its walltime of {limit_s:g} s and was ended"

    def left_s(self, running: RunningTask) -> float | None:
        """Return how long a task may run on; None if nothing limits it."""
        limit_s = self._limit_s(running.task_id)
        return None if limit_s is None else running.left_s(limit_s)

    def _limit_s(self, task_id: str) -> float | None:
        limits = [self._service_s, self._tighter_s.get(task_id)]
        return min((limit_s for limit_s in limits if limit_s is not None), default=None)
