"""Fixtures: a Jupyter server with the extension, over the stand-in or the real service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

# By import, for pytest takes `pytest_plugins` only in the topmost conftest.
from pytest_jupyter.jupyter_server import *  # noqa: F403

from jupyterlab_globus_compute.tests.gateway.supervised import Supervised
from jupyterlab_globus_compute.tests.gateway.support import Api, Fetch, StandIn

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is signed in to Globus, whoever runs the tests."""
    monkeypatch.setenv("GLOBUS_COMPUTE_USER_DIR", str(tmp_path / "globus_compute"))


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandIn]:
    """The stand-in service, with nothing but the version in its plan."""
    stand_in = StandIn(tmp_path)
    yield stand_in
    stand_in.assert_all_expected()


@pytest.fixture
def extension_traits(stand_in: StandIn) -> dict[str, Any]:
    """The extension's configuration: the stand-in, unless a test module says otherwise."""
    return {"local_data_dir": str(stand_in.data_dir), "local_python": str(stand_in.python)}


@pytest.fixture  # type: ignore[no-redef] # as pytest overrides a fixture
def jp_server_config(extension_traits: dict[str, Any]) -> dict[str, Any]:
    """The configuration of the Jupyter server."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_globus_compute": True}},
        "GlobusComputeExtension": extension_traits,
    }


@pytest.fixture
def api(jp_fetch: Fetch) -> Api:
    """The gateway's routes, called with the Jupyter server's token."""
    return Api(jp_fetch)


@pytest.fixture
def supervised(
    stand_in: StandIn, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Supervised]:
    """Makes supervisors of the stand-in, and stops them in the end."""
    supervised = Supervised(stand_in.data_dir, stand_in.python)
    yield supervised
    jp_asyncio_loop.run_until_complete(supervised.stop())
    assert stand_in.running() == []
