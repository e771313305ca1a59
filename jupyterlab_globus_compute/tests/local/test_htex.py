"""``--engine htex``: Globus Compute's engine on Parsl, with a standard configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from .event_reader import EventReader
from .service_process import LocalService, run_in_vain, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """
display_name: HTEX on this computer
engine:
  type: GlobusComputeEngine
  address: 127.0.0.1
  encrypted: false
  max_workers_per_node: 2
  provider:
    type: LocalProvider
    init_blocks: 1
    min_blocks: 1
    max_blocks: 1
"""


def arguments(tmp_path: Path, config: str = CONFIG) -> list[str]:
    path = tmp_path / "config.yaml"
    path.write_text(config)
    return ["--engine", "htex", "--endpoint-config", str(path)]


def environment() -> dict[str, str]:
    """Parsl starts programs of globus-compute-endpoint by name."""
    return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


@pytest.fixture
def htex(tmp_path: Path) -> Iterator[LocalService]:
    with LocalService(
        tmp_path / "data", arguments=arguments(tmp_path), env=environment()
    ) as service:
        yield service
        if service.process.poll() is None:
            service.stop()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_tasks_run_on_parsl(htex: LocalService) -> None:
    metadata = htex.request("GET", f"/v2/endpoints/{htex.endpoint_id}").body["metadata"]
    assert metadata["engine"] == "htex"
    with EventReader(htex) as reader:
        function_id = htex.register("def f(x):\n    return x * 2\n")
        ids = htex.submit(function_id, [(i,) for i in range(300)])
        states = reader.states(ids)
    tasks = htex.finished(ids)
    assert [htex.value(task) for task in tasks] == [2 * i for i in range(300)]
    assert {seen[-1] for seen in states.values()} == {"success"}
    failed = htex.call("def f():\n    raise ValueError('bad 7')\n")
    assert "ValueError: bad 7" in failed["exception"]


@pytest.mark.long
@pytest.mark.timeout(300)
def test_it_leaves_no_process_and_takes_up_what_was_left(
    htex: LocalService, tmp_path: Path
) -> None:
    source = "import os, time\ndef f(go):\n    while not os.path.exists(go):\n"
    source += "        time.sleep(0.01)\n    return 'done'\n"
    go = tmp_path / "go"
    ids = htex.submit(htex.register(source), [(str(go),)] * 4)
    children = psutil.Process(htex.address["pid"]).children(recursive=True)
    assert children
    assert htex.stop() == 0
    wait_until(lambda: not any(map(_is_alive, children)), "all are gone")
    go.touch()
    htex.start()
    assert [htex.value(task) for task in htex.finished(ids)] == ["done"] * 4


@pytest.mark.long
@pytest.mark.timeout(300)
def test_nothing_outlives_a_service_that_is_killed(htex: LocalService) -> None:
    htex.call("def f():\n    return 1\n")
    children = psutil.Process(htex.address["pid"]).children(recursive=True)
    assert children
    htex.kill()
    wait_until(lambda: not any(map(_is_alive, children)), "all are gone")


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("engine: [", "no endpoint configuration"),
        ("display_name: none", "no endpoint configuration"),
        ("engine:\n  type: NoSuchEngine", "no endpoint configuration"),
        ("engine:\n  type: ThreadPoolEngine", "no engine of type GlobusComputeEngine"),
    ],
)
def test_a_configuration_that_cannot_be_used(tmp_path: Path, config: str, expected: str) -> None:
    service = LocalService(tmp_path / "data", arguments=arguments(tmp_path, config))
    code, said = run_in_vain(service)
    assert code == 1
    assert expected in said
    assert "Traceback" not in said


@pytest.mark.parametrize("wrong", [["--engine", "htex"], ["--endpoint-config", __file__]])
def test_the_engine_and_its_configuration_go_together(tmp_path: Path, wrong: list[str]) -> None:
    code, said = run_in_vain(LocalService(tmp_path / "data", arguments=wrong))
    assert code == 2
    assert "need each other" in said
