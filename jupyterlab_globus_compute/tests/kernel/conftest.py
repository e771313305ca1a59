"""Fixtures: one worker process for all, and a fresh notebook for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from IPython.core.interactiveshell import InteractiveShell

from jupyterlab_globus_compute.kernel.inject import forget
from jupyterlab_globus_compute.tests.kernel.notebook import Notebook, new_shell, opened
from jupyterlab_globus_compute.tests.kernel.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """A process that runs tasks."""
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """An IPython shell with a profile of its own, not the developer's."""
    yield new_shell(tmp_path_factory.mktemp("ipython"))
    forget()
    InteractiveShell.clear_instance()


@pytest.fixture
def notebook(worker: Worker, shell: InteractiveShell) -> Iterator[Notebook]:
    """A new notebook."""
    with opened(worker, shell) as notebook:
        yield notebook
