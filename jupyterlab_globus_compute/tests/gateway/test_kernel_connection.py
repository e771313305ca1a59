"""Kernels answer at once."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.gateway.connections import GatewayWebSocketConnection
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from jupyterlab_globus_compute.kernel_connection import make_prompt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Fetch


@pytest.fixture(params=[True, False])
def prompt(request: pytest.FixtureRequest) -> bool:
    """What the setting says."""
    return bool(request.param)


@pytest.fixture
def extension_traits(tmp_path: Path, prompt: bool) -> dict[str, Any]:
    """No service is asked here."""
    return {"local_data_dir": str(tmp_path), "prompt_kernels": prompt}


async def test_messages_leave_at_once(
    jp_fetch: Fetch, jp_ws_fetch: Callable[..., Any], prompt: bool
) -> None:
    made = await jp_fetch("api", "kernels", method="POST", body="{}")
    kernel = json.loads(made.body)["id"]
    try:
        browser = await jp_ws_fetch("api", "kernels", kernel, "channels")
        [connection] = [
            connection
            for connection in ZMQChannelsWebsocketConnection._open_sockets
            if connection.kernel_id == kernel
        ]
        protocol: Any = connection.websocket_handler.ws_connection
        option = protocol.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert bool(option) is prompt
        browser.close()
    finally:
        await jp_fetch("api", "kernels", kernel, method="DELETE")


def test_another_kind_of_connection_stays() -> None:
    settings: dict[str, Any] = {"kernel_websocket_connection_class": GatewayWebSocketConnection}
    make_prompt(settings)
    assert settings == {"kernel_websocket_connection_class": GatewayWebSocketConnection}
