"""The routes of the Compute API (https://compute.api.globus.org/redoc) that are spoken here."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from .endpoint_api import EndpointApi
from .event_stream import EventStream
from .registry_api import RegistryApi
from .routing import get
from .schemas import parse_sequence_number
from .task_api import TaskApi
from .views import VERSIONS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .events import EventLog
    from .result_queue import ResultQueue
    from .store import Store
    from .task_engine import TaskEngine
    from .views import Endpoint

_OPENAPI = "openapi.json"


class Api:
    """All routes.

    Their handlers run in threads, so that neither the database nor a large body holds up the
    others.
    """

    def __init__(
        self,
        store: Store,
        engine: TaskEngine,
        endpoint: Endpoint,
        events: EventLog,
        result_queue: ResultQueue | None = None,
    ) -> None:
        self._events = events
        endpoints = EndpointApi(endpoint, store.registry, engine)
        self._parts = (
            RegistryApi(store.registry),
            endpoints,
            TaskApi(store, engine, endpoints, events, result_queue),
        )

    def routes(self) -> list[Route]:
        """Return the table of routes."""
        return [
            get("/v2/version", _version),
            get("/openapi.json", _openapi),
            Route("/v3/events", self._follow, methods=["GET"]),
            *(route for part in self._parts for route in part.routes()),
        ]

    async def _follow(self, request: Request) -> Response:
        since = request.headers.get("last-event-id") or request.query_params.get("since")
        number = None if since is None else parse_sequence_number(since)
        return EventStream(self._events, number)


def _version(request: Request) -> Any:
    return VERSIONS if request.query_params.get("service") == "all" else VERSIONS["api"]


def _openapi(_request: Request) -> Any:
    return json.loads(files(__package__).joinpath(_OPENAPI).read_text("utf-8"))
