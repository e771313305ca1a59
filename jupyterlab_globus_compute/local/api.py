"""The routes of the Compute API (https://compute.api.globus.org/redoc) that are spoken here."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .errors import not_found
from .request_body import read_body
from .schemas import parse_function, parse_object, parse_submission, parse_task_ids, parse_uuid
from .views import (
    VERSIONS,
    Endpoint,
    function_view,
    task_group_view,
    task_view,
    unknown_task_view,
)

if TYPE_CHECKING:
    from .engine import Engine
    from .store import Store

Handler = Callable[[Request], Any]
BodyHandler = Callable[[Request, dict[str, Any]], Any]

DELETED = {"result": 302}
"""What the hosted service answers to a successful DELETE."""


class Api:
    """The handlers; each returns the JSON value of its answer or raises ApiError.

    They run in threads, so that neither the database nor a large body holds up the others.
    """

    def __init__(self, store: Store, engine: Engine, endpoint: Endpoint) -> None:
        self._store = store
        self._engine = engine
        self._endpoint = endpoint

    def routes(self) -> list[Route]:
        """Return the table of routes."""
        return [
            _get("/v2/version", self._version),
            _post("/v2/functions", self._register),
            _post("/v3/functions", self._register),
            _get("/v2/functions/{function_id}", self._function),
            _route("DELETE", "/v2/functions/{function_id}", self._delete_function),
            _post("/v3/endpoints/{endpoint_id}/submit", self._submit),
            _get("/v2/tasks/{task_id}", self._task),
            _post("/v2/batch_status", self._batch_status),
            _get("/v2/taskgroup/{task_group_id}", self._task_group),
            _get("/v2/endpoints", self._endpoints),
            _get("/v2/endpoints/{endpoint_id}", self._endpoint_metadata),
            _get("/v2/endpoints/{endpoint_id}/status", self._endpoint_status),
            _get("/v3/endpoints/{endpoint_id}/allowed_functions", self._allowed_functions),
        ]

    def _version(self, request: Request) -> Any:
        return VERSIONS if request.query_params.get("service") == "all" else VERSIONS["api"]

    def _register(self, _request: Request, body: dict[str, Any]) -> Any:
        return {"function_uuid": self._store.add_function(parse_function(body))}

    def _function(self, request: Request) -> Any:
        return function_view(self._store.function(_path_uuid(request, "function_id")))

    def _delete_function(self, request: Request) -> Any:
        self._store.delete_function(_path_uuid(request, "function_id"))
        return DELETED

    def _submit(self, request: Request, body: dict[str, Any]) -> Any:
        self._check_endpoint(request)
        submission = parse_submission(body)
        accepted = self._store.add_tasks(submission)
        self._engine.submit(accepted.in_order())
        return {
            "request_id": str(uuid.uuid4()),
            "task_group_id": submission.task_group_id,
            "endpoint_id": self._endpoint.endpoint_id,
            "tasks": accepted.task_ids,
        }

    def _task(self, request: Request) -> Any:
        task_id = _path_uuid(request, "task_id")
        view = self._task_views([task_id]).get(task_id)
        if view is None:
            raise not_found("task", task_id)
        return view

    def _batch_status(self, _request: Request, body: dict[str, Any]) -> Any:
        task_ids = parse_task_ids(body)
        views = self._task_views(task_ids)
        results = {
            task_id: views.get(task_id) or unknown_task_view(task_id) for task_id in task_ids
        }
        return {"response": "batch", "results": results}

    def _task_group(self, request: Request) -> Any:
        task_group_id = _path_uuid(request, "task_group_id")
        return task_group_view(task_group_id, self._store.task_group(task_group_id))

    def _endpoints(self, _request: Request) -> Any:
        return [self._endpoint.summary()]

    def _endpoint_metadata(self, request: Request) -> Any:
        self._check_endpoint(request)
        return self._endpoint.metadata()

    def _endpoint_status(self, request: Request) -> Any:
        self._check_endpoint(request)
        return self._endpoint.status(self._engine.load())

    def _allowed_functions(self, request: Request) -> Any:
        self._check_endpoint(request)
        return self._endpoint.allowed_functions()

    def _task_views(self, task_ids: list[str]) -> dict[str, Any]:
        # Asked in this order a task never seems to go back from running to waiting: one
        # that ends in between is found finished.
        started_at = self._engine.started_at(task_ids)
        records = self._store.tasks(task_ids)
        return {
            task_id: task_view(record, started_at.get(task_id))
            for task_id, record in records.items()
        }

    def _check_endpoint(self, request: Request) -> None:
        endpoint_id = _path_uuid(request, "endpoint_id")
        if endpoint_id != self._endpoint.endpoint_id:
            raise not_found("endpoint", endpoint_id)


def _path_uuid(request: Request, name: str) -> str:
    return parse_uuid(request.path_params[name], f"The {name} in the path")


def _get(path: str, handler: Handler) -> Route:
    return _route("GET", path, handler)


def _route(method: str, path: str, handler: Handler) -> Route:
    async def handle(request: Request) -> JSONResponse:
        return await run_in_threadpool(lambda: JSONResponse(handler(request)))

    return Route(path, handle, methods=[method])


def _post(path: str, handler: BodyHandler) -> Route:
    async def handle(request: Request) -> JSONResponse:
        body = await read_body(request)
        return await run_in_threadpool(lambda: JSONResponse(handler(request, parse_object(body))))

    return Route(path, handle, methods=["POST"])
