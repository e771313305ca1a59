"""The WebSocket that tells a browser what happens to its batches and tasks."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from .gateway.errors import GatewayError
from .gateway_handler import AUTH_RESOURCE

if TYPE_CHECKING:
    from .gateway.gateway import Gateway

_MAX_MESSAGE_BYTES = 4096
_MAX_SEQUENCE = 2**53 - 1
"""JavaScript's largest exact integer."""

_GOING_AWAY = 1001
_NOT_UNDERSTOOD = 1008
_SERVER_ERROR = 1011


class EventsHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """`GET /globus-compute/events`.

    The browser says `{"type": "subscribe", "since": number or null}` first, and
    nothing after that; it is answered with what `EventHub.messages` gives.
    """

    auth_resource = AUTH_RESOURCE

    def initialize(self, gateway: Gateway) -> None:
        """Tornado's hook for the arguments of the route."""
        self._gateway = gateway
        self._sending: asyncio.Task[None] | None = None

    @ws_authenticated
    @authorized
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket."""
        await super().get(*args, **kwargs)

    @property
    def max_message_size(self) -> int:
        """In bytes; a longer message closes the socket."""
        return _MAX_MESSAGE_BYTES

    def skip_check_origin(self) -> bool:
        """Never: a token does not make a page of another origin one of Jupyter's."""
        return False

    def set_default_headers(self) -> None:
        """No headers of pages, which make no sense here."""

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Answer a refused handshake in the shape of the API's errors."""
        phrase = HTTPStatus(status_code)
        error = GatewayError(status_code, phrase.name, f"{phrase.phrase}. No events are sent.")
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(error.body()))

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Have each message leave at once."""
        super().open(*args, **kwargs)
        self.set_nodelay(True)

    def on_message(self, message: str | bytes) -> None:
        """Begin to tell what happens."""
        try:
            since = _subscription(message)
        except (ValueError, LookupError, TypeError, RecursionError):
            self.close(_NOT_UNDERSTOOD, "not a subscription")
            return
        if self._sending is not None:
            self.close(_NOT_UNDERSTOOD, "subscribed already")
            return
        self._sending = asyncio.create_task(self._send(since))

    def on_close(self) -> None:
        """Stop telling."""
        super().on_close()
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self, since: int | None) -> None:
        code = _SERVER_ERROR
        try:
            async with aclosing(self._gateway.events(since)) as messages:
                async for message in messages:
                    # Waits for a slow browser, who is then told less.
                    await self.write_message(json.dumps(message))
            code = _GOING_AWAY
        except WebSocketClosedError:
            return
        except GatewayError as error:
            self.log.warning("No events: %s", error)
        finally:
            self.close(code)


def _subscription(message: str | bytes) -> int | None:
    fields = json.loads(message)
    since = fields["since"]
    if fields["type"] != "subscribe" or isinstance(since, bool):
        raise ValueError(fields)
    if since is not None and not (isinstance(since, int) and abs(since) <= _MAX_SEQUENCE):
        raise ValueError(since)
    return since
