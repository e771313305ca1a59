"""The routes of the one endpoint: this computer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .errors import not_found, not_supported
from .routing import DELETED, get, path_uuid, post, route
from .schemas import parse_role

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from .registry import Registry
    from .task_engine import TaskEngine
    from .views import Endpoint


class EndpointApi:
    """The handlers; each returns the JSON value of its answer or raises ApiError."""

    def __init__(self, endpoint: Endpoint, registry: Registry, engine: TaskEngine) -> None:
        self._endpoint = endpoint
        self._registry = registry
        self._engine = engine
        self._is_deleted = threading.Event()

    def routes(self) -> list[Route]:
        """Return the table of routes."""
        one_v2, one_v3 = "/v2/endpoints/{endpoint_id}", "/v3/endpoints/{endpoint_id}"
        return [
            get("/v2/endpoints", self._list),
            get(one_v2, self._metadata),
            route("DELETE", one_v2, self._delete),
            get(f"{one_v2}/status", self._status),
            route("POST", f"{one_v2}/lock", self._lock),
            route("POST", f"{one_v3}/lock", self._lock),
            get(f"{one_v3}/allowed_functions", self._allowed_functions),
            post("/v2/endpoints", self._register),
            post("/v3/endpoints", self._register),
            post(one_v3, self._register, "PUT"),
        ]

    def require(self, request: Request) -> Endpoint:
        """Return the endpoint that the path names.

        Raises:
            ApiError: ENDPOINT_NOT_FOUND: it is another, or has been deleted.
        """
        endpoint_id = path_uuid(request, "endpoint_id")
        if endpoint_id != self._endpoint.endpoint_id or self._is_deleted.is_set():
            raise not_found("endpoint", endpoint_id)
        return self._endpoint

    def _list(self, request: Request) -> Any:
        parse_role(request.query_params.get("role"))
        return [] if self._is_deleted.is_set() else [self._endpoint.summary()]

    def _metadata(self, request: Request) -> Any:
        return self.require(request).metadata()

    def _delete(self, request: Request) -> Any:
        self._registry.delete_endpoint(self.require(request).endpoint_id)
        self._is_deleted.set()
        return DELETED

    def _status(self, request: Request) -> Any:
        return self.require(request).status(self._engine.load())

    def _lock(self, request: Request) -> Any:
        return self.require(request).lock()

    def _allowed_functions(self, request: Request) -> Any:
        return self.require(request).allowed_functions()

    def _register(self, _request: Request, _body: dict[str, Any]) -> Any:
        raise not_supported(
            "This service runs tasks on this computer only and takes no other endpoints; "
            "register them with the Globus Compute service"
        )
