"""Fixtures: a vault in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

# By import, for pytest takes `pytest_plugins` only in the topmost conftest.
from pytest_jupyter.jupyter_server import *  # noqa: F403

from jupyterlab_globus_compute.gateway.vault.vault import Vault
from jupyterlab_globus_compute.tests.vault.support import Clock

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still unless told."""
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the vault is."""
    return tmp_path / "vault"


@pytest.fixture
def vault(
    folder: Path, clock: Clock, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> Iterator[Vault]:
    """An empty vault."""
    vault = Vault(folder, clock)
    yield vault
    jp_asyncio_loop.run_until_complete(vault.close())
