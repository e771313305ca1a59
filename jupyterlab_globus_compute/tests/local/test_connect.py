"""``jupyterlab_globus_compute.connect``: the Python SDK at any port."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import jupyterlab_globus_compute
from jupyterlab_globus_compute.sdk_client import LocalServiceNotRunningError

from .sdk_session import double, result_of
from .service_process import TIMEOUT_S, LocalService

if TYPE_CHECKING:
    from pathlib import Path


def test_a_function_runs(service: LocalService) -> None:
    before = dict(os.environ)
    client = jupyterlab_globus_compute.connect(service.data_dir)
    (endpoint,) = client.get_endpoints()
    assert endpoint["uuid"] == service.endpoint_id
    function_id = client.register_function(double)
    task_id = client.run(4, endpoint_id=endpoint["uuid"], function_id=function_id)
    assert result_of(client, task_id) == 8
    assert client.web_service_address == service.address["url"]
    assert dict(os.environ) == before


def test_it_finds_the_service_of_the_usual_directory(
    service: LocalService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    (tmp_path / "globus-compute").mkdir()
    (tmp_path / "globus-compute" / "local").symlink_to(service.data_dir)
    assert jupyterlab_globus_compute.connect().get_endpoints()


def test_without_a_service(tmp_path: Path) -> None:
    with pytest.raises(LocalServiceNotRunningError, match=r"python -m jupyterlab_globus_compute"):
        jupyterlab_globus_compute.connect(tmp_path)


def test_after_the_death_of_the_service(own_service: LocalService) -> None:
    own_service.kill()
    with pytest.raises(LocalServiceNotRunningError):
        jupyterlab_globus_compute.connect(own_service.data_dir)


def test_importing_the_package_does_not_import_the_sdk() -> None:
    script = "import jupyterlab_globus_compute, sys; sys.exit('globus_compute_sdk' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=TIMEOUT_S)
