"""How the local service is run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.local_settings import (
    LocalServiceSettings,
    service_environment,
)

if TYPE_CHECKING:
    import pytest


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    settings = LocalServiceSettings.from_traits(data_dir="", python="", workers=0)
    data_dir = tmp_path / "globus-compute" / "local"
    assert settings == LocalServiceSettings(data_dir, sys.executable, 0)
    assert settings.state_file == data_dir / "service.json"
    assert settings.command() == [
        sys.executable,
        "-m",
        "jupyterlab_globus_compute.local",
        "--exit-with-stdin",
        "--data-dir",
        str(data_dir),
    ]


def test_what_was_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = LocalServiceSettings.from_traits(data_dir="~/data", python="/opt/python", workers=3)
    assert settings.data_dir == tmp_path / "data"
    assert settings.command()[0] == "/opt/python"
    assert settings.command()[-2:] == ["--workers", "3"]


def test_a_relative_folder_is_the_servers() -> None:
    settings = LocalServiceSettings.from_traits(data_dir="data", python="", workers=0)
    assert settings.data_dir == Path.cwd() / "data"


def test_the_service_gets_no_token_of_jupyter() -> None:
    environ = {
        "PATH": "/bin",
        "JUPYTER_TOKEN": "a",
        "JPY_API_TOKEN": "b",
        "JUPYTERHUB_API_TOKEN": "c",
    }
    assert service_environment(environ) == {"PATH": "/bin"}
