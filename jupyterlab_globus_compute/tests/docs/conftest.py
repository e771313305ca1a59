"""Fixtures: a kernel with the magics and a local service, as a reader has them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.docs.pages import ROOT
from jupyterlab_globus_compute.tests.headless.conftest import lab, service, shared_lab

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lab", "service", "shared_lab"]


@pytest.fixture(scope="session")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples as they were run."""
    folder = tmp_path_factory.mktemp("examples")
    script = ROOT / "scripts" / "docs" / "run_examples.py"
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder
