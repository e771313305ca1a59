"""The service and its workers killed in the midst of their work."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING

import psutil
import pytest

from .service_process import TIMEOUT_S, LocalService, wait_until

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20261123
WORKERS = 2
DIED = "the worker process died: out of memory, or os._exit?"

LOG = """
import os, time
def f(log, i, seconds):
    fd = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(fd, f"{i}\\n".encode())
    os.close(fd)
    time.sleep(seconds)
    return i
"""

WITH_CHILD = """
import subprocess, time
def f(log):
    child = subprocess.Popen(["sleep", "600"])
    with open(log, "a") as file:
        file.write(f"{child.pid}\\n")
    time.sleep(600)
"""

STUBBORN = """
import ctypes, os
def f(log):
    if os.path.exists(log):
        return "second"
    with open(log, "w") as file:
        file.write(str(os.getpid()))
    ctypes.PyDLL(None).sleep(600)
"""

long = [pytest.mark.long, pytest.mark.timeout(900)]


def starts(log: Path) -> list[int]:
    """Return the task numbers in the order in which tasks have begun."""
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def wait_for_starts(log: Path, number: int) -> None:
    wait_until(lambda: len(starts(log)) > number, "that many tasks have begun")


def worker_pids(service: LocalService) -> list[int]:
    children = psutil.Process(service.process.pid).children()
    return [child.pid for child in children if "compute-guard" not in child.cmdline()]


@pytest.mark.parametrize(
    ("tasks", "kills"), [(300, 3), pytest.param(3000, 20, marks=long)], ids=["short", "long"]
)
def test_the_service_is_killed_again_and_again(tmp_path: Path, tasks: int, kills: int) -> None:
    """No result and no accepted task is lost, and only what was running runs twice."""
    log = tmp_path / "log"
    moments = sorted(random.Random(SEED).sample(range(tasks), kills))  # noqa: S311 - no secret
    with LocalService(tmp_path / "data", workers=WORKERS) as service:
        function_id = service.register(LOG)
        ids = service.submit(function_id, [(str(log), i, 0.003) for i in range(tasks)])
        for moment in moments:
            # At once, if the tasks have got that far already: then perhaps before any runs.
            wait_for_starts(log, moment)
            service.kill()
            service.start()
            states = {task["status"] for task in service.tasks(ids).values()}
            assert states <= {"success", "running", "waiting-for-nodes"}
        values = [service.value(task) for task in service.finished(ids)]
    assert values == list(range(tasks))
    runs = Counter(starts(log))
    assert runs.keys() == set(range(tasks))
    # Each worker runs one task at a time.
    assert runs.total() - tasks <= kills * WORKERS


@pytest.mark.parametrize(
    ("tasks", "every"), [(400, 100), pytest.param(2000, 200, marks=long)], ids=["short", "long"]
)
def test_workers_are_killed_again_and_again(tmp_path: Path, tasks: int, every: int) -> None:
    """The task that ran fails, and names why; all others succeed, and none runs twice."""
    log = tmp_path / "log"
    kills = 0
    with LocalService(tmp_path / "data", workers=WORKERS) as service:
        function_id = service.register(LOG)
        ids = service.submit(function_id, [(str(log), i, 0.002) for i in range(tasks)])
        for moment in range(every // 2, tasks, every):
            wait_for_starts(log, moment)
            wait_until(lambda: worker_pids(service), "there is a worker")
            os.kill(worker_pids(service)[0], signal.SIGKILL)
            kills += 1
        finished = service.finished(ids)
    failed = [task for task in finished if task["status"] == "failed"]
    assert len(failed) <= kills
    assert all(task["exception"] == f"{DIED} (signal SIGKILL)" for task in failed)
    values = [service.value(task) for task in finished if task["status"] == "success"]
    assert len(values) == len(set(values)) == tasks - len(failed)
    assert max(Counter(starts(log)).values()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left(tmp_path: Path, number: signal.Signals) -> None:
    """Neither workers, nor what their tasks have started, ten seconds after the service."""
    log = tmp_path / "log"
    with LocalService(tmp_path / "data", workers=3) as service:
        service.submit(service.register(WITH_CHILD), [(str(log),)] * 3)
        wait_until(lambda: len(starts(log)) == 3, "all workers are busy")
        family = psutil.Process(service.process.pid).children(recursive=True)
        assert set(starts(log)) <= {process.pid for process in family}
        service.process.send_signal(number)
        _, left = psutil.wait_procs(family, timeout=10)
        assert [p for p in left if p.status() != psutil.STATUS_ZOMBIE] == []
        service.process.wait(10)


def test_a_worker_that_outlives_everything_is_ended_by_the_next_service(tmp_path: Path) -> None:
    """Its guard killed, and its own watch kept from running by a task in foreign code."""
    log = tmp_path / "log"
    with LocalService(tmp_path / "data", workers=1) as service:
        ids = service.submit(service.register(STUBBORN), [(str(log),)])
        wait_until(lambda: starts(log), "the task runs")
        worker = psutil.Process(starts(log)[0])
        (guard,) = [
            child
            for child in psutil.Process(service.process.pid).children()
            if child.pid != worker.pid
        ]
        guard.kill()
        service.kill()
        assert worker.is_running()
        service.start()
        _, alive = psutil.wait_procs([worker], timeout=10)
        assert alive == []
        assert service.value(service.finished(ids)[0]) == "second"


@pytest.mark.long
def test_a_task_that_ends_the_service_at_once_is_given_up(tmp_path: Path) -> None:
    """Although the service that it ends first has no time to take note of it."""
    with LocalService(tmp_path / "data", workers=1) as service:
        deadly = "import os, time\ndef f():\n    os.kill(os.getppid(), 9); time.sleep(600)\n"
        (killer,) = service.submit(service.register(deadly))
        ends = 0
        while True:
            task = service.tasks([killer])[killer]
            if task["status"] == "failed":
                break
            service.process.wait(TIMEOUT_S)
            ends += 1
            service.start()
        assert "the service ended 3 times while this task ran" in task["exception"]
        assert ends == 4
        assert service.value(service.call("def f():\n    return 1\n")) == 1


def test_fifty_clients_at_once(tmp_path: Path) -> None:
    """Each gets its own results, all of them."""
    clients, tasks = 50, 20
    values: dict[int, list[int]] = {}
    with LocalService(tmp_path / "data", workers=WORKERS) as service:
        function_id = service.register("def f(client, i):\n    return client * 1000 + i\n")
        at_once = threading.Barrier(clients)

        def run(client: int) -> None:
            at_once.wait()
            ids = service.submit(function_id, [(client, i) for i in range(tasks)])
            values[client] = [service.value(task) for task in service.finished(ids)]

        threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert values == {
        client: [client * 1000 + i for i in range(tasks)] for client in range(clients)
    }
