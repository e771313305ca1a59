"""What the engine promises of tasks that are slow, cancelled, greedy, or share a worker."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import (
    Result,
    ResultErrorDetails,
    Task,
    TaskTransition,
)
from globus_compute_common.tasks import ActorName, TaskState

from jupyterlab_globus_compute.local.outcome import read_result
from jupyterlab_globus_compute.local.pace import MAX_SHARE, Pace
from jupyterlab_globus_compute.local.task_ids import new_task_id
from jupyterlab_globus_compute.local.task_limits import TaskLimits
from jupyterlab_globus_compute.local.worker.execution import pack_task
from jupyterlab_globus_compute.local.worker.journal import JOURNAL_SUFFIXES, Journal, read_journal
from jupyterlab_globus_compute.local.worker.protocol import WorkerTask

from .engine_harness import EngineHarness
from .service_process import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY = "def f(*args):\n    pass\n"

LOG = """
import os
def f(log, i):
    fd = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(fd, f"{i}\\n".encode())
    os.close(fd)
    return i
"""

LOG_AND_WAIT = """
import os, time
def f(log, i, go):
    with open(log, "a") as file:
        file.write(f"{i}\\n")
    while not os.path.exists(go):
        time.sleep(0.005)
    return i
"""


@pytest.fixture
def one(tmp_path: Path) -> Iterator[EngineHarness]:
    """An engine with one worker that has found tasks to be short."""
    with EngineHarness(tmp_path, workers=1) as harness:
        harness.outcomes(harness.submit(EMPTY, [()] * 200))
        yield harness


def test_the_share_follows_the_tasks() -> None:
    pace = Pace()
    assert pace.share == 1
    for _ in range(100):
        pace.note(0.0002)
    assert pace.share == MAX_SHARE
    pace.note(10.0)
    assert pace.share == 1


def test_ids_of_tasks_are_in_the_order_of_time() -> None:
    before_ms = time.time_ns() // 1_000_000
    ids = [uuid.UUID(new_task_id()) for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {(one.version, one.variant) for one in ids} == {(7, uuid.RFC_4122)}
    moments_ms = [one.int >> 80 for one in ids]
    assert moments_ms == sorted(moments_ms)
    assert before_ms <= moments_ms[0] <= moments_ms[-1] <= time.time_ns() // 1_000_000


def test_a_task_is_packed_as_globus_packs_it() -> None:
    task_id = uuid.uuid4()
    text = 'é😀"\\\n\0'
    packed = pack_task(WorkerTask(str(task_id), text, None))
    assert messagepack.unpack(packed) == Task(task_id=task_id, task_buffer=text)


@pytest.mark.parametrize("failed", [False, True])
def test_a_result_is_read_as_globus_reads_it(failed: bool) -> None:
    error = ResultErrorDetails(code="RemoteExecutionError", user_message="why") if failed else None
    moments = ((TaskState.EXEC_START, 10**18), (TaskState.EXEC_END, 10**18 + 10**9))
    result = Result(
        task_id=uuid.uuid4(),
        data='é😀"\\\n\0',
        error_details=error,
        details={"python_version": "3.11"},
        task_statuses=[
            TaskTransition(timestamp=at, state=state, actor=ActorName.WORKER)
            for state, at in moments
        ],
    )
    outcome = read_result(messagepack.pack(result))
    assert outcome.task_id == str(result.task_id)
    assert (outcome.exception if failed else outcome.result) == result.data
    assert (outcome.result if failed else outcome.exception) is None
    assert outcome.reason == ("why" if failed else None)
    assert outcome.details == {
        "python_version": "3.11",
        "task_transitions": {"execution-start": 1e9, "execution-end": 1e9 + 1},
    }


@pytest.mark.parametrize(
    "packed", [b"", b"\x02{}", b"\x01", b"\x01[]", b'\x01{"message_type":"task","data":{}}']
)
def test_what_is_no_result_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="something else than a result"):
        read_result(packed)


def test_a_journal_forgets_what_is_stored(tmp_path: Path) -> None:
    paths = [tmp_path / f"worker{suffix}" for suffix in JOURNAL_SUFFIXES]
    journal = Journal(str(tmp_path / "worker"))
    large = b"x" * (1024 * 1024)
    for number, packed in enumerate([b"first", large, b"second", b"third"], 1):
        journal.append(number, packed)

    def held() -> list[bytes]:
        return [packed for path in paths for packed in read_journal(path.read_bytes())]

    assert held() == [b"first", large, b"second", b"third"]
    journal.forget(1)
    assert held() == [b"first", large, b"second", b"third"]
    journal.forget(2)
    assert held() == [b"second", b"third"]
    with paths[1].open("ab") as file:
        file.write(b"\0\0\0\5torn")
    assert held() == [b"second", b"third"]
    journal.forget(4)
    assert held() == []


def test_nothing_waits_behind_a_slow_task(tmp_path: Path) -> None:
    """Tasks handed to a worker ahead of time run elsewhere, once, if it gets stuck."""
    log, go = tmp_path / "log", tmp_path / "go"
    with EngineHarness(tmp_path) as harness:
        harness.outcomes(harness.submit(EMPTY, [()] * 200))
        # Both kinds in one queue: the slow one is in the middle of somebody's share.
        first = harness.submit(LOG, [(str(log), i) for i in range(100)])
        (slow,) = harness.submit(LOG_AND_WAIT, [(str(log), "slow", str(go))])
        second = harness.submit(LOG, [(str(log), i) for i in range(100, 300)])
        assert harness.values(first + second) == list(range(300))
        assert harness.is_running(slow)
        go.touch()
        assert harness.values([slow]) == ["slow"]
    counts = Counter(log.read_text().split())
    assert counts == Counter([*map(str, range(300)), "slow"])


def test_many_slow_tasks_among_short_ones(tmp_path: Path) -> None:
    """A mix ends about as soon as the slow ones alone let it, with every task run once."""
    log = tmp_path / "log"
    sleepy = LOG.replace("def f(log, i):", "def f(log, i, s):\n    import time; time.sleep(s)")
    calls = [(str(log), i, 0.2 if i % 20 == 0 else 0.0) for i in range(200)]
    with EngineHarness(tmp_path) as harness:
        assert harness.values(harness.submit(sleepy, calls)) == list(range(200))
    assert Counter(log.read_text().split()) == Counter(map(str, range(200)))


def test_a_worker_that_dies_names_its_task_and_harms_no_other(tmp_path: Path) -> None:
    log = tmp_path / "log"
    deadly = LOG.replace("    return i", "    os._exit(7) if i % 50 == 49 else None\n    return i")
    with EngineHarness(tmp_path) as harness:
        harness.outcomes(harness.submit(EMPTY, [()] * 200))
        outcomes = harness.outcomes(harness.submit(deadly, [(str(log), i) for i in range(300)]))
    dead = [i for i, outcome in enumerate(outcomes) if outcome.exception is not None]
    assert dead == [49, 99, 149, 199, 249, 299]
    assert all("(exit code 7)" in str(outcomes[i].exception) for i in dead)
    assert Counter(log.read_text().split()) == Counter(map(str, range(300)))


def test_cancelling_tasks_in_every_state(one: EngineHarness, tmp_path: Path) -> None:
    log, never, go = tmp_path / "log", tmp_path / "never", tmp_path / "go"
    (running,) = one.submit(LOG_AND_WAIT, [(str(log), "running", str(never))])
    waiting = one.submit(LOG, [(str(log), i) for i in range(40)])
    wait_until(lambda: one.is_running(running), "it runs")
    # Some of these are already in the worker's hands.
    assert [one.engine.cancel(task_id) for task_id in waiting[::2]] == ["cancelled"] * 20
    assert one.engine.cancel(running) == "killed"
    assert one.values(waiting[1::2]) == list(range(1, 40, 2))
    for outcome in one.outcomes(waiting[::2]):
        assert outcome.exception == "the task was cancelled before it began"
    (killed,) = one.outcomes([running])
    assert str(killed.exception).startswith("the task was cancelled while it ran")
    assert log.read_text().split() == ["running", *map(str, range(1, 40, 2))]
    assert one.engine.cancel(running) == "not-found"
    assert one.engine.cancel(waiting[1]) == "not-found"
    assert one.engine.cancel(str(uuid.uuid4())) == "not-found"
    (after,) = one.submit(LOG_AND_WAIT, [(str(log), "after", str(go))])
    go.touch()
    assert one.values([after]) == ["after"]


def test_cancelling_short_tasks_at_any_moment(one: EngineHarness, tmp_path: Path) -> None:
    """Whatever the answer, it is true, and no neighbour is harmed."""
    log = tmp_path / "log"
    task_ids = one.submit(LOG, [(str(log), i) for i in range(300)])
    answers = {i: one.engine.cancel(task_ids[i]) for i in range(0, 300, 10)}
    outcomes = one.outcomes(task_ids)
    for i, outcome in enumerate(outcomes):
        assert (outcome.exception is None) == (answers.get(i, "not-found") == "not-found")
    ran = {int(i) for i in log.read_text().split()}
    assert {i for i, answer in answers.items() if answer == "cancelled"}.isdisjoint(ran)


def test_the_listener_hears_states_in_order(one: EngineHarness, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    (task_id,) = one.submit(LOG_AND_WAIT, [(str(log), 1, str(go))])
    wait_until(lambda: one.states_of(task_id) == ["running"], "it is said to run")
    go.touch()
    wait_until(lambda: one.states_of(task_id) == ["running", "success"], "it is said to end")
    assert one.store.tasks([task_id])[task_id].outcome is not None
    (bad,) = one.submit("def f():\n    raise ValueError\n")
    one.outcomes([bad])
    wait_until(lambda: one.states_of(bad)[-1:] == ["failed"], "it is said to fail")


def test_a_task_ends_at_its_walltime(tmp_path: Path) -> None:
    log, never = tmp_path / "log", tmp_path / "never"
    limits = TaskLimits(walltime_s=0.3)
    with EngineHarness(tmp_path, workers=1, limits=limits) as harness:
        endless = harness.submit(LOG_AND_WAIT, [(str(log), 1, str(never))])
        quick = harness.submit(LOG, [(str(log), 2)])
        (outcome,) = harness.outcomes(endless)
        assert outcome.exception == "the task ran longer than its walltime of 0.3 s and was ended"
        assert harness.values(quick) == [2]


def test_a_task_gets_no_more_memory_than_its_limit(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux limits memory per process")
    limits = TaskLimits(memory_limit_bytes=200 * 1024 * 1024)
    source = "def f(mib):\n    return len(b'x' * (mib * 1024 * 1024))\n"
    with EngineHarness(tmp_path, workers=1, limits=limits) as harness:
        (outcome,) = harness.outcomes(harness.submit(source, [(300,)]))
        assert "MemoryError" in str(outcome.exception)
        assert "may use 200 MiB of memory" in str(outcome.exception)
        # The limit is each task's own: what another one used does not count.
        assert harness.values(harness.submit(source, [(150,)] * 3)) == [150 * 1024 * 1024] * 3


def test_workers_run_in_another_environment(tmp_path: Path) -> None:
    """One that has Globus Compute, but not this package."""
    other = tmp_path / "other"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(other)], check=True)
    (site_packages,) = other.glob("lib/python3*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    # Its neighbours' Globus Compute is as good as one of its own.
    (site_packages / "shared.pth").write_text(f"{here}\n")
    python = str(other / "bin" / "python")
    with EngineHarness(tmp_path, workers=1, python=python) as harness:
        source = """
import sys
def f():
    return sys.prefix, list(vars(sys.modules["__main__"]))
"""
        ((prefix, names),) = harness.values(harness.submit(source))
        assert prefix == str(other)
        # What a task finds and leaves in `__main__` does not meet the worker's own code.
        assert "run_task" not in names


def test_an_interpreter_that_is_missing(tmp_path: Path) -> None:
    with EngineHarness(tmp_path, python=str(tmp_path / "none")) as harness:
        (outcome,) = harness.outcomes(harness.submit(EMPTY))
        assert "no worker process could start" in str(outcome.exception)
        assert str(tmp_path / "none") in str(outcome.exception)
