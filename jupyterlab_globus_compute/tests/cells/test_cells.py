"""The table of cells, run through the bridge in kernels, on the local service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.local.service_process import LocalService

from .bridge_runner import BridgeRunner
from .kernels import IpyKernel, ShellKernel, other_python
from .table import check, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .kernels import Kernel
    from .table import Row

ROWS = rows()
# What dill and the version of Python have to do with.
VALUES = ("classes and values",)
WITHOUT_DILL = "import sys; sys.modules['dill'] = None"
WITH_SERVICE = "import os; os.environ['JUPYTER_DATA_DIR'] = %r"


def chosen(fits: Callable[[Row], bool]) -> list[Any]:
    """Rows for the kernels that are not the usual one: some always, the others in the long run."""
    return [
        pytest.param(
            row,
            id=f"{row.group}: {row.name}",
            marks=[] if row.group in VALUES else [pytest.mark.long],
        )
        for row in ROWS
        if fits(row) and not row.slow
    ]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """One service for all rows."""
    with LocalService(tmp_path_factory.mktemp("cells") / "data") as service:
        yield service


def opened(kernel: Kernel, service: LocalService, preparation: str) -> Iterator[BridgeRunner]:
    """A runner with a kernel, which is ended afterwards."""
    try:
        reply = kernel.execute(preparation, silent=True)
        assert reply.error == "", reply
        yield BridgeRunner(kernel, service)
    finally:
        kernel.close()


@pytest.fixture(scope="module")
def runner(
    service: LocalService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeRunner]:
    """A real ipykernel."""
    directory = tmp_path_factory.mktemp("kernel")
    (directory / "globus-compute").mkdir()
    (directory / "globus-compute" / "local").symlink_to(service.data_dir)
    yield from opened(IpyKernel(directory), service, WITH_SERVICE % str(directory))


@pytest.fixture(scope="module")
def runner_without_dill(
    service: LocalService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeRunner]:
    """A real ipykernel that cannot import dill."""
    kernel = IpyKernel(tmp_path_factory.mktemp("kernel"))
    yield from opened(kernel, service, WITHOUT_DILL)


@pytest.fixture(scope="module")
def runner_of_another_python(
    service: LocalService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BridgeRunner]:
    """IPython of another minor version than the workers' Python."""
    python = other_python()
    if python is None:
        pytest.skip("no other Python here can run IPython")
    yield from opened(ShellKernel(python, tmp_path_factory.mktemp("kernel")), service, "")


def test_the_table_is_whole() -> None:
    names = [(row.group, row.name) for row in ROWS]
    assert len(set(names)) == len(names)
    assert len(names) >= 120
    assert sum(row.browser for row in ROWS) >= 15
    told = ("holds", "shown", "hidden", "fails", "notes", "tasks")
    assert all(any(getattr(row, field) for field in told) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.group}: {row.name}")
def test_cell(runner: BridgeRunner, row: Row) -> None:
    check(row, runner.run(row), runner)


@pytest.mark.parametrize("row", chosen(lambda row: "dill" not in row.needs))
def test_cell_without_dill(runner_without_dill: BridgeRunner, row: Row) -> None:
    check(row, runner_without_dill.run(row), runner_without_dill)


@pytest.mark.parametrize("row", chosen(lambda row: not row.needs))
def test_cell_of_another_python(runner_of_another_python: BridgeRunner, row: Row) -> None:
    check(row, runner_of_another_python.run(row), runner_of_another_python)
