"""Tasks and their results: what a restart must not lose."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from .classes import count_tasks
from .database import prepare
from .errors import not_found
from .reader import Reader
from .records import AcceptedTasks, Outcome, Submission, TaskGroupRecord, TaskRecord, TaskWork
from .registry import Registry
from .task_ids import new_task_id
from .writer import Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

_TASK_COLUMNS = "task_id, received_at, completed_at, result, exception, reason, details"

_PAGE = 500
"""How many tasks are read at a time, so that a large request does not hold up small ones."""


class Store:
    """The database, with one method for each thing the service asks of it about tasks.

    Methods may be called from any thread. Those that write return once the change is
    durable, or a future that is done then. ``registry`` holds the rest; ``writer`` and
    ``reader`` are for the parts of the service that look after the database as a whole.
    """

    def __init__(self, path: Path) -> None:
        """Open the database at ``path``, creating it if need be.

        Raises:
            StartupError: it cannot be used.
        """
        prepare(path)
        self.writer = Writer(path)
        self.reader = Reader(path)
        self.registry = Registry(self.writer, self.reader)
        # The engine has its own, so that a large status request does not hold up the workers.
        self._work_reader = Reader(path)

    def close(self) -> None:
        """Write what is waiting and close."""
        self.writer.close()
        self.reader.close()
        self._work_reader.close()

    def add_tasks(self, submission: Submission) -> AcceptedTasks:
        """Keep all tasks of a submission, or none.

        A task group that does not exist is made under the id that the client gives: the
        client then knows where to look when the answer to its submission is lost.

        Raises:
            ApiError: FUNCTION_NOT_FOUND, CLASS_TASKS_SPENT.
        """
        accepted = AcceptedTasks(
            submission.task_group_id or str(uuid.uuid4()),
            {
                function_id: [new_task_id() for _ in payloads]
                for function_id, payloads in submission.payloads.items()
            },
        )
        received_at = time.time()
        rows = _task_rows(submission, accepted, received_at)

        def write(connection: sqlite3.Connection) -> None:
            for function_id in submission.payloads:
                _require_function(connection, function_id)
            if submission.class_limits is not None:
                count_tasks(connection, submission.class_limits, len(rows))
            connection.execute(
                "INSERT INTO task_groups VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                " SET has_queue = has_queue OR excluded.has_queue",
                (accepted.task_group_id, received_at, submission.create_queue),
            )
            connection.executemany(
                "INSERT INTO tasks (task_id, task_group_id, function_id, payload,"
                " result_serializers, resource_specification, user_endpoint_config, received_at,"
                " is_queued_for_delivery, walltime_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

        self.writer.submit(write).result()
        return accepted

    def tasks(self, task_ids: Sequence[str]) -> dict[str, TaskRecord]:
        """Return the tasks that are known, by id."""
        records: dict[str, TaskRecord] = {}
        for start in range(0, len(task_ids), _PAGE):
            rows = self.reader.rows(
                f"SELECT {_TASK_COLUMNS} FROM tasks"  # noqa: S608 - a constant of this file
                " WHERE task_id IN (SELECT value FROM json_each(?))",
                json.dumps(task_ids[start : start + _PAGE]),
            )
            records.update((row[0], _task_record(row)) for row in rows)
        return records

    def task_group(self, task_group_id: str) -> TaskGroupRecord:
        """Return a group and its tasks, oldest first.

        Raises:
            ApiError: TASK_GROUP_NOT_FOUND.
        """
        groups = self.reader.rows(
            "SELECT has_queue FROM task_groups WHERE task_group_id = ?", task_group_id
        )
        if not groups:
            raise not_found("task group", task_group_id)
        tasks = self.reader.rows(
            "SELECT task_id, received_at FROM tasks WHERE task_group_id = ? ORDER BY seq",
            task_group_id,
        )
        return TaskGroupRecord(task_group_id, bool(groups[0][0]), tasks)

    def unfinished_tasks(self) -> list[tuple[str, int]]:
        """Return the id and the number of interrupted attempts of each, oldest first."""
        return self.reader.rows(
            "SELECT task_id, attempts FROM tasks WHERE completed_at IS NULL ORDER BY seq"
        )

    def work(self, task_id: str) -> TaskWork:
        """Return what a worker needs to run an unfinished task."""
        (work,) = self.works([task_id])
        return work

    def works(self, task_ids: Sequence[str]) -> list[TaskWork]:
        """Return what workers need to run unfinished tasks, in the order asked for."""
        rows = self._work_reader.rows(
            "SELECT task_id, code, payload, result_serializers, resource_specification,"
            " walltime_s FROM json_each(?) CROSS JOIN tasks ON task_id = value"
            " JOIN functions USING (function_id)",
            json.dumps(task_ids),
        )
        return [
            # The function's packed buffer and the arguments' make one when joined.
            TaskWork(
                task_id,
                code + payload,
                json.loads(serializers),
                json.loads(resources or "null"),
                walltime_s,
            )
            for task_id, code, payload, serializers, resources, walltime_s in rows
        ]

    def note_attempts(self, task_ids: Sequence[str]) -> Future[None]:
        """Remember that workers run these tasks."""
        rows = [(task_id,) for task_id in task_ids]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE tasks SET attempts = attempts + 1 WHERE task_id = ?", rows
            )

        return self.writer.submit(write)

    def forgive_attempts(self) -> Future[None]:
        """Forget the attempts that a clean shutdown interrupts: no task is to blame for them."""

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE tasks SET attempts = 0 WHERE completed_at IS NULL")

        return self.writer.submit(write)

    def finish(self, outcome: Outcome) -> Future[None]:
        """Keep how a task ended; the first outcome stays."""
        return self.finish_all([outcome])

    def finish_all(self, outcomes: Sequence[Outcome]) -> Future[None]:
        """Keep how tasks ended, all or none; the first outcome of a task stays."""
        rows = [
            (
                outcome.completed_at,
                outcome.result,
                outcome.exception,
                outcome.reason,
                json.dumps(outcome.details),
                outcome.task_id,
            )
            for outcome in outcomes
        ]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                # The payload is of no more use, and may be large.
                "UPDATE tasks SET payload = NULL, completed_at = ?, result = ?, exception = ?,"
                " reason = ?, details = ? WHERE task_id = ? AND completed_at IS NULL",
                rows,
            )

        return self.writer.submit(write)


def _require_function(connection: sqlite3.Connection, function_id: str) -> None:
    query = "SELECT 1 FROM functions WHERE function_id = ? AND NOT deleted"
    if connection.execute(query, (function_id,)).fetchone() is None:
        raise not_found("function", function_id)


def _task_rows(
    submission: Submission, accepted: AcceptedTasks, received_at: float
) -> list[tuple[object, ...]]:
    limits = submission.class_limits
    common = (
        json.dumps(submission.result_serializers),
        _json_or_null(submission.resource_specification),
        _json_or_null(submission.user_endpoint_config),
        received_at,
        submission.create_queue,
        None if limits is None else limits.walltime_s,
    )
    return [
        (task_id, accepted.task_group_id, function_id, payload, *common)
        for function_id, payloads in submission.payloads.items()
        for task_id, payload in zip(accepted.task_ids[function_id], payloads, strict=True)
    ]


def _json_or_null(value: dict[str, Any] | None) -> str | None:
    return json.dumps(value) if value else None


def _task_record(row: tuple[Any, ...]) -> TaskRecord:
    task_id, received_at, completed_at, result, exception, reason, details = row
    if completed_at is None:
        return TaskRecord(task_id, received_at, None)
    outcome = Outcome(task_id, result, exception, reason, completed_at, json.loads(details))
    return TaskRecord(task_id, received_at, outcome)
