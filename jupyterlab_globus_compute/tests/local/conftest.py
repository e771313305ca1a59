"""Fixtures of the local service's tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# schemathesis needs Python 3.11.
collect_ignore = ["test_openapi.py"] if sys.version_info < (3, 11) else []


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A running service, shared by the tests that leave it as they found it."""
    with LocalService(tmp_path_factory.mktemp("shared") / "data") as shared:
        yield shared


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[LocalService]:
    """A running service with one worker, for the tests that kill or count."""
    with LocalService(tmp_path / "data", workers=1) as own:
        yield own
