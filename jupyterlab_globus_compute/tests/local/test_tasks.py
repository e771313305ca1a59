"""What becomes of a task: values, failures, and workers that die."""

from __future__ import annotations

import os
import platform
import select
import signal
from pathlib import Path

import pytest

from .service_process import LocalService, is_running, wait_until

AUTOGROUP = Path("/proc/self/autogroup")

DIED = "the worker process died: out of memory, or os._exit?"

WAIT_FOR_FILE = """
def f(path):
    import os, time
    while not os.path.exists(path):
        time.sleep(0.01)
    return os.getpid()
"""


def test_a_value_comes_back(service: LocalService) -> None:
    task = service.call("def f(x):\n    return {'double': x * 2}\n", 21)
    assert service.value(task) == {"double": 42}
    assert "exception" not in task
    assert "reason" not in task
    assert float(task["completion_t"]) > 0


def test_tasks_give_way_to_other_programs(service: LocalService) -> None:
    task = service.call("def f():\n    import os\n    return os.nice(0)\n")
    assert service.value(task) == os.nice(0) + 10


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="this system has no autogroups")
def test_so_does_their_session(service: LocalService) -> None:
    source = f"def f():\n    with open({str(AUTOGROUP)!r}) as group:\n        return group.read()\n"
    assert service.value(service.call(source)).split()[1:] == ["nice", "10"]


def test_details_of_a_finished_task(service: LocalService) -> None:
    details = service.call("def f():\n    pass\n")["details"]
    assert details["python_version"] == platform.python_version()
    assert details["endpoint_id"] == service.endpoint_id
    assert {"os", "dill_version", "globus_compute_sdk_version"} <= details.keys()
    moments = details["task_transitions"]
    assert moments["received"] < moments["execution-start"] < moments["execution-end"]


def test_one_worker_takes_tasks_in_order(own_service: LocalService, tmp_path: Path) -> None:
    log = tmp_path / "order"
    source = "def f(path, i):\n    print(i, file=open(path, 'a'))\n"
    own_service.finished(
        own_service.submit(own_service.register(source), [(str(log), i) for i in range(50)])
    )
    assert log.read_text().split() == [str(i) for i in range(50)]


def test_all_tasks_of_a_large_batch_come_back(service: LocalService) -> None:
    function_id = service.register("def f(i):\n    return i\n")
    tasks = service.finished(service.submit(function_id, [(i,) for i in range(1000)]))
    assert [service.value(task) for task in tasks] == list(range(1000))


def test_states_on_the_way(own_service: LocalService, tmp_path: Path) -> None:
    go = tmp_path / "go"
    first, second = own_service.submit(own_service.register(WAIT_FOR_FILE), [(str(go),)] * 2)
    wait_until(lambda: own_service.tasks([first])[first]["status"] == "running", "it runs")
    tasks = own_service.tasks([first, second])
    assert tasks[first]["details"]["task_transitions"].keys() == {"received", "execution-start"}
    assert tasks[second]["status"] == "waiting-for-nodes"
    assert tasks[second]["details"]["task_transitions"].keys() == {"received"}
    status = own_service.request("GET", f"/v2/endpoints/{own_service.endpoint_id}/status").body
    assert status["status"] == "online"
    assert status["details"]["pending_tasks"] == 1
    assert status["details"]["idle_workers"] == 0
    go.touch()
    own_service.finished([first, second])


@pytest.mark.parametrize(
    ("statement", "last_line"),
    [
        ("raise ValueError('bad 7')", "ValueError: bad 7"),
        ("raise SystemExit(4)", "SystemExit: 4"),
        ("__import__('sys').exit('enough')", "SystemExit: enough"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("__import__('_thread').interrupt_main(); [None for _ in range(10**9)]", "KeyboardInterr"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise SystemExit('\\ud800')", "SystemExit: \\ud800"),
        ("raise ValueError('\\ud800')", "surrogates not allowed"),
        # Classes made in this way have no module, which Python's own formatting trips over.
        ("raise type('Odd', (BaseException,), {})('text')", "Odd (it could not be described)"),
        ("raise type('Odd', (Exception,), {})('text')", "AttributeError (it could not be"),
    ],
)
def test_whatever_is_raised_is_a_failed_task_with_its_traceback(
    service: LocalService, statement: str, last_line: str
) -> None:
    task = service.call(f"def f():\n    {statement}\n")
    assert task["status"] == "failed"
    assert task["exception"].startswith("Traceback (most recent call last):\n")
    assert last_line in task["exception"]
    assert "result" not in task
    assert task["reason"] == "An error occurred during the execution of this task"
    assert task["details"]["python_version"] == platform.python_version()


def test_a_value_that_cannot_be_serialized_is_a_failed_task(service: LocalService) -> None:
    task = service.call("def f():\n    return (x for x in [])\n")
    assert task["status"] == "failed"
    assert "cannot pickle 'generator' object" in task["exception"]


def test_the_traceback_begins_in_the_users_code(service: LocalService) -> None:
    text = service.call("def f():\n    g()\ndef g():\n    raise SystemExit\n")["exception"]
    assert text.splitlines()[1].endswith("line 2, in f")
    assert "run_task" not in text
    assert "execute_task" not in text


@pytest.mark.parametrize(
    ("statement", "ending"),
    [
        ("os._exit(1)", " (exit code 1)"),
        ("os._exit(0)", " (exit code 0)"),
        ("os.kill(os.getpid(), 9)", " (signal SIGKILL)"),
        ("os.abort()", " (signal SIGABRT)"),
        ("os.closerange(3, 256)", ""),
    ],
)
def test_a_worker_that_dies_fails_its_task_only(
    service: LocalService, statement: str, ending: str
) -> None:
    function_id = service.register("def f(x):\n    return x\n")
    before = service.submit(function_id, [(i,) for i in range(20)])
    killer = service.submit(service.register(f"import os\ndef f():\n    {statement}\n"))
    after = service.submit(function_id, [(i,) for i in range(20)])
    (task,) = service.finished(killer)
    assert task["status"] == "failed"
    assert task["exception"].startswith(DIED)
    assert task["exception"].endswith(ending)
    assert [service.value(task) for task in service.finished(before + after)] == [*range(20)] * 2


def test_workers_killed_from_outside_at_any_moment(service: LocalService) -> None:
    """Killed while idle, taking a task or answering, a worker costs its own task at most."""
    source = "import os\ndef f(data):\n    return os.getpid(), data\n"
    function_id = service.register(source)
    for _ in range(4):
        (task,) = service.finished(service.submit(function_id, [(b"",)]))
        pid, _ = service.value(task)
        ids = service.submit(function_id, [(b"x" * 100_000,) for _ in range(8)])
        # However far it has got by now.
        os.kill(pid, signal.SIGKILL)
        tasks = service.finished(ids)
        lost = [task for task in tasks if task["status"] == "failed"]
        assert len(lost) <= 1
        assert all(task["exception"].startswith(DIED) for task in lost)


def test_what_a_dead_workers_task_started_dies_too(own_service: LocalService) -> None:
    source = """
import os, subprocess
def f(path):
    child = subprocess.Popen(["sleep", "600"])
    with open(path, "w") as file:
        file.write(str(child.pid))
    os._exit(1)
"""
    report = own_service.data_dir / "child"
    own_service.call(source, str(report))
    child = int(report.read_text())
    wait_until(lambda: not is_running(child), "the worker's child is gone")


def test_a_task_that_forks_answers_once(own_service: LocalService) -> None:
    function_id = own_service.register("import os\ndef f(x):\n    os.fork()\n    return x\n")
    tasks = own_service.finished(own_service.submit(function_id, [(i,) for i in range(20)]))
    assert [own_service.value(task) for task in tasks] == list(range(20))


def test_a_result_of_more_than_10_mib_is_a_failed_task(service: LocalService) -> None:
    task = service.call("def f():\n    return b'x' * (11 * 1024 * 1024)\n")
    assert task["exception"] == "MaxResultSizeExceeded(15581488, 10485760)"
    assert "10485760B" in task["reason"]
    task = service.call("def f():\n    return b'x' * (7 * 1024 * 1024)\n")
    assert len(service.value(task)) == 7 * 1024 * 1024


def test_an_endless_exception_text_is_a_failed_task(service: LocalService) -> None:
    task = service.call("def f():\n    raise ValueError('x' * (30 * 1024 * 1024))\n")
    assert task["status"] == "failed"
    assert "too long" in task["exception"]


def test_the_surroundings_of_a_task(service: LocalService) -> None:
    source = """
import os, sys
def f():
    print("to nowhere")
    os.write(1, b"to nowhere")
    try:
        input()
    except EOFError:
        return os.getcwd()
"""
    assert service.value(service.call(source)) == str(service.data_dir / "tasks_working_dir")
    stdout = service.process.stdout
    assert stdout is not None
    assert select.select([stdout], [], [], 0) == ([], [], [])
    assert "to nowhere" not in service.stderr()


def test_a_worker_keeps_nothing_of_the_service_open(service: LocalService) -> None:
    """Neither the listening port, nor the database, nor the lock."""
    source = """
import os
def f():
    kinds = []
    for fd in range(3, 64):
        try:
            kinds.append(os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:
            pass
    return kinds
"""
    if platform.system() != "Linux":
        pytest.skip("needs /proc to see a process's open files")
    opened = service.value(service.call(source))
    assert not [path for path in opened if "service." in path or "TCP" in path]


def test_result_serializers_are_honoured(service: LocalService) -> None:
    function_id = service.register("def f():\n    return 2\n")
    body = {
        "tasks": {function_id: [service.payload()]},
        "result_serializers": ["globus_compute_sdk.serialize.JSONData"],
    }
    answer = service.request("POST", f"/v3/endpoints/{service.endpoint_id}/submit", body)
    (task,) = service.finished(answer.body["tasks"][function_id])
    assert task["result"] == "11\n2"


def test_source_with_any_characters(service: LocalService) -> None:
    task = service.call("def f(x):\n    return 'é😀\\0' + x\n", "\0ü")
    assert service.value(task) == "é😀\0\0ü"
