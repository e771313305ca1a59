"""A diagnosis of the way to a compute service, step by step."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from packaging.version import InvalidVersion, Version

from jupyterlab_globus_compute.timeouts import timeout

from .errors import GatewayError
from .routes import find_route
from .sample_task import SampleTask
from .transport import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .profiles import ServiceProfile
    from .routes import Route
    from .transport import ServiceAnswer

_OK = 200
_PATIENCE_S = 10.0
_HTTPS_PORT = 443


@dataclass(frozen=True)
class _Outcome:
    state: Literal["ok", "failed", "skipped"]
    text: str
    advice: str | None = None


class ConnectionCheck:
    """Looks for the first thing on the way that does not work.

    What comes after it is skipped. No text holds a token: what services say passes as they say
    it, and what they are sent is never quoted.
    """

    def __init__(
        self,
        profile: ServiceProfile,
        ask: Callable[[Route, ServiceRequest], Awaitable[ServiceAnswer]],
        endpoint: str | None,
    ) -> None:
        """`ask` sends a request to the service, with its token; `endpoint` is to run a task."""
        self._profile = profile
        self._ask = ask
        self._endpoint = endpoint
        self._about: Any = None

    async def run(self) -> dict[str, Any]:
        """`{"steps": [{"name", "state", "text", "advice", "durationMs"}]}`."""
        steps: list[dict[str, Any]] = []
        has_failed = False
        for name, step in (
            ("name", self._name),
            ("tls", self._tls),
            ("api", self._api),
            ("version", self._version),
            ("token", self._token),
            ("endpoint", self._endpoint_status),
            ("task", self._task),
        ):
            begun = time.monotonic()
            if has_failed:
                outcome = _Outcome("skipped", "A step before this one failed.")
            else:
                outcome = await step()
                has_failed = outcome.state == "failed"
            duration_ms = round((time.monotonic() - begun) * 1000)
            steps.append({"name": name, **vars(outcome), "durationMs": duration_ms})
        return {"steps": steps}

    async def _name(self) -> _Outcome:
        host, port = self._address()
        if host is None:
            return _Outcome("skipped", "The service is of this computer.")
        try:
            async with timeout(_PATIENCE_S):
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, port, type=socket.SOCK_STREAM
                )
        except (OSError, asyncio.TimeoutError):
            return _Outcome(
                "failed",
                f"The name {host} cannot be resolved.",
                "Check this computer's connection to the internet and its name server.",
            )
        return _Outcome("ok", f"{host} is {found[0][4][0]}.")

    async def _tls(self) -> _Outcome:
        host, port = self._address()
        if host is None or not str(self._profile.address).startswith("https:"):
            return _Outcome("skipped", "The connection stays on this computer.")
        try:
            async with timeout(_PATIENCE_S):
                _, writer = await asyncio.open_connection(
                    host, port, ssl=ssl.create_default_context()
                )
        except ssl.SSLError as error:
            return _Outcome(
                "failed",
                f"{host} shows no certificate that this computer trusts ({error.reason}).",
                "A firewall may come in between; ask its administrator. Check the clock, too.",
            )
        except (OSError, asyncio.TimeoutError):
            return _Outcome(
                "failed",
                f"{host} cannot be reached on port {port}.",
                "Ask the network's administrator to allow connections to it.",
            )
        protocol = writer.get_extra_info("ssl_object").version()
        writer.close()
        with suppress(OSError, asyncio.TimeoutError):
            async with timeout(_PATIENCE_S):
                await writer.wait_closed()
        return _Outcome("ok", f"Encrypted with {protocol}.")

    async def _api(self) -> _Outcome:
        try:
            answer = await self._get("v2/version", "service=all")
        except GatewayError as error:
            if error.status == 401:  # noqa: PLR2004 - nobody is signed in, says the gateway
                return _Outcome("ok", "Nothing is asked before somebody signs in.")
            return _Outcome("failed", error.reason)
        if answer.status != _OK:
            return _refused(answer)
        self._about = json.loads(answer.body)
        named = self._about.get("api") if isinstance(self._about, dict) else self._about
        return _Outcome("ok", f"The service answers; its version is {named}.")

    async def _version(self) -> _Outcome:
        least = self._about.get("min_sdk_version") if isinstance(self._about, dict) else None
        own = version("globus-compute-sdk")
        with suppress(InvalidVersion, TypeError):
            if Version(str(least)) > Version(own):
                return _Outcome(
                    "failed",
                    f"The service wants the Globus Compute SDK {least} or newer; {own} is here.",
                    "Update this extension and the globus-compute-sdk beside it.",
                )
            return _Outcome("ok", f"The SDK {own} is new enough; {least} is the oldest allowed.")
        return _Outcome("skipped", "The service does not say which versions it takes.")

    async def _token(self) -> _Outcome:
        try:
            answer = await self._get("v2/endpoints", "")
        except GatewayError as error:
            return _Outcome("failed", error.reason)
        if answer.status != _OK:
            return _refused(answer)
        return _Outcome("ok", "The service takes the credential.")

    async def _endpoint_status(self) -> _Outcome:
        if self._endpoint is None:
            return _Outcome("skipped", "No endpoint is chosen.")
        try:
            answer = await self._get(f"v2/endpoints/{self._endpoint}/status", "")
            status = json.loads(answer.body).get("status")
        except GatewayError as error:
            return _Outcome("failed", error.reason)
        except (ValueError, AttributeError):
            status = None
        if answer.status != _OK:
            return _refused(answer)
        if status != "online":
            return _Outcome(
                "failed",
                f"The endpoint is {status or 'in no known state'}.",
                "Start it where it runs, or ask its owner to.",
            )
        return _Outcome("ok", "The endpoint is online.")

    async def _task(self) -> _Outcome:
        if self._endpoint is None:
            return _Outcome("skipped", "No endpoint is chosen.")
        try:
            failure = await SampleTask(self._ask, self._endpoint).run()
        except GatewayError as error:
            return _Outcome("failed", error.reason)
        if failure is not None:
            return _Outcome("failed", failure, "The endpoint's own log says more.")
        return _Outcome("ok", "A task has run there and its result has come back.")

    async def _get(self, path: str, query: str) -> ServiceAnswer:
        request = ServiceRequest("GET", path, query)
        return await self._ask(find_route("GET", path), request)

    def _address(self) -> tuple[str | None, int]:
        """Host and port; no host for a service that is started when needed."""
        if self._profile.address is None:
            return None, 0
        parts = urlsplit(self._profile.address)
        return parts.hostname, parts.port or _HTTPS_PORT


def _refused(answer: ServiceAnswer) -> _Outcome:
    """A step that failed in the service's own words."""
    words = f"HTTP {answer.status}"
    with suppress(ValueError, LookupError, TypeError):
        words = f"{json.loads(answer.body)['reason']} ({words})"
    return _Outcome("failed", f"The service refused: {words}")
