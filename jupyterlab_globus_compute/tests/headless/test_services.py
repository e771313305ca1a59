"""Which service runs a cell, and what happens when it comes and goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import MagicMock

import pytest

from jupyterlab_globus_compute.headless.card import BATCH_MIME_TYPE
from jupyterlab_globus_compute.headless.errors import ServiceError
from jupyterlab_globus_compute.headless.services import Services
from jupyterlab_globus_compute.tests.headless.lab import LOAD, Lab, data_dir_of
from jupyterlab_globus_compute.tests.local.service_process import (
    LocalService,
    is_running,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from globus_compute_sdk import Client

F = "def f(x):\n    return 6 / x\n\n"
CLOUD = (
    "from jupyterlab_globus_compute.headless import extension as _extension\n"
    "from jupyterlab_globus_compute.sdk_client import make_client as _make_client\n"
)


def test_the_local_service_is_started_and_ends_with_the_kernel(tmp_path: Path) -> None:
    (tmp_path / "cwd").mkdir()
    state = tmp_path / "data" / "globus-compute" / "local" / "service.json"
    with Lab(tmp_path / "data", tmp_path / "cwd") as lab:
        assert not state.exists()  # loading alone starts nothing
        assert lab.ok(f"%%compute\n{F}f(2)").value == "3.0"
        pid = json.loads(state.read_text())["pid"]
        assert is_running(pid)
    wait_until(lambda: not is_running(pid), "the service has ended with the kernel")


def test_an_endpoint_elsewhere_needs_no_local_service() -> None:
    def no_local_service() -> Client:
        raise ServiceError("the local service is not installed")

    class Cloud:
        _compute_web_client = MagicMock()

        def get_endpoint_metadata(self, endpoint_id: str) -> dict[str, str]:
            return {"display_name": f"far {endpoint_id[:2]}"}

    services = Services(local=no_local_service, cloud=lambda: cast("Client", Cloud()))
    target = services.target("12345678-0000-4000-8000-000000000000")
    assert (target.service.name, target.endpoint_name) == ("cloud", "far 12")
    for here in (None, "This computer"):
        with pytest.raises(ServiceError, match="is not installed"):
            services.target(here)


def test_an_endpoint_elsewhere_runs_in_the_cloud(service: LocalService, tmp_path: Path) -> None:
    """The cloud's part is played by a second service: the SDK's own client of it."""
    (tmp_path / "cwd").mkdir()
    data_dir = data_dir_of(service.data_dir, tmp_path / "data")
    with (
        LocalService(tmp_path / "cloud", workers=1) as cloud,
        Lab(data_dir, tmp_path / "cwd", load=False) as lab,
    ):
        lab.ok(f"{CLOUD}_extension.Client = lambda: _make_client({str(cloud.data_dir)!r})\n{LOAD}")
        ran = lab.ok(f"%%compute -e {cloud.endpoint_id} --name far\n{F}f(2)")
        assert ran.value == "3.0"
        (snapshot,) = ran.cards
        assert snapshot["service"] == "cloud"
        assert snapshot["endpoint"]["id"] == cloud.endpoint_id
        (task,) = snapshot["tasks"]
        assert cloud.tasks([task["id"]])[task["id"]]["status"] == "success"
        assert lab.ok("%compute_result far").value == "3.0"
        assert lab.ok(f"%compute_result {task['id']}").value == "3.0"
        unknown = "00000000-0000-4000-8000-000000000000"
        refused = lab.run(f"%%compute -e {unknown}\n{F}f(2)")
        assert f"Globus Compute knows no endpoint {unknown}." in refused.error
        nobody = lab.run(f"%compute_result {unknown}")
        assert f"No service knows a task group or a task {unknown}." in nobody.error


def test_nobody_can_sign_in(service: LocalService, tmp_path: Path) -> None:
    (tmp_path / "cwd").mkdir()
    data_dir = data_dir_of(service.data_dir, tmp_path / "data")
    with Lab(data_dir, tmp_path / "cwd", load=False) as lab:
        lab.ok(
            f"{CLOUD}def _refuse():\n    raise EOFError('secret of the sign-in')\n"
            f"_extension.Client = _refuse\n{LOAD}"
        )
        ran = lab.run(f"%%compute -e 00000000-0000-4000-8000-000000000000\n{F}f(2)")
        assert "asks you to sign in, which failed here (EOFError)" in ran.error
        assert "secret" not in ran.error
        assert lab.ok(f"%%compute\n{F}f(2)").value == "3.0"


def test_a_batch_outlives_its_service(tmp_path: Path) -> None:
    (tmp_path / "cwd").mkdir()
    gate = tmp_path / "gate"
    source = (
        "%%compute\nimport os, time\ndef wait(path):\n"
        "    while not os.path.exists(path):\n        time.sleep(0.02)\n"
        f"    return 'through'\n\nwait({str(gate)!r})"
    )
    with LocalService(tmp_path / "service", workers=1) as service:
        data_dir = data_dir_of(service.data_dir, tmp_path / "data")
        killed: list[int] = []

        def kill(content: dict[str, Any]) -> None:
            state = content.get("data", {}).get(BATCH_MIME_TYPE, {}).get("state")
            if state == "running" and not killed:
                killed.append(1)
                service.kill()
                gate.touch()

        with Lab(data_dir, tmp_path / "cwd") as lab:
            ran = lab.run(source, on_output=kill)
            assert ran.value == "'through'", ran.error
        assert killed
        assert ran.cards[0]["state"] == "done"
