"""The ASGI application: checks each token, writes down each request, refuses the unexpected."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .compute_api import VERSIONS, ComputeApi
from .errors import RefusalError, unexpected
from .groups_api import my_groups

if TYPE_CHECKING:
    from starlette.requests import Request

    from .books import Books
    from .identity import Identity, TokenCheck
    from .upstream import Upstream

_UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

Call = Callable[["Identity", list[str], "Request"], Awaitable[Any]]


class Front:
    """Answers every request that comes to the service."""

    def __init__(self, books: Books, tokens: TokenCheck, upstream: Upstream) -> None:
        self._books = books
        self._tokens = tokens
        self._compute = ComputeApi(books, upstream)
        self._calls = _calls(self._compute)

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])

    async def _answer(self, request: Request) -> Response:
        entry: dict[str, Any] = {
            "at": time.time(),
            "method": request.method,
            "path": request.url.path,
            "identity": None,
            "status": 0,
        }
        self._books.requests.append(entry)
        try:
            response: Response = JSONResponse(await self._serve(request, entry))
        except RefusalError as error:
            response = JSONResponse(error.body, error.status, error.headers)
        entry["status"] = response.status_code
        if self._books.cors_origin is not None:
            response.headers.update(_cors(self._books.cors_origin))
        return response

    async def _serve(self, request: Request, entry: dict[str, Any]) -> Any:
        method, path = request.method, request.url.path
        if method == "OPTIONS":
            if self._books.cors_origin is None:
                raise RefusalError(405, "METHOD_NOT_ALLOWED", "This service takes no OPTIONS")
            return None
        self._books.refuse_as_planned(method, path)
        authorization = request.headers.get("authorization")
        if path == "/v2/version" and authorization is None:
            return _version(request)
        identity = await self._tokens.identify(authorization)
        entry["identity"] = identity.sub
        self._books.count(identity)
        for call_method, pattern, call in self._calls:
            match = re.fullmatch(pattern, path)
            if match is not None and call_method == method:
                return await call(identity, list(match.groups()), request)
        self._books.unexpected.append(f"{method} {path}")
        raise unexpected(f"{method} {path}")


def _calls(compute: ComputeApi) -> list[tuple[str, str, Call]]:
    """The table of routes: method, path, and what answers."""

    def of_compute(call: Call) -> Call:
        async def checked(identity: Identity, ids: list[str], request: Request) -> Any:
            compute.require_scope(identity)
            return await call(identity, ids, request)

        return checked

    async def body(request: Request) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(await request.body())
        return fields

    async def version(_who: Identity, _ids: list[str], request: Request) -> Any:
        return _version(request)

    async def register(who: Identity, _ids: list[str], request: Request) -> Any:
        return await compute.register(who, await body(request))

    async def submit(who: Identity, ids: list[str], request: Request) -> Any:
        return await compute.submit(who, ids[0], await body(request))

    async def batch_status(who: Identity, _ids: list[str], request: Request) -> Any:
        return await compute.batch_status(who, await body(request))

    async def endpoints(who: Identity, _ids: list[str], request: Request) -> Any:
        return await compute.endpoints(who, request.query_params.get("role"))

    async def result_queue(who: Identity, _ids: list[str], _request: Request) -> Any:
        return await compute.result_queue(who)

    async def groups(who: Identity, _ids: list[str], _request: Request) -> Any:
        return my_groups(who)

    def by_id(method: Callable[[Identity, str], Awaitable[Any]]) -> Call:
        async def call(who: Identity, ids: list[str], _request: Request) -> Any:
            return await method(who, ids[0])

        return call

    table: list[tuple[str, str, Call]] = [
        ("GET", "/v2/version", version),
        ("POST", "/v[23]/functions", register),
        ("GET", f"/v2/functions/{_UUID}", by_id(compute.function)),
        ("DELETE", f"/v2/functions/{_UUID}", by_id(compute.delete_function)),
        ("GET", "/v2/endpoints", endpoints),
        ("GET", f"/v2/endpoints/{_UUID}", by_id(compute.endpoint)),
        ("GET", f"/v2/endpoints/{_UUID}/status", by_id(compute.endpoint_status)),
        ("GET", f"/v3/endpoints/{_UUID}/allowed_functions", by_id(compute.allowed_functions)),
        ("POST", f"/v3/endpoints/{_UUID}/submit", submit),
        ("GET", f"/v2/tasks/{_UUID}", by_id(compute.task)),
        ("POST", "/v2/batch_status", batch_status),
        ("GET", f"/v2/taskgroup/{_UUID}", by_id(compute.task_group)),
        ("GET", "/v2/get_amqp_result_connection_url", result_queue),
    ]
    checked = [(method, pattern, of_compute(call)) for method, pattern, call in table]
    return [*checked, ("GET", "/v2/groups/my_groups", groups)]


def _version(request: Request) -> Any:
    return VERSIONS if request.query_params.get("service") == "all" else VERSIONS["api"]


def _cors(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Expose-Headers": "Retry-After",
    }
