"""The one thread that writes to the database."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .database import connect

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]

_MAX_BATCH = 1000


@dataclass(frozen=True)
class _Job:
    operation: Operation[Any]
    future: Future[Any]

    def run(self, connection: sqlite3.Connection) -> Any:
        return self.operation(connection)


class Writer:
    """Runs write operations in order; those that wait together share one commit.

    Sharing is what makes many small results cheap: the disk is waited for once for all
    that arrived during the previous commit.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="database-writer")
        self._thread.start()

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Run ``operation`` inside a transaction; the future is done once it is durable.

        What the operation or the commit raises becomes the future's exception.
        """
        future: Future[T] = Future()
        self._jobs.put(_Job(operation, future))
        return future

    def close(self) -> None:
        """Write what is waiting, then close the database."""
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
                if len(jobs) == _MAX_BATCH or self._jobs.empty():
                    break
                job = self._jobs.get()
            closing = job is None
            self._commit_together(jobs)

    def _commit_together(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        try:
            values = self._transaction(jobs)
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

    def _transaction(self, jobs: list[_Job]) -> list[Any]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            values = [job.run(self._connection) for job in jobs]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return values
