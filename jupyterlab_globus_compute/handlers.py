"""The routes under `<base_url>/globus-compute/` of the Jupyter server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .service_handlers import ServiceHandler, ServicesHandler, UnknownPathHandler

if TYPE_CHECKING:
    from .gateway.gateway import Gateway
    from .gateway_handler import GatewayHandler


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
