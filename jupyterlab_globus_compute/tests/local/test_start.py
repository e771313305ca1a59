"""What keeps the service from starting, and that it says so."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local_extra import NOT_INSTALLED_EXIT_CODE

from .service_process import TIMEOUT_S, LocalService, run_in_vain

if TYPE_CHECKING:
    from pathlib import Path


def test_a_broken_installation_fails_tasks_instead_of_keeping_them(tmp_path: Path) -> None:
    engines = tmp_path / "broken" / "globus_compute_endpoint" / "engines"
    engines.mkdir(parents=True)
    for directory in (engines.parent, engines):
        (directory / "__init__.py").touch()
    (engines / "helper.py").write_text("raise ImportError('half installed')\n")
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path / "broken"), os.getcwd()])}
    with LocalService(tmp_path / "data", workers=2, env=env) as service:
        function_id = service.register("def f():\n    pass\n")
        for task in service.finished(service.submit(function_id, [()] * 5)):
            assert "no worker process could start (exit code 1)" in task["exception"]
            assert "globus-compute-endpoint" in task["exception"]
        assert "half installed" in service.stderr()
        service.finished(service.submit(function_id))


def test_a_missing_installation(tmp_path: Path) -> None:
    script = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec\n"
        "hidden = 'globus_compute_endpoint'\n"
        "importlib.util.find_spec = lambda name: None if name == hidden else found(name)\n"
        "from jupyterlab_globus_compute.local.cli import main\n"
        f"sys.exit(main(['--data-dir', {str(tmp_path)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == NOT_INSTALLED_EXIT_CODE
    assert "missing: globus-compute-endpoint)" in done.stderr
    assert f'{sys.executable} -m pip install "jupyterlab-globus-compute[local]"' in done.stderr


def test_on_windows_it_says_what_to_do(tmp_path: Path) -> None:
    prelude = "import platform\nplatform.system = lambda: 'Windows'\n"
    code, said = run_in_vain(LocalService(tmp_path / "data", prelude=prelude))
    assert code == 1
    assert "on Windows, run JupyterLab inside WSL" in said
    assert "Traceback" not in said


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        service = LocalService(tmp_path / "data", port=taken.getsockname()[1])
        code, said = run_in_vain(service)
    assert code == 1
    assert "cannot be used (Address already in use)" in said
    assert "--port" in said
    assert "Traceback" not in said


def test_a_data_directory_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    code, said = run_in_vain(LocalService(file))
    assert code == 1
    assert "--data-dir" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "70000"],
        ["--workers", "0"],
        ["--workers", "x"],
        ["--engine", "other"],
        ["--what"],
    ],
)
def test_wrong_arguments(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab_globus_compute.local", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert arguments[0] in done.stderr


def test_the_default_data_directory(tmp_path: Path) -> None:
    data_dir = tmp_path / "globus-compute" / "local"
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab_globus_compute.local", "--exit-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "JUPYTER_DATA_DIR": str(tmp_path)},
    )
    with process:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())
        assert json.loads((data_dir / "service.json").read_text()) == address
