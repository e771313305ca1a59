"""The extension in a Jupyter server of its own, from its start to its end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.testing import bind_unused_port

from jupyterlab_globus_compute.tests.gateway.support import REPOSITORY, StandIn, eventually
from jupyterlab_globus_compute.tests.local.service_process import is_running

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "t0ken-of-the-server"
SIGNALS = [signal.SIGTERM, signal.SIGKILL]


def server_command(stand_in: StandIn, port: int) -> list[str]:
    """The command line of a server with the extension and nothing of the user's."""
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.jpserver_extensions": "jupyterlab_globus_compute=True",
        "IdentityProvider.token": TOKEN,
        "GlobusComputeExtension.local_data_dir": stand_in.data_dir,
        "GlobusComputeExtension.local_python": stand_in.python,
    }
    command = [sys.executable, "-m", "jupyter_server"]
    return command + [f"--{name}={value}" for name, value in options.items()]


async def fetch_version(port: int) -> str | None:
    """The service's version through the gateway; None while the server is not up."""
    url = f"http://127.0.0.1:{port}/globus-compute/services/local/v2/version"
    try:
        answer = await AsyncHTTPClient().fetch(url, headers={"Authorization": f"token {TOKEN}"})
    except ConnectionRefusedError:
        return None
    return str(json.loads(answer.body))


@pytest.mark.parametrize("end", SIGNALS, ids=[end.name for end in SIGNALS])
async def test_the_service_ends_with_its_server(
    stand_in: StandIn, tmp_path: Path, jp_environ: None, end: signal.Signals
) -> None:
    socket, port = bind_unused_port(address="127.0.0.1")
    socket.close()
    with (tmp_path / "log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            *server_command(stand_in, port),
            cwd=REPOSITORY,
            env={**os.environ, "JUPYTER_NO_CONFIG": "1"},
            stdout=log,
            stderr=log,
        )
    try:
        while (version := await fetch_version(port)) is None:
            assert server.returncode is None
            await asyncio.sleep(0.05)
        assert version == "1.0.0"
        (start,) = stand_in.starts()
        assert is_running(start["pid"])
    finally:
        server.send_signal(end)
        await server.wait()
    await eventually(lambda: not is_running(start["pid"]), "the service's end")
    assert TOKEN not in json.dumps(stand_in.requests("/v2/version"))
