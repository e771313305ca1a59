"""Functions, tasks and results: what a restart must not lose."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from .database import connect, prepare
from .errors import not_found
from .records import (
    AcceptedTasks,
    FunctionRecord,
    FunctionRegistration,
    Outcome,
    Submission,
    TaskRecord,
    TaskWork,
)
from .writer import Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

_TASK_COLUMNS = "task_id, received_at, completed_at, result, exception, reason, details"


class Store:
    """The database, with one method for each thing the service asks of it.

    Methods may be called from any thread. Those that write return once the change is
    durable, or a future that is done then.
    """

    def __init__(self, path: Path) -> None:
        """Open the database at ``path``, creating it if need be.

        Raises:
            StartupError: it cannot be used.
        """
        prepare(path)
        self._writer = Writer(path)
        self._reader = _Reader(path)
        # The engine has its own, so that a large status request does not hold up the workers.
        self._work_reader = _Reader(path)

    def close(self) -> None:
        """Write what is waiting and close."""
        self._writer.close()
        self._reader.close()
        self._work_reader.close()

    def endpoint_id(self) -> str:
        """Return the id of the one endpoint, made up when the database was new."""

        def write(connection: sqlite3.Connection) -> str:
            row = connection.execute("SELECT endpoint_id FROM endpoint").fetchone()
            if row is not None:
                return str(row[0])
            endpoint_id = str(uuid.uuid4())
            connection.execute("INSERT INTO endpoint VALUES (?)", (endpoint_id,))
            return endpoint_id

        return self._writer.submit(write).result()

    def add_function(self, registration: FunctionRegistration) -> str:
        """Keep a function and return its new id."""
        function_id = str(uuid.uuid4())
        row = (
            function_id,
            registration.name,
            registration.code,
            registration.description,
            json.dumps(registration.metadata),
            registration.public,
            registration.group,
        )

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO functions VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)

        self._writer.submit(write).result()
        return function_id

    def function(self, function_id: str) -> FunctionRecord:
        """Return a registered function.

        Raises:
            ApiError: FUNCTION_NOT_FOUND.
        """
        rows = self._reader.rows(
            "SELECT name, code, description, metadata, public, share_group"
            " FROM functions WHERE function_id = ? AND NOT deleted",
            function_id,
        )
        if not rows:
            raise not_found("function", function_id)
        name, code, description, metadata, public, group = rows[0]
        return FunctionRecord(
            function_id,
            FunctionRegistration(
                name, code, description, json.loads(metadata), bool(public), group
            ),
        )

    def delete_function(self, function_id: str) -> None:
        """Forget a function; tasks already accepted still run.

        Raises:
            ApiError: FUNCTION_NOT_FOUND.
        """

        def write(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE functions SET deleted = 1 WHERE function_id = ? AND NOT deleted",
                (function_id,),
            ).rowcount

        if self._writer.submit(write).result() == 0:
            raise not_found("function", function_id)

    def add_tasks(self, submission: Submission) -> AcceptedTasks:
        """Keep all tasks of a submission, or none.

        Raises:
            ApiError: FUNCTION_NOT_FOUND.
        """
        accepted = AcceptedTasks(
            {
                function_id: [str(uuid.uuid4()) for _ in payloads]
                for function_id, payloads in submission.payloads.items()
            }
        )
        rows = _task_rows(submission, accepted, time.time())

        def write(connection: sqlite3.Connection) -> None:
            for function_id in submission.payloads:
                known = connection.execute(
                    "SELECT 1 FROM functions WHERE function_id = ? AND NOT deleted", (function_id,)
                ).fetchone()
                if known is None:
                    raise not_found("function", function_id)
            connection.executemany(
                "INSERT INTO tasks (task_id, task_group_id, function_id, payload,"
                " result_serializers, received_at) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )

        self._writer.submit(write).result()
        return accepted

    def tasks(self, task_ids: Sequence[str]) -> dict[str, TaskRecord]:
        """Return the tasks that are known, by id."""
        rows = self._reader.rows(
            f"SELECT {_TASK_COLUMNS} FROM tasks"  # noqa: S608 - a constant of this file
            " WHERE task_id IN (SELECT value FROM json_each(?))",
            json.dumps(list(task_ids)),
        )
        return {row[0]: _task_record(row) for row in rows}

    def task_group(self, task_group_id: str) -> list[tuple[str, float]]:
        """Return the id and time of receipt of each task of a group, oldest first.

        Raises:
            ApiError: TASK_GROUP_NOT_FOUND.
        """
        rows = self._reader.rows(
            "SELECT task_id, received_at FROM tasks WHERE task_group_id = ? ORDER BY seq",
            task_group_id,
        )
        if not rows:
            raise not_found("task group", task_group_id)
        return [(task_id, received_at) for task_id, received_at in rows]

    def unfinished_tasks(self) -> list[tuple[str, int]]:
        """Return the id and the number of interrupted attempts of each, oldest first."""
        return self._reader.rows(
            "SELECT task_id, attempts FROM tasks WHERE completed_at IS NULL ORDER BY seq"
        )

    def work(self, task_id: str) -> TaskWork:
        """Return what a worker needs to run an unfinished task."""
        ((code, payload, serializers),) = self._work_reader.rows(
            "SELECT code, payload, result_serializers"
            " FROM tasks JOIN functions USING (function_id) WHERE task_id = ?",
            task_id,
        )
        # The function's packed buffer and the arguments' make one when joined.
        return TaskWork(task_id, code + payload, json.loads(serializers))

    def note_attempt(self, task_id: str) -> Future[None]:
        """Remember that a worker has taken the task."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE tasks SET attempts = attempts + 1 WHERE task_id = ?", (task_id,)
            )

        return self._writer.submit(write)

    def forgive_attempts(self) -> Future[None]:
        """Forget the attempts that a clean shutdown interrupts: no task is to blame for them."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE tasks SET attempts = 0 WHERE completed_at IS NULL")

        return self._writer.submit(write)

    def finish(self, outcome: Outcome) -> Future[None]:
        """Keep how a task ended; the first outcome stays."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                # The payload is of no more use, and may be large.
                "UPDATE tasks SET payload = NULL, completed_at = ?, result = ?, exception = ?,"
                " reason = ?, details = ? WHERE task_id = ? AND completed_at IS NULL",
                (
                    outcome.completed_at,
                    outcome.result,
                    outcome.exception,
                    outcome.reason,
                    json.dumps(outcome.details),
                    outcome.task_id,
                ),
            )

        return self._writer.submit(write)


class _Reader:
    """A connection for queries, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._lock = threading.Lock()

    def rows(self, query: str, *parameters: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _task_rows(
    submission: Submission, accepted: AcceptedTasks, received_at: float
) -> list[tuple[str, str, str, str, str, float]]:
    serializers = json.dumps(submission.result_serializers)
    group_id = submission.task_group_id
    return [
        (task_id, group_id, function_id, payload, serializers, received_at)
        for function_id, payloads in submission.payloads.items()
        for task_id, payload in zip(accepted.task_ids[function_id], payloads, strict=True)
    ]


def _task_record(row: tuple[Any, ...]) -> TaskRecord:
    task_id, received_at, completed_at, result, exception, reason, details = row
    if completed_at is None:
        return TaskRecord(task_id, received_at, None)
    outcome = Outcome(task_id, result, exception, reason, completed_at, json.loads(details))
    return TaskRecord(task_id, received_at, outcome)
