"""The routes under `<base_url>/globus-compute/` of the Jupyter server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .account_handlers import account_handlers
from .batch_handlers import batch_handlers
from .class_file_handlers import class_file_handlers
from .event_handler import EventsHandler
from .overview_handler import OverviewHandler
from .service_handlers import ServiceHandler, ServicesHandler, UnknownPathHandler

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

    from .gateway.gateway import Gateway


def gateway_handlers(
    root: str, gateway: Gateway
) -> list[tuple[str, type[JupyterHandler], dict[str, Any]]]:
    """The routes under `root`, e.g. `/globus-compute`, as Tornado takes them."""
    arguments = {"gateway": gateway}
    return [
        (rf"{root}/services", ServicesHandler, arguments),
        (rf"{root}/services/([^/]+)/(.*)", ServiceHandler, arguments),
        (rf"{root}/events", EventsHandler, arguments),
        *account_handlers(root, gateway),
        (rf"{root}/overview", OverviewHandler, arguments),
        *batch_handlers(root, gateway, gateway.batches),
        *class_file_handlers(root, gateway),
        (rf"{root}/(.*)", UnknownPathHandler, arguments),
    ]
