"""The worker processes, and waiting for news from any of them."""

from __future__ import annotations

import selectors
from multiprocessing import Pipe
from typing import TYPE_CHECKING

from .worker_process import WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .journals import Journals
    from .worker_launch import WorkerLaunch
    from .worker_process import FinishedTask


class Crew:
    """The workers there are, used by one thread; any thread may ``ring`` it and ask ``waiting``."""

    def __init__(self, launch: WorkerLaunch, journals: Journals) -> None:
        self._launch = launch
        self._journals = journals
        self._former: list[WorkerProcess] = []
        self._workers: list[WorkerProcess] = []
        self._selector = selectors.DefaultSelector()
        self._alarm, self._bell = Pipe(duplex=False)
        self._selector.register(self._alarm, selectors.EVENT_READ)
        self._has_rung = False

    @property
    def workers(self) -> Sequence[WorkerProcess]:
        """All workers, those that are still starting included."""
        return tuple(self._workers)

    @property
    def waiting(self) -> int:
        """How many tasks have been handed to workers that have not begun with them."""
        return sum(worker.waiting for worker in self.workers)

    def add(self) -> None:
        """Start another worker.

        Raises:
            OSError: the system has no room for another process.
        """
        worker = WorkerProcess(self._launch, self._journals.new())
        self._workers.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, worker)
        if worker.sentinel is not None:
            self._selector.register(worker.sentinel, selectors.EVENT_READ, worker)

    def dismiss(self, worker: WorkerProcess) -> list[FinishedTask]:
        """End a worker at once, and return what it had finished before."""
        self._workers.remove(worker)
        self._selector.unregister(worker.channel)
        if worker.sentinel is not None:
            self._selector.unregister(worker.sentinel)
        self._former.append(worker)
        return worker.end()

    def tidy(self, is_unstored: Callable[[str], bool]) -> None:
        """Remove the files of former workers when all their outcomes are stored."""
        for worker in tuple(self._former):
            if worker.forget_stored(is_unstored):
                self._journals.remove(worker.base)
                self._former.remove(worker)

    def ring(self) -> None:
        """Make ``wait`` return."""
        # At most a few unread rings, so that this never blocks on a full pipe.
        if not self._has_rung:
            self._has_rung = True
            self._bell.send_bytes(b"!")

    def wait(self, timeout_s: float) -> list[WorkerProcess]:
        """Wait for a ring or for news, and return the workers that may have some."""
        ready = self._selector.select(timeout_s)
        if not ready:
            # Where nothing else tells of a worker's death, it is found in this way.
            return list(self._workers)
        news: dict[WorkerProcess, None] = {}
        for key, _ in ready:
            if key.fileobj is self._alarm:
                self._has_rung = False
                self._alarm.recv_bytes()
            else:
                news[key.data] = None
        return list(news)

    def push(self, worker: WorkerProcess) -> None:
        """Send on what a worker had no room for, now or as soon as it has.

        Raises:
            WorkerDiedError: it has ended.
        """
        worker.flush()
        events = selectors.EVENT_READ
        if worker.wants_to_write:
            events |= selectors.EVENT_WRITE
        if self._selector.get_key(worker.channel).events != events:
            self._selector.modify(worker.channel, events, worker)

    def close(self) -> None:
        """Release what is left when all workers have been dismissed."""
        self._selector.close()
        self._alarm.close()
        self._bell.close()
