"""What the service asks of an engine, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from .task_queue import Load

StateChange = tuple[str, str, float]
"""A task's id, its new state as Globus names it, and when (seconds since the epoch)."""

StateListener = Callable[[Sequence[StateChange]], None]
"""Told of changes, in order, once they are durable; called from any thread, never waits."""

Cancellation = Literal["cancelled", "killed", "not-found"]
"""What came of a request to cancel: it had not started, it was running, or it is neither."""


class TaskEngine(Protocol):
    """Runs tasks that the store has accepted; methods may be called from any thread."""

    def start(self) -> None:
        """Take up the tasks left unfinished by an earlier service."""

    def submit(self, task_ids: Sequence[str]) -> None:
        """Queue tasks that the store has accepted."""

    def cancel(self, task_id: str) -> Cancellation:
        """Make a queued or running task fail, its neighbours unharmed."""

    def load(self) -> Load:
        """Return how much there is to do."""

    def started_at(self, task_ids: Iterable[str]) -> dict[str, float]:
        """Return when those of the tasks that are running were started."""

    def stop(self) -> None:
        """End all workers; unfinished tasks are queued again at the next start."""
