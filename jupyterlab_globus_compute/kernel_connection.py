"""The web socket between a browser and a kernel, without Nagle's algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

if TYPE_CHECKING:
    import asyncio

_SETTING = "kernel_websocket_connection_class"


class PromptKernelConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection, whose messages leave at once.

    A kernel answers with several small messages, and TCP holds back all but the first until the
    browser has acknowledged that, which it puts off by 40 ms
    (`tornado.websocket.WebSocketHandler.set_nodelay`).
    """

    def connect(self) -> asyncio.Future[None] | None:  # type: ignore[override] # as its base does
        """See `ZMQChannelsWebsocketConnection.connect`."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def make_prompt(settings: dict[str, Any]) -> None:
    """Use it in a server with these settings, unless that has a connection of another kind."""
    if settings.get(_SETTING) is ZMQChannelsWebsocketConnection:
        settings[_SETTING] = PromptKernelConnection
