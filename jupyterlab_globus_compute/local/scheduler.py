"""Which worker gets which tasks, and what becomes of them."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from .attempts import Attempts
from .outcome import CANCELLED, KILLED, WORKER_DIED, from_result, no_worker, with_memory_hint
from .pace import MAX_SHARE, Pace
from .walltimes import Walltimes
from .worker.protocol import WorkerTask
from .worker_process import WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from .crew import Crew
    from .recorder import Recorder
    from .store import Store
    from .task_engine import Cancellation, StateChange, StateListener
    from .task_limits import TaskLimits
    from .task_queue import TaskQueue
    from .worker_process import FinishedTask, WorkerProcess

_log = logging.getLogger(__name__)

_MAX_START_FAILURES = 3
_TICK_S = 1.0
_SHORTEST_WAIT_S = 0.001

_SLOW_S = 0.05
"""A task that takes longer is slow: nothing is left waiting behind it."""

_PAUSE_S = 0.002
"""While many short tasks wait, how long their results may gather before they are looked at."""


class Scheduler:
    """Hands the tasks of a queue to workers and their outcomes to the recorder.

    Used by one thread, which calls ``step`` over and over. A task is only ever handed to
    another worker if the first one is known not to have begun with it.
    """

    def __init__(
        self,
        store: Store,
        tasks: TaskQueue,
        crew: Crew,
        max_workers: int,
        limits: TaskLimits,
        recorder: Recorder,
        on_started: StateListener,
    ) -> None:
        self._store = store
        self._queue = tasks
        self._crew = crew
        self._max_workers = max_workers
        self._limits = limits
        self._recorder = recorder
        self._on_started = on_started
        self._pace = Pace()
        self._attempts = Attempts(store)
        self._walltimes = Walltimes(limits.walltime_s)
        self._start_failures = 0

    def suspect(self, task_ids: Sequence[str]) -> None:
        """Be careful with tasks, in their order, that an earlier service left unfinished."""
        # No more than these can have been in its workers' hands.
        self._attempts.suspect(task_ids[: self._max_workers * MAX_SHARE])

    def step(self) -> None:
        """Hand out what can be, then wait for news and deal with it."""
        self._hand_out()
        self._attempts.note_lasting(
            worker.running for worker in self._crew.workers if worker.running is not None
        )
        self._save_if_due()
        if self._is_saturated():
            # Looking at several results at once costs the service half as much.
            time.sleep(_PAUSE_S)
        for worker in self._crew.wait(self._wait_s()):
            self._collect(worker)
        self._look_after_slow()
        self._crew.tidy(self._queue.is_running)

    def cancel(self, task_id: str, answer: Future[Cancellation]) -> bool:
        """Make a task fail; return False if it is too early to say whether it is running."""
        if self._queue.remove(task_id):
            self._cancelled(task_id, answer)
            return True
        for worker in self._crew.workers:
            if worker.runs(task_id):
                if not self._stop_running(worker, KILLED):
                    return False
                # It may have finished at the last moment.
                killed = worker.running is not None
                self._save_and_answer(answer, "killed" if killed else "not-found")
                return True
            if worker.holds(task_id):
                self._queue.put_back(worker.take_back())
                if not self._queue.remove(task_id):
                    return False
                self._cancelled(task_id, answer)
                return True
        answer.set_result("not-found")
        return True

    def end(self) -> None:
        """End all workers at once."""
        for worker in self._crew.workers:
            self._keep(self._crew.dismiss(worker))
        self._recorder.flush()

    def _forget(self, task_id: str) -> None:
        self._attempts.forget(task_id)
        self._walltimes.forget(task_id)

    def _cancelled(self, task_id: str, answer: Future[Cancellation]) -> None:
        self._forget(task_id)
        self._recorder.fail(task_id, CANCELLED)
        self._save_and_answer(answer, "cancelled")

    def _save_and_answer(self, answer: Future[Cancellation], text: Cancellation) -> None:
        self._recorder.flush().add_done_callback(lambda _: answer.set_result(text))

    # Handing out

    def _hand_out(self) -> None:
        ready = [worker for worker in self._crew.workers if worker.is_ready]
        for worker in sorted(ready, key=lambda worker: worker.held):
            task_ids = self._queue.take(self._room(worker))
            if task_ids:
                self._hand(worker, task_ids)
        starting = sum(not worker.is_ready for worker in self._crew.workers)
        missing = min(len(self._queue) - starting, self._max_workers - len(self._crew.workers))
        for _ in range(missing):
            self._add_worker()

    def _room(self, worker: WorkerProcess) -> int:
        """Return how many tasks to hand to a worker now."""
        if self._attempts.has_suspects:
            return 1 if worker.held == 0 else 0
        share = self._pace.share
        room = share - worker.held
        # Each message has its price: not one for every task that has ended.
        is_worth_it = worker.held == 0 or room * 4 >= share
        if not is_worth_it or self._is_slow(worker):
            return 0
        even = -(-len(self._queue) // self._max_workers)
        return max(0, min(room, even))

    def _hand(self, worker: WorkerProcess, task_ids: list[str]) -> None:
        self._attempts.note_suspects(task_ids)
        limit_bytes = self._limits.memory_limit_bytes
        try:
            works = self._store.works(task_ids)
            self._walltimes.note(works)
            tasks = [
                WorkerTask(work.task_id, work.buffer, work.result_serializers, limit_bytes)
                for work in works
            ]
            worker.forget_stored(self._queue.is_running)
            worker.hand(tasks)
            self._crew.push(worker)
        except WorkerDiedError as death:
            self._bury(worker, death)
        except Exception as error:  # noqa: BLE001 - it must not cost the other tasks
            if len(task_ids) > 1:
                self._hand_singly(worker, task_ids)
                return
            _log.exception("Task %s could not be handed to a worker", task_ids[0])
            text = f"the task could not be handed to a worker: {error}"
            self._recorder.fail(task_ids[0], text)

    def _hand_singly(self, worker: WorkerProcess, task_ids: list[str]) -> None:
        """Hand over tasks of which one perhaps cannot be."""
        for number, task_id in enumerate(task_ids):
            if worker not in self._crew.workers:
                self._queue.put_back(task_ids[number:])
                return
            self._hand(worker, [task_id])

    def _add_worker(self) -> None:
        try:
            self._crew.add()
        except OSError as error:
            self._note_start_failure(str(error))

    def _note_start_failure(self, reason: str) -> None:
        self._start_failures += 1
        _log.error("A worker process could not start (%s)", reason)
        works = any(worker.is_ready for worker in self._crew.workers)
        if works or self._start_failures < _MAX_START_FAILURES:
            return
        # Nothing can run: say so instead of letting people wait. The next task tries again.
        self._start_failures = 0
        for task_id in self._queue.take(len(self._queue)):
            self._forget(task_id)
            self._recorder.fail(task_id, no_worker(reason))

    # News from workers

    def _collect(self, worker: WorkerProcess) -> None:
        before = worker.running
        try:
            self._keep(worker.receive())
            self._crew.push(worker)
        except WorkerDiedError as death:
            self._bury(worker, death)
            return
        if worker.is_ready:
            self._start_failures = 0
        running = worker.running
        if running is not None and running is not before:
            self._queue.note_started(running.task_id, running.started_at)
            change: StateChange = (running.task_id, "running", running.started_at)
            self._on_started([change])

    def _keep(self, finished: list[FinishedTask]) -> None:
        for task in finished:
            self._queue.note_started(task.task_id, task.started_at)
            self._pace.note(task.duration_s)
            self._forget(task.task_id)
            try:
                outcome = from_result(task.task_id, task.packed)
            except ValueError as error:
                self._recorder.fail(task.task_id, str(error), task.started_at)
                continue
            self._recorder.add(with_memory_hint(outcome, self._limits.memory_limit_bytes))

    def _bury(self, worker: WorkerProcess, death: WorkerDiedError) -> None:
        self._dismiss(worker, f"{WORKER_DIED} ({death})")
        if not worker.is_ready:
            self._note_start_failure(str(death))

    def _dismiss(self, worker: WorkerProcess, text: str) -> None:
        """End a worker; the task that it runs fails with ``text``."""
        self._keep(self._crew.dismiss(worker))
        self._queue.put_back(worker.left())
        if worker.running is not None:
            self._forget(worker.running.task_id)
            self._recorder.fail(worker.running.task_id, text, worker.running.started_at)

    # Slow tasks

    def _is_slow(self, worker: WorkerProcess) -> bool:
        return worker.running is not None and worker.running.lasts_longer_than(_SLOW_S)

    def _look_after_slow(self) -> None:
        for worker in self._crew.workers:
            running = worker.running
            if running is None:
                continue
            if worker.waiting and running.lasts_longer_than(_SLOW_S):
                self._queue.put_back(worker.take_back())
            if text := self._walltimes.overrun(running):
                self._stop_running(worker, text)

    def _stop_running(self, worker: WorkerProcess, text: str) -> bool:
        """End a worker for the sake of the task it runs; False if that task is just ending."""
        # No other task can begin in the meantime and be killed in its stead.
        self._queue.put_back(worker.take_back())
        if worker.is_about_to_finish():
            return False
        self._dismiss(worker, text)
        return True

    # Time

    def _save_if_due(self) -> None:
        due_s = self._recorder.due_s()
        if due_s is None:
            return
        # Many small commits would cost more than the tasks; the last results do not wait.
        gathers = self._pace.is_short and (len(self._queue) > 0 or self._crew.waiting > 0)
        if not gathers or due_s <= 0:
            self._recorder.flush()

    def _is_saturated(self) -> bool:
        """Whether short tasks abound and all workers have enough of them."""
        ready = [worker for worker in self._crew.workers if worker.is_ready]
        share = self._pace.share
        return (
            self._pace.is_short
            and len(self._queue) > 0
            and bool(ready)
            and all(worker.held * 2 >= share for worker in ready)
        )

    def _wait_s(self) -> float:
        """Return when to act even if there is no news."""
        waits = [_TICK_S, self._recorder.due_s()]
        for worker in self._crew.workers:
            running = worker.running
            if running is None:
                continue
            if worker.waiting:
                waits.append(running.left_s(_SLOW_S))
            waits += [self._attempts.left_s(running), self._walltimes.left_s(running)]
        return max(_SHORTEST_WAIT_S, min(wait_s for wait_s in waits if wait_s is not None))
