"""Fixtures: a Jupyter server whose Globus is the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

# By import, for pytest takes `pytest_plugins` only in the topmost conftest.
from pytest_jupyter.jupyter_server import *  # noqa: F403

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GlobusStandIn
from jupyterlab_globus_compute.tests.gateway.support import Api, Fetch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

_VARIABLES = (
    "GLOBUS_COMPUTE_CLIENT_ID",
    "GLOBUS_COMPUTE_CLIENT_SECRET",
    "FUNCX_SDK_CLIENT_ID",
    "FUNCX_SDK_CLIENT_SECRET",
    "GLOBUS_DATA",
    "GLOBUS_SDK_ENVIRONMENT",
)


@pytest.fixture(autouse=True)
def compute_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SDK's folder, and an environment that says nothing of Globus."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "globus_compute"
    monkeypatch.setenv("GLOBUS_COMPUTE_USER_DIR", str(folder))
    return folder


@pytest.fixture
def globus(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[GlobusStandIn]:
    """Globus."""
    stand_in = GlobusStandIn()
    jp_asyncio_loop.run_until_complete(stand_in.__aenter__())
    yield stand_in
    jp_asyncio_loop.run_until_complete(stand_in.__aexit__(None, None, None))


@pytest.fixture
def extension_traits(globus: GlobusStandIn, tmp_path: Path) -> dict[str, Any]:
    """The extension's configuration."""
    return {
        "globus_urls": {"auth": globus.url, "groups": globus.url, "compute": globus.url},
        "vault_dir": str(tmp_path / "vault"),
        "local_data_dir": str(tmp_path / "local"),
    }


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
