"""Finds the tasks that take the service along, so that they do not do so for ever."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .store import Store
    from .worker_process import RunningTask

_log = logging.getLogger(__name__)

_HARMLESS_S = 0.02
"""A task that ends sooner is not worth a note: it has done the service no harm."""


class Attempts:
    """Notes in the store which tasks run, for the service that starts after a sudden end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._suspects: set[str] = set()
        self._noted: set[str] = set()

    def suspect(self, task_ids: Iterable[str]) -> None:
        """Be careful with tasks that were perhaps running when an earlier service ended."""
        self._suspects.update(task_ids)

    @property
    def has_suspects(self) -> bool:
        """Whether suspects wait: they are handed out one by one."""
        return bool(self._suspects)

    def note_suspects(self, task_ids: Sequence[str]) -> None:
        """Note those of the tasks that are suspects, durably, before they run.

        Otherwise one that ends the service at once would end every later one too.
        """
        found = self._suspects.intersection(task_ids)
        if not found:
            return
        self._suspects -= found
        self._noted |= found
        try:
            self._store.note_attempts(list(found)).result()
        except Exception:  # noqa: BLE001 - say a full disk: no reason not to run them
            _log.exception("It could not be noted that a task runs again")

    def note_lasting(self, running: Iterable[RunningTask]) -> None:
        """Note those tasks that have been running for a while."""
        lasting = [
            task.task_id
            for task in running
            if task.task_id not in self._noted and task.lasts_longer_than(_HARMLESS_S)
        ]
        if lasting:
            self._noted.update(lasting)
            self._store.note_attempts(lasting)

    def left_s(self, task: RunningTask) -> float | None:
        """Return how long until the task is to be noted, or None if it has been."""
        return None if task.task_id in self._noted else task.left_s(_HARMLESS_S)

    def forget(self, task_id: str) -> None:
        """Forget a task that has ended."""
        self._suspects.discard(task_id)
        self._noted.discard(task_id)
