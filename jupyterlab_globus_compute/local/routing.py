"""Makes routes of functions that take a request and return the JSON value of the answer.

Or a Response, where that takes more than turning a value into text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .request_body import read_body
from .schemas import parse_object, parse_uuid

Handler = Callable[[Request], Any]
BodyHandler = Callable[[Request, dict[str, Any]], Any]

DELETED = {"result": 302}
"""What the hosted service answers to a successful DELETE."""


def route(method: str, path: str, handler: Handler) -> Route:
    """Return a route to a handler that runs in a thread and may raise ApiError."""

    async def handle(request: Request) -> Response:
        return await run_in_threadpool(lambda: _response(handler(request)))

    return Route(path, handle, methods=[method])


def get(path: str, handler: Handler) -> Route:
    """Return a route for GET."""
    return route("GET", path, handler)


def post(path: str, handler: BodyHandler, method: str = "POST") -> Route:
    """Return a route whose handler also takes the body, which must be a JSON object."""

    async def handle(request: Request) -> Response:
        body = await read_body(request)
        return await run_in_threadpool(lambda: _response(handler(request, parse_object(body))))

    return Route(path, handle, methods=[method])


def path_uuid(request: Request, name: str) -> str:
    """Return the UUID that the path has in the place of ``{name}``.

    Raises:
        ApiError: INVALID_UUID.
    """
    return parse_uuid(request.path_params[name], f"The {name} in the path")


def _response(answer: Any) -> Response:
    return answer if isinstance(answer, Response) else JSONResponse(answer)
