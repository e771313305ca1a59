"""The gateway as a whole, as the request handlers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from .attachment import Attachment
from .profiles import LocalProfile, ServiceDirectory
from .proxy import Proxy
from .request_body import check_body
from .routes import find_route
from .supervisor import LocalServiceSupervisor
from .transport import ServiceAnswer, ServiceRequest, Transport

if TYPE_CHECKING:
    from logging import Logger

    from .local_settings import LocalServiceSettings

# Arguments that are meant for the Jupyter server, two of them secrets.
_JUPYTER_ARGUMENTS = frozenset({"_xsrf", "no_track_activity", "token"})


class Gateway:
    """Passes requests of the Compute API to the services of this computer's owner.

    Starts nothing before the first request to a service, and belongs to the
    event loop of that request.
    """

    def __init__(self, settings: LocalServiceSettings, log: Logger) -> None:
        self._transport = Transport()
        attachment = Attachment(settings.state_file, self._transport, log)
        supervisor = LocalServiceSupervisor(settings, attachment, log)
        self._services = ServiceDirectory(LocalProfile(supervisor))
        self._proxy = Proxy(self._transport, log)

    def describe_services(self) -> dict[str, object]:
        """`{"services": [{"name", "label", "kind"}], "default": name}`."""
        return self._services.describe()

    async def relay(
        self,
        service: str,
        *,
        method: str,
        path: str,
        query: str,
        body: bytes,
        content_type: str | None,
        accept: str | None,
    ) -> ServiceAnswer:
        """The answer of `service` to a request of the Compute API.

        `path` is decoded and has no leading slash; `query` is as in the URL;
        `content_type` and `accept` are the request's headers. Raises
        `GatewayError` for what the gateway does not pass on, and when no
        answer can be had.
        """
        profile = self._services.find(service)
        route = find_route(method, path)
        takes_body = method == "POST"
        check_body(body, required=takes_body)
        request = ServiceRequest(
            method,
            path,
            query=without_jupyter_arguments(query),
            body=body if takes_body else None,
            content_type=content_type or "application/json",
            accept=accept or "application/json",
        )
        return await self._proxy.relay(profile, route, request)

    async def close(self) -> None:
        """End everything that was started."""
        await self._services.close()
        self._transport.close()


def without_jupyter_arguments(query: str) -> str:
    """The query string without the arguments that are for the Jupyter server."""
    arguments = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in arguments if name not in _JUPYTER_ARGUMENTS])
