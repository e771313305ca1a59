"""Cancelling: what waits, what runs, and what is too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .event_reader import EventReader
from .service_process import LocalService, is_running, wait_until
from .test_api import assert_refused

if TYPE_CHECKING:
    from pathlib import Path

WAIT = """
def f(log, go, i):
    import os, time
    with open(log, "a") as file:
        file.write(f"{i} {os.getpid()}\\n")
    while not os.path.exists(go):
        time.sleep(0.01)
    return i
"""


def started(log: Path) -> dict[int, int]:
    """Return the worker's process id of each task that has started."""
    lines = log.read_text().splitlines() if log.exists() else []
    return {int(i): int(pid) for i, pid in map(str.split, lines)}


def test_what_waits_never_runs(own_service: LocalService, tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    function_id = own_service.register(WAIT)
    ids = own_service.submit(function_id, [(str(log), str(go), i) for i in range(4)])
    wait_until(lambda: started(log), "the first one runs")
    answer = own_service.request("DELETE", f"/v3/tasks/{ids[2]}")
    assert answer.body == {"task_id": ids[2], "status": "failed", "reason": "cancelled"}
    task = own_service.tasks(ids)[ids[2]]
    assert task["status"] == "failed"
    assert "cancelled" in task["exception"]
    go.touch()
    tasks = own_service.finished(ids)
    assert [task["status"] for task in tasks] == ["success", "success", "failed", "success"]
    assert started(log).keys() == {0, 1, 3}


def test_what_runs_ends_with_its_worker_alone(tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    with LocalService(tmp_path / "data", workers=2) as service:
        function_id = service.register(WAIT)
        ids = service.submit(function_id, [(str(log), str(go), i) for i in range(6)])
        # Which two these are is the engine's business: a worker may hold several tasks.
        wait_until(lambda: len(started(log)) == 2, "two run")
        pids = started(log)
        victim, neighbour = pids
        with EventReader(service) as reader:
            answer = service.request("DELETE", f"/v3/tasks/{ids[victim]}")
            reason = {"task_id": ids[victim], "status": "failed", "reason": "killed"}
            assert answer.body == reason
            assert reader.states([ids[victim]])[ids[victim]][-1] == "failed"
        assert not is_running(pids[victim])
        assert is_running(pids[neighbour])
        task = service.tasks(ids)[ids[victim]]
        assert "cancelled" in task["exception"]
        go.touch()
        others = [i for i in range(6) if i != victim]
        tasks = service.finished([ids[i] for i in others])
        assert [service.value(task) for task in tasks] == others


def test_what_has_ended_stays_as_it_is(service: LocalService) -> None:
    task = service.call("def f():\n    return 1\n")
    answer = service.request("DELETE", f"/v3/tasks/{task['task_id']}")
    assert_refused(answer, 409, "TASK_NOT_CANCELLABLE")
    assert service.tasks([task["task_id"]])[task["task_id"]] == task


def test_twice(own_service: LocalService, tmp_path: Path) -> None:
    calls = [(str(tmp_path / "log"), str(tmp_path / "never"), i) for i in range(2)]
    ids = own_service.submit(own_service.register(WAIT), calls)
    for task_id in ids[::-1]:
        assert own_service.request("DELETE", f"/v3/tasks/{task_id}").status == 200
        answer = own_service.request("DELETE", f"/v3/tasks/{task_id}")
        assert_refused(answer, 409, "TASK_NOT_CANCELLABLE")
    own_service.stop()
    own_service.start()
    assert all("cancelled" in task["exception"] for task in own_service.tasks(ids).values())
