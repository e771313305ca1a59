"""Fixtures: one worker process for all, and a fresh notebook for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.notebook import Notebook, opened
from jupyterlab_globus_compute.tests.kernel.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """A process that runs tasks."""
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture(scope="session")
def ipython_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of IPython's own, not the developer's."""
    return tmp_path_factory.mktemp("ipython")


@pytest.fixture
def notebook(worker: Worker, ipython_dir: Path) -> Iterator[Notebook]:
    """A new notebook."""
    with opened(worker, ipython_dir) as notebook:
        yield notebook
