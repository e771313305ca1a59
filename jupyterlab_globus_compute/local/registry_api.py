"""The routes of functions and containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import not_supported
from .routing import DELETED, get, path_uuid, post, route
from .schemas import parse_container, parse_function
from .views import container_view, function_view

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from .registry import Registry


class RegistryApi:
    """The handlers; each returns the JSON value of its answer or raises ApiError."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def routes(self) -> list[Route]:
        """Return the table of routes."""
        return [
            post("/v2/functions", self._register),
            post("/v3/functions", self._register),
            get("/v2/functions/{function_id}", self._function),
            route("DELETE", "/v2/functions/{function_id}", self._delete_function),
            post("/v2/containers", self._register_container),
            post("/v2/containers/build", self._build_container),
            get("/v2/containers/build/{container_id}", self._build_status),
            get("/v2/containers/{container_id}/{container_type}", self._container),
        ]

    def _register(self, _request: Request, body: dict[str, Any]) -> Any:
        return {"function_uuid": self._registry.add_function(parse_function(body))}

    def _function(self, request: Request) -> Any:
        return function_view(self._registry.function(path_uuid(request, "function_id")))

    def _delete_function(self, request: Request) -> Any:
        self._registry.delete_function(path_uuid(request, "function_id"))
        return DELETED

    def _register_container(self, _request: Request, body: dict[str, Any]) -> Any:
        return {"container_id": self._registry.add_container(parse_container(body))}

    def _build_container(self, _request: Request, _body: dict[str, Any]) -> Any:
        raise not_supported(
            "This service builds no containers; build one with the container program of this "
            "computer, then register it with POST /v2/containers"
        )

    def _build_status(self, request: Request) -> Any:
        record = self._registry.container(path_uuid(request, "container_id"))
        # Those registered here have been built elsewhere.
        return {"container_id": record.container_id, "status": "provided"}

    def _container(self, request: Request) -> Any:
        # Whatever type is asked for: there is one image, of the type it was registered with.
        return container_view(self._registry.container(path_uuid(request, "container_id")))
