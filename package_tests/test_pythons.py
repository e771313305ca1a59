"""Every Python that the package is for."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from .distributions import ROOT, Distributions
from .environment import Environment
from .pythons import find_python, supported_versions

if TYPE_CHECKING:
    from pathlib import Path

CELL = """\
%%compute
def where(n):
    import sys
    return n, sys.version_info[:2]

print(sorted(where(n) for n in range(3)))
"""

# The bridge runs in kernels of older Pythons too.
IMPORT_THE_BRIDGE = "import jupyterlab_globus_compute.kernel.bridge.bridge as b; print(b.__name__)"

COMPILE_ALL = """
import ast, pathlib, sys
for path in sys.argv[1:]:
    for file in pathlib.Path(path).rglob("*.py"):
        ast.parse(file.read_bytes(), str(file))
"""


@pytest.fixture(params=supported_versions())
def python(request: pytest.FixtureRequest) -> str:
    """A Python of each supported version that this computer has."""
    found = find_python(request.param)
    if found is None:
        pytest.skip(f"there is no Python {request.param} here")
    return found


def test_all_of_them_are_named() -> None:
    assert supported_versions() == ["3.10", "3.11", "3.12", "3.13"]


def test_the_sources_are_read_and_the_bridge_runs_without_packages(python: str) -> None:
    everything = str(ROOT / "jupyterlab_globus_compute")
    subprocess.run([python, "-I", "-c", COMPILE_ALL, everything], check=True)
    done = subprocess.run(
        [python, "-S", "-c", IMPORT_THE_BRIDGE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "jupyterlab_globus_compute.kernel.bridge.bridge", done.stderr


@pytest.mark.long
def test_the_wheel_runs_a_cell(python: str, distributions: Distributions, tmp_path: Path) -> None:
    environment = Environment(tmp_path, python=python)
    environment.pip("install", f"{distributions.wheel}[local]")
    environment.pip("check")
    notebook = environment.home / "cell.ipynb"
    notebook.write_text(json.dumps(_notebook("%load_ext jupyterlab_globus_compute", CELL)))
    environment.run(
        *("jupyter", "nbconvert", "--to", "notebook", "--execute", "--output", "ran", str(notebook))
    )
    ran = json.loads((environment.home / "ran.ipynb").read_text("utf-8"))
    texts = [output.get("text", "") for output in ran["cells"][1]["outputs"]]
    version = tuple(map(int, environment.run("python", "-c", VERSION).stdout.split()))
    assert f"{[(n, version) for n in range(3)]}\n" in ["".join(text) for text in texts]
    done = environment.run("jupyter", "server", "extension", "list")
    assert "jupyterlab_globus_compute" in done.stdout + done.stderr


VERSION = "import sys; print(*sys.version_info[:2])"


def _notebook(*sources: str) -> dict[str, object]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
            }
            for number, source in enumerate(sources)
        ],
    }
