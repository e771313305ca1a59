"""Requests to the services, within what each of them allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .budget import Budget, SlidingWindowBudget, UnlimitedBudget
from .result_push import AmqpPush, checked_queue_url
from .routes import Route, find_route
from .service_feed import ServiceFeed, SseFeed
from .transport import ServiceRequest

if TYPE_CHECKING:
    from logging import Logger

    from .profiles import ServiceDirectory, ServiceProfile
    from .proxy import Proxy
    from .result_push import ResultPush
    from .transport import ServiceAnswer

_OK = 200
_PUSH_ROUTE = Route("GET", "v2/get_amqp_result_connection_url", repeatable=True)
"""Not among those that browsers may ask for: the answer holds a password."""


class Services:
    """All services, with the request budget of each; the watcher's `ServiceAccess`."""

    def __init__(self, directory: ServiceDirectory, proxy: Proxy, log: Logger) -> None:
        self._directory = directory
        self._proxy = proxy
        self._log = log
        self._budgets = {name: _budget(directory.find(name)) for name in directory.names()}

    def describe(self) -> dict[str, object]:
        """See `ServiceDirectory.describe`."""
        return self._directory.describe()

    def find(self, service: str) -> ServiceProfile:
        """The service of that name. Raises `GatewayError` 404."""
        return self._directory.find(service)

    def service_names(self) -> list[str]:
        """See `ServiceAccess.service_names`."""
        return self._directory.names()

    def service_kind(self, service: str) -> str:
        """See `ServiceAccess.service_kind`."""
        return self.find(service).kind

    def gives_results_once(self, service: str) -> bool:
        """See `ServiceAccess.gives_results_once`."""
        return self.find(service).gives_results_once

    async def ready(self, service: str) -> None:
        """See `ServiceAccess.ready`."""
        await self.find(service).ready()

    def feed(self, service: str) -> ServiceFeed | None:
        """See `ServiceAccess.feed`."""
        profile = self.find(service)
        return SseFeed(profile, self._log) if profile.features.events else None

    async def open_push(self, service: str) -> ResultPush | None:
        """See `ServiceAccess.open_push`."""
        profile = self.find(service)
        if not profile.pushes_results:
            return None
        request = ServiceRequest("GET", _PUSH_ROUTE.template)
        answer = await self._relay(service, _PUSH_ROUTE, request, interactive=False)
        if answer.status != _OK:
            return None
        try:
            fields = json.loads(answer.body)
            prefix = str(fields["queue_prefix"])
            is_cloud = profile.kind == "cloud"
            url = checked_queue_url(str(fields["connection_url"]), is_cloud=is_cloud)
        except (ValueError, LookupError, TypeError):
            self._log.warning("The queue of results that '%s' names cannot be used", service)
            return None
        return AmqpPush(url, prefix, self._log)

    async def send(self, service: str, request: ServiceRequest) -> ServiceAnswer:
        """See `ServiceAccess.send`."""
        route = find_route(request.method, request.path)
        return await self._relay(service, route, request, interactive=False)

    async def relay(self, service: str, route: Route, request: ServiceRequest) -> ServiceAnswer:
        """The answer to a request of a person's. Raises `GatewayError`."""
        return await self._relay(service, route, request, interactive=True)

    async def close(self) -> None:
        """End what was started."""
        await self._directory.close()

    async def _relay(
        self, service: str, route: Route, request: ServiceRequest, *, interactive: bool
    ) -> ServiceAnswer:
        profile = self.find(service)
        budget = self._budgets[service]
        return await self._proxy.relay(profile, budget, route, request, interactive=interactive)


def _budget(profile: ServiceProfile) -> Budget:
    return UnlimitedBudget() if profile.kind == "local" else SlidingWindowBudget()
