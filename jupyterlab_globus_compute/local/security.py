"""Who may talk to the service: holders of its token, and no web page."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from .errors import ApiError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Guard:
    """Refuses every request, whatever its path, that does not carry the service's token.

    The port is open to everybody on this machine, and to every web page in their browsers.
    So the ``Host`` must be this service's own (a rebound DNS name has another one), and a
    request made by a page of another origin is refused even with the token.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._authorization = f"Bearer {token}".encode()
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 401 or 403, or hand the request on (ASGI)."""
        if scope["type"] != "http":
            # There is nothing else here: no WebSocket, and no lifespan events.
            return
        error = self._objection(Headers(scope=scope))
        if error is None:
            await self._app(scope, receive, send)
        else:
            response = JSONResponse(error.body(), error.http_status, _CHALLENGE)
            await response(scope, receive, send)

    def _objection(self, headers: Headers) -> ApiError | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return ApiError(403, "HOST_FORBIDDEN", "This service answers to its own address only")
        if any(origin.lower() not in self._origins for origin in headers.getlist("origin")):
            return ApiError(
                403, "ORIGIN_FORBIDDEN", "This service does not answer to pages of other origins"
            )
        given = headers.get("authorization", "")
        # Header values are Latin-1 on the wire.
        if not hmac.compare_digest(given.encode("latin-1"), self._authorization):
            return ApiError(
                401,
                "USER_UNAUTHENTICATED",
                "The service's token is missing or wrong; "
                "send the one in its service.json as a Bearer token",
            )
        return None


_CHALLENGE = {"WWW-Authenticate": "Bearer"}
