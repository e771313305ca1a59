"""What is dropped, in which order, and what never is."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local.errors import ApiError
from jupyterlab_globus_compute.local.records import FunctionRegistration, Outcome, Submission
from jupyterlab_globus_compute.local.retention import Retention, RetentionLimits
from jupyterlab_globus_compute.local.store import Store

from .service_process import LocalService, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY_S = 86400.0
MIB = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "service.db")) as store:
        yield store


@pytest.fixture
def function_id(store: Store) -> str:
    registration = FunctionRegistration("f", "code", None, None, public=False, group=None)
    return store.registry.add_function(registration)


def add(store: Store, function_id: str, age_s: float | None, result: str = "x") -> str:
    """Add a task that ended so long ago, or has not."""
    (task_id,) = store.add_tasks(Submission(None, {function_id: ["x"]})).in_order()
    if age_s is not None:
        outcome = Outcome(task_id, result, None, None, time.time() - age_s, {})
        store.finish(outcome).result()
    return task_id


def test_results_are_dropped_by_age(store: Store, function_id: str) -> None:
    old = [add(store, function_id, 31 * DAY_S) for _ in range(3)]
    kept = [add(store, function_id, 29 * DAY_S), add(store, function_id, None)]
    retention = Retention(store, RetentionLimits(30 * DAY_S, None))
    assert retention.enforce() == 3
    assert store.tasks(old + kept).keys() == set(kept)
    assert retention.enforce() == 0


def test_the_oldest_results_are_dropped_by_size(store: Store, function_id: str) -> None:
    """Tasks of half a MiB each, added in another order than they ended in."""
    days = (3, 40, 2, 7, 31, *range(8, 30))
    ids = {day: add(store, function_id, day * DAY_S, "x" * (MIB // 2)) for day in days}
    waiting = add(store, function_id, None)
    Retention(store, RetentionLimits(None, 10 * MIB)).enforce()
    left = store.tasks([*ids.values(), waiting])
    kept = sorted(day for day in days if ids[day] in left)
    assert kept == sorted(days)[: len(kept)]
    # Ten at a time are dropped, of 27 of which 20 fit.
    assert len(kept) == 17
    assert waiting in left


def test_only_finished_tasks_are_dropped(store: Store, function_id: str) -> None:
    waiting = [add(store, function_id, None) for _ in range(10)]
    assert Retention(store, RetentionLimits(0.0, 1)).enforce() == 0
    assert store.tasks(waiting).keys() == set(waiting)


def test_a_deleted_function_goes_with_its_last_task(store: Store, function_id: str) -> None:
    add(store, function_id, 2 * DAY_S)
    store.registry.delete_function(function_id)
    Retention(store, RetentionLimits(DAY_S, None)).enforce()
    assert store.reader.rows("SELECT count(*) FROM functions") == [(0,)]


def test_the_file_shrinks(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "service.db")) as store:
        registration = FunctionRegistration("f", "code", None, None, public=False, group=None)
        function_id = store.registry.add_function(registration)
        for _ in range(10):
            add(store, function_id, 2 * DAY_S, "x" * MIB)
        Retention(store, RetentionLimits(DAY_S, None)).enforce()
    assert (tmp_path / "service.db").stat().st_size < MIB


def test_the_service_drops_old_results_when_it_starts(tmp_path: Path) -> None:
    with LocalService(tmp_path / "data") as service:
        function_id = service.register("def f():\n    return 1\n")
        (task_id,) = service.submit(function_id)
        service.finished([task_id])
        service.stop()
    with LocalService(tmp_path / "data", arguments=["--keep-days", "1e-9"]) as service:
        wait_until(lambda: service.tasks([task_id])[task_id]["status"] == "unknown", "it is gone")
        assert service.request("GET", f"/v2/functions/{function_id}").status == 200


def test_a_group_outlives_its_tasks(store: Store, function_id: str) -> None:
    submission = Submission(None, {function_id: ["x"]})
    accepted = store.add_tasks(submission)
    (task_id,) = accepted.in_order()
    store.finish(Outcome(task_id, "x", None, None, 1.0, {})).result()
    Retention(store, RetentionLimits(DAY_S, None)).enforce()
    assert store.task_group(accepted.task_group_id).tasks == []
    with pytest.raises(ApiError, match="not known"):
        store.task_group(task_id)
