"""The tasks of one service that have not ended, and when to ask for each."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyterlab_globus_compute.gateway.vault.records import PendingTask

_REMEMBERED_ENDS = 20_000
"""Ends of tasks that are not known yet: the service may tell of one before its submit's answer
has been read."""

_TAKEN = float("inf")
"""When a task is due that is being asked for: it is out of the queue until it is scheduled."""


@dataclass
class _Entry:
    task: PendingTask
    due: float


class PendingTasks:
    """Ordered by when they are to be asked for; times are the event loop's seconds."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._queue: list[tuple[float, str]] = []
        self._early_ends: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._entries)

    def __contains__(self, task_id: str) -> bool:
        """Whether the task is one of them."""
        return task_id in self._entries

    def add(self, task: PendingTask, due: float) -> None:
        """Add a task, or bring it up to date; one that is known to have ended is due at once."""
        entry = self._entries.get(task.task_id)
        if entry is not None:
            entry.task = task
            return
        if task.task_id in self._early_ends:
            del self._early_ends[task.task_id]
            due = float("-inf")
        self._entries[task.task_id] = _Entry(task, due)
        heapq.heappush(self._queue, (due, task.task_id))

    def discard(self, task_id: str) -> None:
        """Take a task out, if it is there."""
        self._entries.pop(task_id, None)

    def clear(self) -> None:
        """Take all tasks out."""
        self._entries.clear()
        self._queue.clear()

    def find(self, task_id: str) -> PendingTask | None:
        """The task of that id, if it is there."""
        entry = self._entries.get(task_id)
        return None if entry is None else entry.task

    def schedule(self, task_id: str, due: float) -> None:
        """Set when a task is to be asked for."""
        entry = self._entries.get(task_id)
        if entry is not None and entry.due != due:
            entry.due = due
            heapq.heappush(self._queue, (due, task_id))

    def postpone(self, task_id: str, due: float) -> None:
        """Set when a task that was taken is to be asked for again.

        What was noted of it meanwhile is newer than the answer that this follows: a task that
        has become due in between stays due.
        """
        entry = self._entries.get(task_id)
        if entry is not None and entry.due == _TAKEN:
            self.schedule(task_id, due)

    def note_ends(self, task_ids: Iterable[str]) -> None:
        """The service says that these have ended: they are due at once."""
        for task_id in task_ids:
            if task_id in self._entries:
                self.schedule(task_id, float("-inf"))
            else:
                self._early_ends[task_id] = None
        while len(self._early_ends) > _REMEMBERED_ENDS:
            self._early_ends.popitem(last=False)

    def groups(self) -> set[str]:
        """The task groups that are pending, where they are known."""
        return {entry.task.group for entry in self._entries.values() if entry.task.group}

    def group_due(self, group: str) -> None:
        """The tasks of a group are due at once."""
        for task_id, entry in self._entries.items():
            if entry.task.group == group:
                self.schedule(task_id, float("-inf"))

    def all_due(self) -> None:
        """What was known of their states is out of date: all are due at once."""
        for task_id in self._entries:
            self.schedule(task_id, float("-inf"))

    def next_due(self) -> float | None:
        """When the next one is due; None without tasks."""
        while self._queue:
            due, task_id = self._queue[0]
            entry = self._entries.get(task_id)
            if entry is not None and entry.due == due:
                return due
            heapq.heappop(self._queue)
        return None

    def take(self, now: float, size: int, *, fill: bool) -> list[PendingTask]:
        """Up to `size` tasks that are due; they stay, and must be scheduled anew.

        If any is due and `fill` says so, those that are due next make the page full.
        """
        page: list[PendingTask] = []
        while len(page) < size and (due := self.next_due()) is not None:
            if due > now and not (fill and page):
                break
            _, task_id = heapq.heappop(self._queue)
            entry = self._entries[task_id]
            entry.due = _TAKEN
            page.append(entry.task)
        return page
