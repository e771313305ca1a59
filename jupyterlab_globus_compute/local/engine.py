"""Runs tasks, first come first served, in worker processes that may die at any time."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing import Pipe, connection
from typing import TYPE_CHECKING
from uuid import UUID

from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Task

from .outcome import WORKER_DIED, failed, from_result
from .worker import WorkerTask
from .worker_process import WorkerDiedError, WorkerProcess, WorkerState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from .records import Outcome, TaskWork
    from .store import Store

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""How often a task may be running while the service dies before it is given up."""

_MAX_START_FAILURES = 3
_TICK_S = 1.0
_SAVE_RETRY_S = 2.0


@dataclass(frozen=True)
class Load:
    """How many tasks wait, and how many run."""

    queued: int
    running: int


class Engine:
    """A queue of task ids and up to ``workers`` processes.

    One thread owns the processes. What a task needs is read from the store only when a
    worker is free, so a long queue costs no more than its ids. Outcomes go to the store.
    """

    def __init__(self, store: Store, endpoint_id: str, tasks_dir: Path, workers: int) -> None:
        self._store = store
        self._endpoint_id = endpoint_id
        self._tasks_dir = tasks_dir
        self._max_workers = workers
        self._lock = threading.Lock()  # for _queue, _started_at and _stopping
        self._queue: deque[str] = deque()
        self._started_at: dict[str, float] = {}
        self._stopping = False
        self._workers: list[WorkerProcess] = []
        self._start_failures = 0
        self._alarm, self._bell = Pipe(duplex=False)
        self._thread = threading.Thread(target=self._run, name="engine")

    def start(self) -> None:
        """Take up the tasks left unfinished by an earlier service, and start a worker."""
        self.submit(list(self._recover()))
        self._thread.start()

    def submit(self, task_ids: Sequence[str]) -> None:
        """Queue tasks that the store has accepted."""
        with self._lock:
            self._queue.extend(task_ids)
            self._ring()

    def load(self) -> Load:
        """Return how much there is to do."""
        with self._lock:
            return Load(len(self._queue), len(self._started_at))

    def started_at(self, task_ids: Iterable[str]) -> dict[str, float]:
        """Return when those of the tasks that are running were started."""
        with self._lock:
            return {
                task_id: self._started_at[task_id]
                for task_id in task_ids
                if task_id in self._started_at
            }

    def stop(self) -> None:
        """End all workers at once; what they ran is queued again at the next start."""
        with self._lock:
            self._stopping = True
            self._ring()
        self._thread.join()
        self._store.forgive_attempts()
        self._alarm.close()
        self._bell.close()

    def _ring(self) -> None:
        # At most one unread ring, so that this never blocks on a full pipe.
        if not self._alarm.poll():
            self._bell.send_bytes(b"!")

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
        self._add_worker()
        while not self._is_stopping():
            try:
                self._step()
            except Exception:  # noqa: BLE001, PERF203 - the other tasks must go on
                _log.exception("The engine met an unexpected error and goes on")
                # A lasting fault must not fill the log.
                time.sleep(_TICK_S)
        for worker in self._workers:
            worker.end()

    def _is_stopping(self) -> bool:
        with self._lock:
            return self._stopping

    def _step(self) -> None:
        self._wait()
        for worker in tuple(self._workers):
            self._collect(worker)
        self._hand_out()

    def _wait(self) -> None:
        watched = [self._alarm, *(worker.pipe for worker in self._workers)]
        sentinels = [worker.sentinel for worker in self._workers]
        connection.wait([*watched, *sentinels], timeout=_TICK_S)
        with self._lock:
            if self._alarm.poll():
                self._alarm.recv_bytes()

    def _collect(self, worker: WorkerProcess) -> None:
        task_id, started_at = worker.task_id, worker.task_started_at
        try:
            packed = worker.receive()
        except WorkerDiedError as death:
            self._bury(worker, death)
            return
        if worker.state is not WorkerState.STARTING:
            self._start_failures = 0
        if packed is None or task_id is None:
            return
        worker.task_id = None
        try:
            outcome = from_result(task_id, packed)
        except ValueError as error:
            outcome = failed(task_id, self._endpoint_id, str(error), started_at)
        self._save(outcome)

    def _bury(self, worker: WorkerProcess, death: WorkerDiedError) -> None:
        worker.end()
        self._workers.remove(worker)
        if worker.task_id is not None:
            text = f"{WORKER_DIED} ({death})"
            self._save(failed(worker.task_id, self._endpoint_id, text, worker.task_started_at))
        elif worker.state is WorkerState.STARTING:
            self._note_start_failure(str(death))

    def _hand_out(self) -> None:
        idle = [worker for worker in self._workers if worker.state is WorkerState.IDLE]
        for worker in idle:
            task_id = self._take()
            if task_id is None:
                return
            self._assign(worker, task_id)
        starting = sum(worker.state is WorkerState.STARTING for worker in self._workers)
        missing = min(self.load().queued - starting, self._max_workers - len(self._workers))
        for _ in range(missing):
            self._add_worker()

    def _take(self) -> str | None:
        with self._lock:
            if not self._queue:
                return None
            task_id = self._queue.popleft()
            self._started_at[task_id] = time.time()
            return task_id

    def _assign(self, worker: WorkerProcess, task_id: str) -> None:
        try:
            task = _pack(self._store.work(task_id))
            self._store.note_attempt(task_id)
            worker.run(task_id, task)
        except WorkerDiedError as death:
            self._bury(worker, death)
            with self._lock:
                self._queue.appendleft(task_id)
                del self._started_at[task_id]
        except Exception as error:  # noqa: BLE001 - it must not cost the other tasks
            _log.exception("Task %s could not be handed to a worker", task_id)
            text = f"the task could not be handed to a worker: {error}"
            self._save(failed(task_id, self._endpoint_id, text, None))

    def _add_worker(self) -> None:
        try:
            self._workers.append(WorkerProcess(UUID(self._endpoint_id), self._tasks_dir))
        except OSError as error:
            self._note_start_failure(str(error))

    def _note_start_failure(self, reason: str) -> None:
        self._start_failures += 1
        _log.error("A worker process could not start (%s)", reason)
        works = any(worker.state is not WorkerState.STARTING for worker in self._workers)
        if works or self._start_failures < _MAX_START_FAILURES:
            return
        # Nothing can run: say so instead of letting people wait. The next task tries again.
        self._start_failures = 0
        text = (
            f"no worker process could start ({reason}); "
            "see the local service's log, and check the installation of globus-compute-endpoint"
        )
        while (task_id := self._take()) is not None:
            self._save(failed(task_id, self._endpoint_id, text, None))

    def _save(self, outcome: Outcome) -> None:
        """Store an outcome; until it is stored the task counts as running."""

        def saved(future: Future[None]) -> None:
            error = future.exception()
            if error is None:
                with self._lock:
                    self._started_at.pop(outcome.task_id, None)
                return
            _log.error("The outcome of task %s could not be saved: %s", outcome.task_id, error)
            retried = outcome
            if not isinstance(error, sqlite3.OperationalError):
                text = f"the result could not be saved: {error}"
                retried = failed(outcome.task_id, self._endpoint_id, text, None)
            # A full disk may have room again later, and the outcome exists only here.
            retry = threading.Timer(_SAVE_RETRY_S, self._save, [retried])
            retry.daemon = True
            retry.start()

        self._store.finish(outcome).add_done_callback(saved)


def _pack(work: TaskWork) -> WorkerTask:
    task_id = UUID(work.task_id)
    body = messagepack.pack(Task(task_id=task_id, task_buffer=work.buffer))
    return WorkerTask(task_id, body, work.result_serializers)
