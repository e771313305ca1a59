"""A service of another computer, in the test's own event loop."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from types import TracebackType

    from tornado.httputil import HTTPServerRequest


class RemoteStandIn(AbstractAsyncContextManager["RemoteStandIn"]):
    """Takes one token, answers by plan, and refuses what is not in it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.answers: dict[str, tuple[int, Any]] = {}
        self.requests: list[HTTPServerRequest] = []
        self._sockets = bind_sockets(0, "127.0.0.1")
        self._server = HTTPServer(Application([(".*", _Handler, {"stand_in": self})]))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}"

    @property
    def seen(self) -> list[str]:
        """The requests that came."""
        return [f"{request.method} {request.path}" for request in self.requests]

    async def __aenter__(self) -> RemoteStandIn:
        self._server.add_sockets(self._sockets)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        await self._server.close_all_connections()


class _Handler(RequestHandler):
    def initialize(self, stand_in: RemoteStandIn) -> None:
        self._stand_in = stand_in

    def prepare(self) -> None:
        self._stand_in.requests.append(self.request)
        key = f"{self.request.method} {self.request.path}"
        status, body = self._stand_in.answers.get(key, (500, {"code": "UNEXPECTED_CALL"}))
        if self.request.headers.get("Authorization") != f"Bearer {self._stand_in.token}":
            status, body = 401, {"code": "WRONG_TOKEN"}
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))
