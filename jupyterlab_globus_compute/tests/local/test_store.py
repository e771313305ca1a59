"""The database on its own: commits that are shared, and neighbours that are not harmed."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local.errors import ApiError
from jupyterlab_globus_compute.local.records import FunctionRegistration, Outcome, Submission
from jupyterlab_globus_compute.local.store import Store
from jupyterlab_globus_compute.local.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

UNKNOWN_ID = "11111111-1111-1111-1111-111111111111"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "service.db")
    yield store
    store.close()


def add_task(store: Store, payload: str = "arguments") -> str:
    registration = FunctionRegistration("f", "function+", None, None, public=False, group=None)
    function_id = store.registry.add_function(registration)
    submission = Submission(None, {function_id: [payload]}, ["some.Strategy"])
    (task_id,) = store.add_tasks(submission).in_order()
    return task_id


def outcome_of(task_id: str, result: str) -> Outcome:
    return Outcome(task_id, result, None, None, 1.5, {"task_transitions": {}})


def test_work_joins_function_and_arguments(store: Store) -> None:
    work = store.work(add_task(store))
    assert work.buffer == "function+arguments"
    assert work.result_serializers == ["some.Strategy"]


def test_the_first_outcome_stays(store: Store) -> None:
    task_id = add_task(store)
    assert store.unfinished_tasks() == [(task_id, 0)]
    store.finish(outcome_of(task_id, "first")).result()
    store.finish(outcome_of(task_id, "second")).result()
    assert store.tasks([task_id])[task_id].outcome == outcome_of(task_id, "first")
    assert store.unfinished_tasks() == []


def test_a_reopened_database_holds_the_same(tmp_path: Path) -> None:
    first = Store(tmp_path / "service.db")
    task_id, endpoint_id = add_task(first), first.registry.endpoint_id()
    first.note_attempts([task_id])
    first.close()
    second = Store(tmp_path / "service.db")
    assert second.registry.endpoint_id() == endpoint_id
    assert second.unfinished_tasks() == [(task_id, 1)]
    second.forgive_attempts().result()
    assert second.unfinished_tasks() == [(task_id, 0)]
    second.close()


def test_an_unknown_function_keeps_the_whole_submission_out(store: Store) -> None:
    with pytest.raises(ApiError, match="is not known"):
        store.add_tasks(Submission(None, {UNKNOWN_ID: ["x"]}))
    assert store.unfinished_tasks() == []


class HeldWriter:
    """A writer of a table of numbers that is kept busy until ``release``."""

    def __init__(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        self.transactions = 0
        self._writer = Writer(path)
        self._go = threading.Event()
        is_busy = threading.Event()

        def hold(connection: sqlite3.Connection) -> None:
            connection.set_trace_callback(self._count)
            is_busy.set()
            self._go.wait()

        self._writer.submit(hold)
        is_busy.wait()

    def insert(self, number: int) -> Future[int | None]:
        def write(connection: sqlite3.Connection) -> int | None:
            return connection.execute("INSERT INTO numbers VALUES (?)", (number,)).lastrowid

        return self._writer.submit(write)

    def release(self) -> None:
        self._go.set()
        self._writer.close()

    def _count(self, statement: str) -> None:
        self.transactions += statement.startswith("BEGIN")


def test_operations_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    writer = HeldWriter(tmp_path / "numbers.db")
    inserts = [writer.insert(n) for n in range(100)]
    writer.release()
    assert [insert.result() for insert in inserts] == list(range(100))
    assert writer.transactions == 1


def test_a_bad_operation_does_not_undo_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "numbers.db"
    writer = HeldWriter(path)
    first, second, again, third = (writer.insert(n) for n in (1, 2, 2, 3))
    writer.release()
    assert [first.result(), second.result(), third.result()] == [1, 2, 3]
    assert isinstance(again.exception(), sqlite3.IntegrityError)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT n FROM numbers ORDER BY n").fetchall()
    assert rows == [(1,), (2,), (3,)]
