"""The extra `local`: what works without it, and what is said where it is missing."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute import local_extra
from jupyterlab_globus_compute.tests.gateway.support import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Api

# Runs with -c: the names of the hidden modules are its arguments.
IMPORT_ALL_BUT_LOCAL = """
import importlib, pkgutil, sys

class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hide())
import jupyterlab_globus_compute as package
left_out = ("local", "tests")
def walk(path, prefix):
    for module in pkgutil.iter_modules(path, prefix):
        if module.name.split(".")[1] in left_out:
            continue
        imported = importlib.import_module(module.name)
        print(module.name)
        if module.ispkg:
            walk(imported.__path__, module.name + ".")
walk(package.__path__, package.__name__ + ".")
importlib.import_module(package.__name__ + ".local.settings")
"""


def hide(monkeypatch: pytest.MonkeyPatch, *hidden: str) -> None:
    """Let these modules look as if they were not installed."""

    def find_spec(name: str) -> ModuleSpec | None:
        return None if name in hidden else ModuleSpec(name, None)

    monkeypatch.setattr("importlib.util.find_spec", find_spec)


def test_all_else_is_imported_without_it() -> None:
    hidden = ["globus_compute_endpoint", "matplotlib", "parsl", "starlette", "uvicorn"]
    command = [sys.executable, "-c", IMPORT_ALL_BUT_LOCAL, *hidden]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert "jupyterlab_globus_compute.gateway.gateway" in done.stdout.splitlines()
    assert "jupyterlab_globus_compute.headless.run" in done.stdout.splitlines()


def test_it_holds_what_the_service_imports() -> None:
    required = importlib.metadata.requires("jupyterlab-globus-compute") or []
    of_extra = [line for line in required if re.search(r"extra == .local", line)]
    names = {re.split(r"[^\w-]", line)[0] for line in of_extra}
    assert {module.replace("_", "-") for module in local_extra.MODULES} <= names


def test_the_command_is_one_that_a_shell_reads() -> None:
    assert local_extra.install_command("/opt/my python") == (
        "'/opt/my python' -m pip install \"jupyterlab-globus-compute[local]\""
    )


@pytest.mark.parametrize("hidden", [("uvicorn",), local_extra.MODULES])
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, hidden: tuple[str, ...]) -> None:
    assert local_extra.missing_packages() == []
    hide(monkeypatch, *hidden)
    assert local_extra.missing_packages() == [name.replace("_", "-") for name in hidden]


class TestServices:
    @pytest.fixture
    def extension_traits(self, tmp_path: Path) -> dict[str, Any]:
        return {"local_data_dir": str(tmp_path / "local")}

    async def test_the_list_says_how_to_add_it(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (before,) = (await api.call("GET", "services")).json["services"][:1]
        assert "unavailable" not in before
        hide(monkeypatch, "starlette")
        (without,) = (await api.call("GET", "services")).json["services"][:1]
        assert without == {**before, "unavailable": without["unavailable"]}
        assert local_extra.install_command(sys.executable) in without["unavailable"]

    async def test_on_windows_the_list_says_wsl(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("jupyterlab_globus_compute.gateway.supervisor.sys.platform", "win32")
        (local,) = (await api.call("GET", "services")).json["services"][:1]
        assert "Run JupyterLab in WSL" in local["unavailable"]
