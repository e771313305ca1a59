"""An engine with a store of its own, run inside the test's process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from globus_compute_sdk.serialize import ComputeSerializer

from jupyterlab_globus_compute.local.engine import Engine
from jupyterlab_globus_compute.local.records import FunctionRegistration, Submission
from jupyterlab_globus_compute.local.store import Store

from .service_process import wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from jupyterlab_globus_compute.local.records import Outcome
    from jupyterlab_globus_compute.local.task_engine import StateChange


class EngineHarness:
    """Submits tasks to an engine as the API does, and remembers what it tells its listener."""

    def __init__(self, directory: Path, *, workers: int = 2, **options: Any) -> None:
        """``options`` are the engine's keyword arguments."""
        tasks_dir = directory / "tasks"
        tasks_dir.mkdir()
        self.changes: list[StateChange] = []
        self.store = Store(directory / "service.db")
        self.engine = Engine(
            self.store,
            self.store.registry.endpoint_id(),
            tasks_dir,
            workers,
            on_change=self.changes.extend,
            **options,
        )
        self._serializer = ComputeSerializer()

    def __enter__(self) -> EngineHarness:
        self.engine.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.stop()
        self.store.close()

    def submit(self, source: str, calls: Sequence[tuple[object, ...]] = ((),)) -> list[str]:
        """Submit a task for each tuple of arguments of the function ``f`` in ``source``."""
        code = self._serializer.pack_buffers([f"st\nf:{source}"])
        registration = FunctionRegistration("f", code, None, None, public=False, group=None)
        function_id = self.store.registry.add_function(registration)
        payloads = [self._payload(args) for args in calls]
        task_ids = self.store.add_tasks(Submission(None, {function_id: payloads})).in_order()
        self.engine.submit(task_ids)
        return task_ids

    def outcomes(self, task_ids: Sequence[str]) -> list[Outcome]:
        """Wait until the tasks have ended and return how, in the order asked for."""
        wait_until(lambda: self._are_finished(task_ids), "all tasks have ended")
        records = self.store.tasks(task_ids)
        return [outcome for i in task_ids if (outcome := records[i].outcome) is not None]

    def values(self, task_ids: Sequence[str]) -> list[Any]:
        """Return what the tasks have returned; all must have succeeded."""
        outcomes = self.outcomes(task_ids)
        assert [o.exception for o in outcomes if o.exception is not None] == []
        return [self._serializer.deserialize(outcome.result or "") for outcome in outcomes]

    def is_running(self, task_id: str) -> bool:
        """Return whether a task has begun and has not ended."""
        return bool(self.engine.started_at([task_id]))

    def states_of(self, task_id: str) -> list[str]:
        """Return the states of a task that the listener was told of, in order."""
        return [state for changed, state, _ in self.changes if changed == task_id]

    def _are_finished(self, task_ids: Sequence[str]) -> bool:
        return all(record.outcome for record in self.store.tasks(task_ids).values())

    def _payload(self, args: tuple[object, ...]) -> str:
        parts = [self._serializer.serialize(args), self._serializer.serialize({})]
        return self._serializer.pack_buffers(parts)
