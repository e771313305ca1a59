"""An environment through its life: without the extra `local`, with it, uninstalled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local_extra import MODULES, NOT_INSTALLED_EXIT_CODE

from .browser import run_playwright
from .messages import told_command
from .server import Server

if TYPE_CHECKING:
    from .conftest import Installed
    from .environment import Environment

IMPORT_ALL_BUT_LOCAL = """
import importlib, pkgutil
import jupyterlab_globus_compute as package
def walk(path, prefix):
    for module in pkgutil.iter_modules(path, prefix):
        if module.name.split(".")[1] != "local":
            imported = importlib.import_module(module.name)
            print(module.name)
            if module.ispkg:
                walk(imported.__path__, module.name + ".")
walk(package.__path__, package.__name__ + ".")
"""


def plain(text: str) -> str:
    """The text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def listed(environment: Environment, *command: str) -> list[str]:
    """The lines of a list of extensions that speak of ours, where nothing is amiss."""
    done = environment.run(*command)
    said = plain(done.stdout + done.stderr)
    assert re.search(r"\bX\b|error|warn|deprecat|traceback", said, re.IGNORECASE) is None
    return [line.strip() for line in said.splitlines() if re.search("globus.compute", line)]


class TestWithoutTheExtra:
    def test_installing_called_no_node(self, installed: Installed) -> None:
        assert installed.calls_of_node == []

    def test_it_is_not_there(self, installed: Installed) -> None:
        names = {distribution.name for distribution in installed.environment.distributions()}
        assert "jupyterlab-globus-compute" in names
        assert names & {"globus-compute-endpoint", "starlette", "uvicorn", "parsl"} == set()

    def test_everything_else_is_imported(self, installed: Installed) -> None:
        done = installed.environment.run("python", "-c", IMPORT_ALL_BUT_LOCAL)
        assert "jupyterlab_globus_compute.headless.run" in done.stdout.splitlines()

    def test_both_halves_are_enabled_and_well(self, installed: Installed) -> None:
        version = installed.environment.run(
            "python", "-c", "import jupyterlab_globus_compute as p; print(p.__version__)"
        ).stdout.strip()
        assert listed(installed.environment, "jupyter", "labextension", "list") == [
            f"jupyterlab-globus-compute v{version} enabled OK (python, jupyterlab-globus-compute)"
        ]
        assert listed(installed.environment, "jupyter", "server", "extension", "list") == [
            "jupyterlab_globus_compute enabled",
            "- Validating jupyterlab_globus_compute...",
            f"jupyterlab_globus_compute {version} OK",
        ]

    def test_the_service_says_how_to_add_it(self, installed: Installed) -> None:
        done = installed.environment.run(
            "python", "-m", "jupyterlab_globus_compute.local", check=False
        )
        assert done.returncode == NOT_INSTALLED_EXIT_CODE
        assert "Traceback" not in done.stderr
        for module in set(MODULES) - {"pika"}:  # which comes with the SDK
            assert module.replace("_", "-") in done.stderr
        assert told_command(done.stderr)[0] == installed.environment.python

    def test_the_server_says_how_to_add_it(self, installed: Installed) -> None:
        with Server(installed.environment) as server:
            service = server.get("globus-compute/services")["services"][0]
            error = server.get("globus-compute/services/local/v2/endpoints")
        assert error["code"] == "LOCAL_SERVICE_NOT_INSTALLED"
        for sentence in (service["unavailable"], error["reason"]):
            assert told_command(sentence)[0] == installed.environment.python

    def test_a_cell_says_how_to_add_it(self, installed: Installed) -> None:
        run_playwright(installed.environment, "lab", "without-local")


class TestWithTheExtra:
    @pytest.mark.parametrize("application", ["lab", "notebook"])
    def test_chromium_runs_the_hello_notebook(self, complete: Installed, application: str) -> None:
        run_playwright(complete.environment, application, "hello")


class TestUninstalled:
    def test_it_leaves_no_file(self, uninstalled: Installed) -> None:
        environment = uninstalled.environment
        left = environment.files() - uninstalled.files_before - environment.recorded_files()
        assert left == set()

    def test_nothing_speaks_of_it_any_more(self, uninstalled: Installed) -> None:
        for command in (("labextension", "list"), ("server", "extension", "list")):
            assert listed(uninstalled.environment, "jupyter", *command) == []
        done = uninstalled.environment.run("jupyter", "labextension", "list")
        assert "cell-executor" not in done.stdout + done.stderr
