"""``--engine htex``: Globus Compute's own engine on Parsl, as it is."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any
from uuid import UUID

from click import ClickException
from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Task
from globus_compute_endpoint.endpoint.config.utils import load_config_yaml
from globus_compute_endpoint.engines import GCFuture, GlobusComputeEngine

from .errors import StartupError
from .htex_watch import sweep, watch
from .outcome import failed, from_result
from .task_queue import Load

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from .records import Outcome
    from .store import Store
    from .task_engine import Cancellation, StateListener

_log = logging.getLogger(__name__)

_MAX_OUTSTANDING = 256
"""How many tasks the engine holds at once; the others wait here, where they can be cancelled."""

_SAVE_RETRY_S = 2.0

CANCELLED = "the task was cancelled"


class HtexEngine:
    """A queue in front of a GlobusComputeEngine (a TaskEngine).

    Where and how tasks run is up to the engine's provider: on this computer, or through a
    batch system such as Slurm. What has been handed to it cannot be taken back.
    """

    def __init__(
        self,
        store: Store,
        endpoint_id: str,
        tasks_dir: Path,
        run_dir: Path,
        config: Path,
        listener: StateListener,
    ) -> None:
        """``config`` is the ``config.yaml`` of an endpoint, ``run_dir`` where Parsl's logs go.

        Raises:
            StartupError: it holds no usable GlobusComputeEngine.
        """
        self._store = store
        self._endpoint_id = endpoint_id
        self._tasks_dir = tasks_dir
        self._run_dir = run_dir
        self._listener = listener
        self._engine = _load_engine(config)
        self._changed = threading.Condition()  # guards the three below
        self._queue: deque[str] = deque()
        self._outstanding: set[str] = set()
        self._is_stopping = False
        self._watch: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="htex-feeder")

    def start(self) -> None:
        """Start Parsl, and take up the tasks left unfinished by an earlier service."""
        # What a service that was killed may have left behind.
        sweep(self._run_dir)
        shutil.rmtree(self._run_dir, ignore_errors=True)
        # Its own for each run, or the watch of the one before might end what is new.
        run_dir = self._run_dir / str(os.getpid())
        run_dir.mkdir(parents=True)
        self._watch = watch(run_dir)
        self._engine.working_dir = str(self._tasks_dir)
        self._engine.start(endpoint_id=UUID(self._endpoint_id), run_dir=str(run_dir))
        self.submit([task_id for task_id, _ in self._store.unfinished_tasks()])
        self._thread.start()

    def submit(self, task_ids: Sequence[str]) -> None:
        """Queue tasks that the store has accepted."""
        with self._changed:
            self._queue.extend(task_ids)
            self._changed.notify()

    def cancel(self, task_id: str) -> Cancellation:
        """Make a task fail that still waits here; others are "not-found"."""
        with self._changed:
            try:
                self._queue.remove(task_id)
            except ValueError:
                return "not-found"
        self._save(failed(task_id, self._endpoint_id, CANCELLED, None)).result()
        return "cancelled"

    def load(self) -> Load:
        """Return how many tasks wait here, and how many the engine has."""
        with self._changed:
            return Load(len(self._queue), len(self._outstanding))

    def started_at(self, task_ids: Iterable[str]) -> dict[str, float]:
        """Return nothing: the engine does not tell when a worker takes a task."""
        del task_ids
        return {}

    def stop(self) -> None:
        """End Parsl and its workers; what they ran is queued again at the next start."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._thread.join()
        self._engine.shutdown()
        if self._watch is not None:
            # Ends, once its input does, what has not ended by itself.
            self._watch.communicate()

    def _run(self) -> None:
        while (task_id := self._take()) is not None:
            try:
                self._hand_over(task_id)
            except Exception as error:  # noqa: BLE001, PERF203 - the other tasks must go on
                _log.exception("Task %s could not be handed to the engine", task_id)
                text = f"the task could not be handed to the engine: {error}"
                self._end(failed(task_id, self._endpoint_id, text, None))

    def _take(self) -> str | None:
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._is_stopping or (self._queue and len(self._outstanding) < _MAX_OUTSTANDING)
                )
            )
            if self._is_stopping:
                return None
            task_id = self._queue.popleft()
            self._outstanding.add(task_id)
            return task_id

    def _hand_over(self, task_id: str) -> None:
        work = self._store.work(task_id)
        future = GCFuture(task_id)
        future.add_done_callback(lambda done: self._receive(task_id, done))
        body = messagepack.pack(Task(task_id=UUID(task_id), task_buffer=work.buffer))
        self._engine.submit(
            future, body, work.resource_specification or {}, work.result_serializers
        )

    def _receive(self, task_id: str, done: Future[bytes]) -> None:
        with self._changed:
            if self._is_stopping:
                # What ends because Parsl ends has not ended: it runs again.
                return
        try:
            outcome = from_result(task_id, done.result())
        except Exception as error:  # noqa: BLE001 - whatever it was belongs to the task
            outcome = failed(task_id, self._endpoint_id, f"{type(error).__name__}: {error}", None)
        self._end(outcome)

    def _end(self, outcome: Outcome) -> None:
        def saved(future: Future[None]) -> None:
            error = future.exception()
            if isinstance(error, sqlite3.OperationalError):
                # A full disk may have room again later, and the outcome exists only here.
                retry = threading.Timer(_SAVE_RETRY_S, self._end, [outcome])
                retry.daemon = True
                retry.start()
                return
            with self._changed:
                self._outstanding.discard(outcome.task_id)
                self._changed.notify()

        self._save(outcome).add_done_callback(saved)

    def _save(self, outcome: Outcome) -> Future[None]:
        def tell(future: Future[None]) -> None:
            if future.exception() is None:
                state = "success" if outcome.exception is None else "failed"
                self._listener([(outcome.task_id, state, time.time())])

        future = self._store.finish(outcome)
        future.add_done_callback(tell)
        return future


def _load_engine(config: Path) -> Any:
    try:
        engine = load_config_yaml(config.read_text("utf-8")).engine
    except (AttributeError, ClickException, OSError, ValueError) as error:
        raise StartupError(f"{config} is no endpoint configuration: {error}") from error
    if not isinstance(engine, GlobusComputeEngine):
        raise StartupError(
            f"{config} has no engine of type GlobusComputeEngine, which --engine htex runs"
        )
    return engine
