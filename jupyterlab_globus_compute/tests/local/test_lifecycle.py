"""Starting, stopping, dying and coming back."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .service_process import TIMEOUT_S, LocalService, is_running, run_in_vain, wait_until

if TYPE_CHECKING:
    from pathlib import Path

APPEND_AND_WAIT = """
def f(log, go, i):
    import os, time
    with open(log, "a") as file:
        file.write(f"{i} {os.getpid()}\\n")
    while not os.path.exists(go):
        time.sleep(0.01)
    return i
"""


def lines_of(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def wait_for_attempt(service: LocalService, log: Path, attempt: int) -> None:
    """Wait until a task runs for the nth time and the service has taken note of it."""
    wait_until(lambda: len(lines_of(log)) == attempt, "the task runs")
    with sqlite3.connect(service.data_dir / "service.db") as connection:
        query = "SELECT attempts FROM tasks ORDER BY seq"
        wait_until(lambda: connection.execute(query).fetchone() == (attempt,), "it is noted")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_announced_is_in_the_state_file(own_service: LocalService) -> None:
    data_dir = own_service.data_dir
    assert own_service.address.keys() == {"url", "token", "endpoint_id", "pid"}
    assert own_service.address["pid"] == own_service.process.pid
    assert json.loads((data_dir / "service.json").read_text()) == own_service.address
    own_service.stop()
    assert not (data_dir / "service.json").exists()
    assert own_service.stderr() == ""
    assert own_service.process.stdout is not None
    assert own_service.process.stdout.read() == b""


def test_only_the_owner_can_read_its_files(own_service: LocalService) -> None:
    own_service.call("def f():\n    pass\n")
    assert mode_of(own_service.data_dir) == 0o700
    files = [path for path in own_service.data_dir.iterdir() if path.is_file()]
    assert {"service.db", "service.json", "service.lock"} <= {path.name for path in files}
    assert {mode_of(path) for path in files} == {0o600}


def test_everything_is_still_there_after_a_restart(own_service: LocalService) -> None:
    function_id = own_service.register("def f(x):\n    return x\n")
    ids = own_service.submit(function_id, [(1,)])
    before = own_service.finished(ids)
    endpoint_id = own_service.endpoint_id
    assert own_service.stop() == 0
    own_service.start()
    assert own_service.endpoint_id == endpoint_id
    assert own_service.finished(ids) == before
    (task,) = own_service.finished(own_service.submit(function_id, [(2,)]))
    assert own_service.value(task) == 2


def test_a_second_service_is_refused(own_service: LocalService) -> None:
    second = LocalService(own_service.data_dir)
    code, said = run_in_vain(second)
    assert code == 3
    assert said.count("\n") == 1
    assert "Another service already uses" in said
    assert own_service.request("GET", "/v2/version").status == 200
    assert (own_service.data_dir / "service.json").exists()


def test_of_many_that_start_at_once_one_runs(tmp_path: Path) -> None:
    services = [LocalService(tmp_path / "data") for _ in range(4)]
    try:
        processes = [service.launch() for service in services]
        ended = 3
        wait_until(
            lambda: sum(process.poll() is not None for process in processes) == ended,
            "all but one have given up",
        )
        assert sorted(process.returncode or 0 for process in processes) == [0, 3, 3, 3]
    finally:
        for service in services:
            service.kill()


def test_tasks_survive_the_death_of_the_service(tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    with LocalService(tmp_path / "data", workers=2) as service:
        done = service.finished(service.submit(service.register("def f():\n    return 'old'\n")))
        calls = [(str(log), str(go), i) for i in range(20)]
        ids = service.submit(service.register(APPEND_AND_WAIT), calls)
        wait_until(lambda: len(lines_of(log)) == 2, "both workers are busy")
        workers = [int(pid) for _, pid in lines_of(log)]
        service.kill()
        wait_until(lambda: not any(map(is_running, workers)), "no worker is left")
        assert (service.data_dir / "service.json").exists()

        go.touch()
        service.start()
        tasks = service.finished(ids)
        assert [service.value(task) for task in tasks] == list(range(20))
        # At least once: what was running has run again, what waited has run once.
        assert sorted(int(i) for i, _ in lines_of(log)) == sorted([0, 1, *range(20)])
        assert service.finished([done[0]["task_id"]]) == done


@pytest.mark.parametrize("how", ["stdin", "SIGTERM", "SIGINT"])
def test_a_clean_end_leaves_no_process(tmp_path: Path, how: str) -> None:
    log, never = tmp_path / "log", tmp_path / "never"
    with LocalService(tmp_path / "data", workers=1) as service:
        service.submit(service.register(APPEND_AND_WAIT), [(str(log), str(never), 0)])
        wait_until(lambda: lines_of(log), "the worker is busy")
        ((_, worker_pid),) = lines_of(log)
        if how == "stdin":
            code = service.stop()
        else:
            service.process.send_signal(signal.Signals[how])
            code = service.process.wait(TIMEOUT_S)
        assert code == 0
        assert not is_running(int(worker_pid))
        assert not (service.data_dir / "service.json").exists()
        assert service.stderr() == ""


def test_without_exit_with_stdin_the_end_of_stdin_means_nothing(tmp_path: Path) -> None:
    with LocalService(tmp_path / "data", exit_with_stdin=False) as service:
        assert service.process.stdin is not None
        service.process.stdin.close()
        task = service.call("def f():\n    return 1\n")
        assert service.value(task) == 1
        service.process.terminate()
        assert service.process.wait(TIMEOUT_S) == 0


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Whatever becomes of the process that started it: its end of the pipe closes."""
    log, go, data_dir = tmp_path / "log", tmp_path / "never", tmp_path / "data"
    script = f"""
import sys
from pathlib import Path
from jupyterlab_globus_compute.tests.local.service_process import LocalService
from jupyterlab_globus_compute.tests.local.test_lifecycle import APPEND_AND_WAIT
service = LocalService(Path({str(data_dir)!r}), workers=1)
service.start()
service.submit(service.register(APPEND_AND_WAIT), [({str(log)!r}, {str(go)!r}, 0)])
print(service.address["pid"], flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        service_pid = int(parent.stdout.readline())
        wait_until(lambda: lines_of(log), "the worker is busy")
        ((_, worker_pid),) = lines_of(log)
        parent.kill()
        parent.wait(TIMEOUT_S)
    pids = (service_pid, int(worker_pid))
    wait_until(lambda: not any(map(is_running, pids)), "both processes are gone")


def test_a_process_left_by_a_task_does_not_hold_the_parents_pipe(tmp_path: Path) -> None:
    source = """
def f():
    import subprocess
    return subprocess.Popen(["sleep", "600"], start_new_session=True, close_fds=False).pid
"""
    with LocalService(tmp_path / "data") as service:
        left_pid = service.value(service.call(source))
        try:
            service.kill()
            # Reads to the end: a holder of the pipe would make this wait for ten minutes.
            assert service.process.stdout is not None
            assert is_running(left_pid)
        finally:
            os.kill(left_pid, signal.SIGKILL)


def test_a_worker_that_holds_the_interpreters_lock_ends_too(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux can end a process that runs no Python code")
    source = """
def f(path):
    import ctypes, os
    with open(path, "w") as file:
        file.write(f"{os.getpid()}\\n")
    ctypes.PyDLL(None).sleep(600)
"""
    log = tmp_path / "log"
    with LocalService(tmp_path / "data") as service:
        service.submit(service.register(source), [(str(log),)])
        wait_until(lambda: lines_of(log), "the worker is busy")
        service.kill()
        ((pid,),) = lines_of(log)
        wait_until(lambda: not is_running(int(pid)), "the worker is gone")


def test_a_task_that_always_takes_the_service_along_is_given_up(tmp_path: Path) -> None:
    log, never = tmp_path / "log", tmp_path / "never"
    with LocalService(tmp_path / "data", workers=1) as service:
        (task_id,) = service.submit(service.register(APPEND_AND_WAIT), [(str(log), str(never), 0)])
        for attempt in range(1, 4):
            wait_for_attempt(service, log, attempt)
            service.kill()
            service.start()
        (task,) = service.finished([task_id])
        assert "the service ended 3 times while this task ran" in task["exception"]
        assert len(lines_of(log)) == 3


def test_a_clean_end_is_not_counted_against_the_tasks_it_interrupts(tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    with LocalService(tmp_path / "data", workers=1) as service:
        calls = [(str(log), str(go), i) for i in range(3)]
        ids = service.submit(service.register(APPEND_AND_WAIT), calls)
        wait_for_attempt(service, log, 1)
        service.stop()
        with sqlite3.connect(service.data_dir / "service.db") as connection:
            attempts = connection.execute("SELECT attempts FROM tasks").fetchall()
        assert attempts == [(0,)] * 3
        go.touch()
        service.start()
        assert [service.value(task) for task in service.finished(ids)] == [0, 1, 2]
