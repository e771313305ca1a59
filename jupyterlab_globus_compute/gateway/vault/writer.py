"""The one thread of this server that writes to the vault."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .database import connect
from .transaction import Transaction

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
Operation = Callable[[Transaction], T]

_MAX_SHARING = 200


@dataclass(frozen=True)
class _Job:
    operation: Operation[Any]
    future: Future[Any]


class Writer:
    """Runs write operations in order; those that wait together share one commit."""

    def __init__(self, path: Path, on_change: Callable[[], None]) -> None:
        """`on_change` is called, in the writer's thread, after commits that changed something."""
        self._connection = connect(path)
        self._on_change = on_change
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="vault-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Run `operation` inside a transaction; the future is done once it is durable.

        What the operation or the commit raises becomes the future's exception.
        """
        future: Future[T] = Future()
        self._jobs.put(_Job(operation, future))
        return future

    def close(self) -> None:
        """Write what is waiting, then close the file."""
        self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        closing = False
        while not closing:
            jobs: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                jobs.append(job)
                if len(jobs) == _MAX_SHARING or self._jobs.empty():
                    break
                job = self._jobs.get()
            closing = job is None
            self._commit_together(jobs)

    def _commit_together(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        try:
            values, has_changes = self._transaction(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it was belongs to the future
            if len(jobs) == 1:
                jobs[0].future.set_exception(error)
                return
            # One bad operation must not undo its neighbours'.
            for job in jobs:
                self._commit_together([job])
            return
        for job, value in zip(jobs, values, strict=True):
            job.future.set_result(value)
        if has_changes:
            self._on_change()

    def _transaction(self, jobs: list[_Job]) -> tuple[list[Any], bool]:
        transaction = Transaction(self._connection)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            values = [job.operation(transaction) for job in jobs]
            transaction.close()
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return values, transaction.has_changes
