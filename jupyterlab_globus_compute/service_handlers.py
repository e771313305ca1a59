"""The services, and the Compute API of each."""

from __future__ import annotations

import json
from contextlib import suppress

from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.iostream import StreamClosedError

from .gateway.errors import GatewayError, path_not_found
from .gateway.submit_observer import BATCH_HEADER
from .gateway_handler import GatewayHandler

_PART_BYTES = 256 * 1024


class ServicesHandler(GatewayHandler):
    """`GET /globus-compute/services`: the services there are."""

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Answer what `ServiceDirectory.describe` says."""
        self.finish(json.dumps(self._gateway.describe_services()))


class ServiceHandler(GatewayHandler):
    """`/globus-compute/services/{name}/{path}`: the Compute API of a service.

    All verbs arrive here; which of them exist for which path is the gateway's
    to say, so that an unknown path is a 404 whatever the verb.
    """

    @web.authenticated
    @authorized
    async def get(self, name: str, path: str) -> None:
        """Pass a GET on."""
        await self._relay(name, path)

    @web.authenticated
    @authorized
    async def head(self, name: str, path: str) -> None:
        """Refused: the API has no HEAD."""
        await self._relay(name, path)

    @web.authenticated
    @authorized
    async def post(self, name: str, path: str) -> None:
        """Pass a POST on."""
        await self._relay(name, path)

    @web.authenticated
    @authorized
    async def put(self, name: str, path: str) -> None:
        """Refused: no route takes PUT."""
        await self._relay(name, path)

    @web.authenticated
    @authorized
    async def patch(self, name: str, path: str) -> None:
        """Refused: no route takes PATCH."""
        await self._relay(name, path)

    @web.authenticated
    @authorized
    async def delete(self, name: str, path: str) -> None:
        """Pass a DELETE on."""
        await self._relay(name, path)

    async def _relay(self, name: str, path: str) -> None:
        request = self.request
        try:
            answer = await self._gateway.relay(
                name,
                method=request.method or "",
                path=path,
                query=request.query,
                body=request.body,
                content_type=request.headers.get("Content-Type"),
                accept=request.headers.get("Accept"),
                batch=request.headers.get(BATCH_HEADER),
            )
        except GatewayError as error:
            self._finish_with(error)
            return
        self.set_status(answer.status)
        if answer.retry_after is not None:
            self.set_header("Retry-After", answer.retry_after)
        await self._finish_in_parts(answer.body)

    async def _finish_in_parts(self, body: bytes) -> None:
        """Send a large answer as fast as the browser reads it, and no faster."""
        self.set_header("Content-Type", "application/json")
        self.set_header("Content-Length", str(len(body)))
        # A browser that has gone away needs no answer.
        with suppress(StreamClosedError):
            for start in range(0, len(body), _PART_BYTES):
                self.write(body[start : start + _PART_BYTES])
                await self.flush()
            await self.finish()


class UnknownPathHandler(GatewayHandler):
    """Every other path under `/globus-compute/`: 404 in the API's shape."""

    @web.authenticated
    @authorized
    def get(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))

    @web.authenticated
    @authorized
    def head(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))

    @web.authenticated
    @authorized
    def post(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))

    @web.authenticated
    @authorized
    def put(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))

    @web.authenticated
    @authorized
    def patch(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))

    @web.authenticated
    @authorized
    def delete(self, path: str) -> None:
        """Answer 404."""
        self._finish_with(path_not_found(path))
