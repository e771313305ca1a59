"""What all handlers under `<base_url>/globus-compute/` have in common."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

from .gateway.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Awaitable

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

    async def _answer(self, answer: Awaitable[Any]) -> None:
        """Finish with a JSON value, or with the error that it raises instead."""
        try:
            value = await answer
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.finish(json.dumps(value))

    def _finish_with(self, error: GatewayError) -> None:
        self.set_status(error.status)
        for name, value in error.headers.items():
            self.set_header(name, value)
        self.finish(json.dumps(error.body()))


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
