"""The routes under `<base_url>/globus-compute/` of the Jupyter server."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from .gateway.errors import GatewayError, path_not_found

if TYPE_CHECKING:
    from .gateway.gateway import Gateway

AUTH_RESOURCE = "globus-compute"

_ADVICE = {
    401: "Sign in to the Jupyter server and try again.",
    403: "Reload the page to sign in to the Jupyter server again; if that does not help, "
    "ask its administrator for access.",
    500: "The Jupyter server's log says more.",
}


class GatewayHandler(APIHandler):
    """What all handlers have in common: the gateway, and the shape of errors."""

    auth_resource = AUTH_RESOURCE

    def initialize(self, gateway: Gateway) -> None:
        """Tornado's hook for the arguments of the route."""
        self._gateway = gateway

    def set_default_headers(self) -> None:
        """Results are nobody else's business, caches' included."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> None:
        """No entity tags: hashing a large answer would cost more than it saves."""
        return

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Give errors of Jupyter and Tornado the shape of the API's errors too."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        self._finish_with(_from_tornado(status_code, error))

    def _finish_with(self, error: GatewayError) -> None:
        self.set_status(error.status)
        for name, value in error.headers.items():
            self.set_header(name, value)
        self.finish(json.dumps(error.body()))


class ServicesHandler(GatewayHandler):
    """`GET /globus-compute/services`: the services there are."""

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Answer `{"services": [{"name", "label", "kind"}], "default": name}`."""
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
            )
        except GatewayError as error:
            self._finish_with(error)
            return
        self.set_status(answer.status)
        self.finish(answer.body)


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


def gateway_handlers(
    root: str, gateway: Gateway
) -> list[tuple[str, type[GatewayHandler], dict[str, Gateway]]]:
    """The routes under `root`, e.g. `/globus-compute`, as Tornado takes them."""
    arguments = {"gateway": gateway}
    return [
        (rf"{root}/services", ServicesHandler, arguments),
        (rf"{root}/services/([^/]+)/(.*)", ServiceHandler, arguments),
        (rf"{root}/(.*)", UnknownPathHandler, arguments),
    ]


def _from_tornado(status: int, error: BaseException | None) -> GatewayError:
    try:
        phrase = HTTPStatus(status)
        code, what = phrase.name, phrase.phrase
    except ValueError:
        code, what = "HTTP_ERROR", f"HTTP {status}"
    if isinstance(error, web.HTTPError) and error.log_message:
        # A message of another extension's hook may not fit its arguments.
        with suppress(TypeError, ValueError):
            what = error.log_message % error.args
    advice = _ADVICE.get(status, "Check the request.")
    return GatewayError(status, code, f"{what.rstrip('.')}. {advice}")
