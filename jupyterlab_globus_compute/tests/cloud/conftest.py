"""Fixtures of the stand-in's own tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

# By import, for pytest takes `pytest_plugins` only in the topmost conftest.
from pytest_jupyter.jupyter_server import *  # noqa: F403

from .cloud import Cloud
from .provider import why_not

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _provider_can_run() -> None:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A running stand-in, shared by the tests of a module."""
    with Cloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running
