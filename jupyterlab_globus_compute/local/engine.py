"""Runs tasks, first come first served, in worker processes that may die at any time."""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import queue
import sqlite3
import sys
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from .crew import Crew
from .journals import Journals
from .outcome import failed
from .recorder import Recorder
from .scheduler import Scheduler
from .task_limits import TaskLimits
from .task_queue import Load, TaskQueue
from .worker_launch import WorkerLaunch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from .records import Outcome
    from .store import Store
    from .task_engine import Cancellation, StateChange, StateListener

    _Request = tuple[str, Future[Cancellation]]

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""How often a task may be running while the service dies before it is given up."""

_JOURNALS = "unstored_results"
_SETTLE_S = 1.0


class Engine:
    """A queue of task ids and up to ``workers`` processes.

    One thread owns the processes. What a task needs is read from the store only when a
    worker is about to run it, so a long queue costs no more than its ids. Outcomes go to the
    store.
    """

    def __init__(
        self,
        store: Store,
        endpoint_id: str,
        tasks_dir: Path,
        workers: int,
        *,
        python: str = sys.executable,
        limits: TaskLimits | None = None,
        on_change: StateListener | None = None,
    ) -> None:
        """``python`` is the interpreter of the workers, and must have globus-compute-endpoint.

        ``on_change`` is told when tasks have begun and when their outcomes are stored.
        """
        self._store = store
        self._endpoint_id = endpoint_id
        self._on_change = on_change or _tell_nobody
        self._queue = TaskQueue()
        self._cancellations: queue.SimpleQueue[_Request]
        self._cancellations = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._journals = Journals(tasks_dir.with_name(_JOURNALS))
        self._crew = Crew(WorkerLaunch(python, endpoint_id, tasks_dir), self._journals)
        self._scheduler = Scheduler(
            store,
            self._queue,
            self._crew,
            workers,
            limits or TaskLimits(),
            Recorder(store, endpoint_id, self._note_stored),
            self._on_change,
        )
        self._thread = threading.Thread(target=self._run, name="engine")

    def start(self) -> None:
        """Take up the tasks left unfinished by an earlier service, and start a worker."""
        self._take_over()
        recovered = list(self._recover())
        self._scheduler.suspect(recovered)
        self._queue.add(recovered)
        self._thread.start()

    def submit(self, task_ids: Sequence[str]) -> None:
        """Queue tasks that the store has accepted."""
        self._queue.add(task_ids)
        self._crew.ring()

    def cancel(self, task_id: str) -> Cancellation:
        """Make a queued or running task fail; return once that is stored.

        A running task takes its worker process along; the tasks that this worker had not
        begun run elsewhere.
        """
        answer: Future[Cancellation] = Future()
        self._cancellations.put((task_id, answer))
        self._crew.ring()
        while self._thread.is_alive():
            with contextlib.suppress(concurrent.futures.TimeoutError):
                return answer.result(timeout=_SETTLE_S)
        return "not-found"

    def load(self) -> Load:
        """Return how much there is to do."""
        return Load(len(self._queue) + self._crew.waiting, self._queue.running)

    def started_at(self, task_ids: Iterable[str]) -> dict[str, float]:
        """Return when those of the tasks that are running were started."""
        return self._queue.started_at(task_ids)

    def stop(self) -> None:
        """End all workers at once; what they ran is queued again at the next start."""
        self._stopping.set()
        self._crew.ring()
        self._thread.join()
        with contextlib.suppress(sqlite3.Error):
            # By then the outcomes are stored, too, and the journals have served.
            self._store.forgive_attempts().result()
        self._crew.tidy(self._queue.is_running)
        self._crew.close()

    def _take_over(self) -> None:
        self._journals.directory.mkdir(mode=0o700, exist_ok=True)
        self._journals.end_workers()
        try:
            self._store.finish_all(self._journals.outcomes()).result()
        except sqlite3.Error:
            # Say a full disk: these tasks run again, unless a later start has more luck.
            _log.exception("The results that an earlier service had not stored are kept")
        else:
            self._journals.clear()

    def _recover(self) -> Iterable[str]:
        for task_id, attempts in self._store.unfinished_tasks():
            if attempts < MAX_ATTEMPTS:
                yield task_id
            else:
                text = (
                    f"the service ended {attempts} times while this task ran, so it was not "
                    "run again; submit it anew if it was not the cause"
                )
                self._store.finish(failed(task_id, self._endpoint_id, text, None)).result()

    def _run(self) -> None:
        pending: list[_Request] = []
        while not self._stopping.is_set():
            try:
                self._scheduler.step()
                pending = self._answer_cancellations(pending)
            except Exception:  # noqa: BLE001, PERF203 - the other tasks must go on
                _log.exception("The engine met an unexpected error and goes on")
                # A lasting fault must not fill the log.
                time.sleep(_SETTLE_S)
        self._scheduler.end()
        for _, answer in [*pending, *self._requested_cancellations()]:
            answer.set_result("not-found")

    def _requested_cancellations(self) -> Iterable[_Request]:
        while not self._cancellations.empty():
            yield self._cancellations.get()

    def _answer_cancellations(self, pending: list[_Request]) -> list[_Request]:
        """Return those that can be answered only after the next news from the workers."""
        undecided = []
        for task_id, answer in [*pending, *self._requested_cancellations()]:
            if not self._scheduler.cancel(task_id, answer):
                undecided.append((task_id, answer))
        return undecided

    def _note_stored(self, outcomes: Sequence[Outcome]) -> None:
        self._queue.note_ended(outcome.task_id for outcome in outcomes)
        self._on_change(
            [
                (
                    outcome.task_id,
                    "success" if outcome.exception is None else "failed",
                    outcome.completed_at,
                )
                for outcome in outcomes
            ]
        )


def _tell_nobody(changes: Sequence[StateChange]) -> None:
    """Stand in for a listener."""
