"""The ASGI application: guard, routes, and errors in the API's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from .errors import ApiError, shorten
from .security import Guard

if TYPE_CHECKING:
    from starlette.routing import Route
    from starlette.types import ASGIApp


def create_app(routes: list[Route], token: str, port: int) -> ASGIApp:
    """Return the application that serves ``routes`` to holders of ``token`` on ``port``."""
    app = Starlette(
        routes=routes,
        exception_handlers={
            ApiError: _answer_api_error,
            HTTPException: _answer_http_exception,
            ClientDisconnect: _answer_nobody,
            Exception: _answer_unexpected,
        },
    )
    # A redirect would lead clients away from the shape of errors they know.
    app.router.redirect_slashes = False
    return Guard(app, token, port)


def _answer(error: ApiError, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(error.body(), error.http_status, headers)


async def _answer_api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - Starlette's type is wider than its promise
    # The rest of a refused body may still be on its way.
    return _answer(error, {"Connection": "close"} if error.http_status == 413 else None)  # noqa: PLR2004


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    path = shorten(request.url.path)
    if error.status_code == 405:  # noqa: PLR2004
        reason = f"{path} does not take {request.method}"
        return _answer(ApiError(405, "METHOD_NOT_ALLOWED", reason), dict(error.headers or {}))
    if error.status_code == 404:  # noqa: PLR2004
        return _answer(ApiError(404, "ROUTE_NOT_FOUND", f"This service has no {path}"))
    return _answer(ApiError(error.status_code, "REQUEST_MALFORMED", str(error.detail)))


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)


async def _answer_unexpected(_request: Request, error: Exception) -> Response:
    reason = (
        f"The service failed unexpectedly ({type(error).__name__}: {shorten(str(error))}); "
        "its log says where. Trying again may help"
    )
    return _answer(ApiError(500, "INTERNAL_ERROR", reason))
