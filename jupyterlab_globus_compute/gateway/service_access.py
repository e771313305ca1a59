"""How the watcher sends requests of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .result_push import ResultPush
    from .service_feed import ServiceFeed
    from .transport import ServiceAnswer, ServiceRequest


class ServiceAccess(Protocol):
    """The services, as the vault's watcher reaches them; the gateway is one."""

    def service_names(self) -> list[str]:
        """The services there are."""

    def service_kind(self, service: str) -> str:
        """`local`, `cloud` or `other`. Raises `GatewayError` 404."""

    def gives_results_once(self, service: str) -> bool:
        """Whether a result may be had only once. Raises `GatewayError` 404."""

    async def ready(self, service: str) -> None:
        """Wait, after `send` has raised 401, until somebody has signed in. Asks no service."""

    def feed(self, service: str) -> ServiceFeed | None:
        """The service's stream of events; None: it has none, so it is to be polled."""

    async def open_push(self, service: str) -> ResultPush | None:
        """The service's queue of results; None: it has none, or it is not to be used.

        Raises `GatewayError` when that cannot be told now.
        """

    async def send(self, service: str, request: ServiceRequest) -> ServiceAnswer:
        """The service's answer to a request of the watcher's, whatever its HTTP status.

        Waits for the service's budget, starts the local service if need be,
        and asks neither the vault nor for a person's leave. Raises
        `GatewayError` when there is no answer: 401 where nobody is signed in.
        """
