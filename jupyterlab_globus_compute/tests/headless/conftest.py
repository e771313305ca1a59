"""Fixtures: one service and one kernel for all, and a fresh namespace for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.headless.lab import Lab, data_dir_of
from jupyterlab_globus_compute.tests.local.service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A running local service."""
    with LocalService(tmp_path_factory.mktemp("service") / "data") as service:
        yield service


@pytest.fixture(scope="session")
def shared_lab(service: LocalService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A kernel with the magics, which finds that service."""
    folder = tmp_path_factory.mktemp("jupyter")
    cwd = tmp_path_factory.mktemp("cwd")
    with Lab(data_dir_of(service.data_dir, folder / "data"), cwd) as lab:
        yield lab


@pytest.fixture
def lab(shared_lab: Lab) -> Lab:
    """The kernel with nothing in its namespace and no defaults."""
    shared_lab.ok("%reset -f")
    shared_lab.ok("%compute_config --reset")
    return shared_lab
