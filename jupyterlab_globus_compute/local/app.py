"""The ASGI application: guard, routes, and errors in the API's shape."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from .errors import ApiError, shorten, storage_full
from .security import Guard

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_log = logging.getLogger(__name__)


def create_app(routes: list[Route], token: str, port: int) -> ASGIApp:
    """Return the application that serves ``routes`` to holders of ``token`` on ``port``."""
    app = Starlette(
        routes=routes,
        exception_handlers={
            ApiError: _answer_api_error,
            sqlite3.OperationalError: _answer_database_error,
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
    closes = error.http_status in (408, 413)
    return _answer(error, {"Connection": "close"} if closes else None)


async def _answer_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    path = shorten(request.url.path)
    if error.status_code == 405:  # noqa: PLR2004
        allowed = ", ".join(sorted(_methods(request)))
        reason = f"{path} does not take {request.method}, but {allowed}"
        return _answer(ApiError(405, "METHOD_NOT_ALLOWED", reason), {"Allow": allowed})
    if error.status_code == 404:  # noqa: PLR2004
        return _answer(ApiError(404, "ROUTE_NOT_FOUND", f"This service has no {path}"))
    return _answer(ApiError(error.status_code, "REQUEST_MALFORMED", str(error.detail)))


def _methods(request: Request) -> set[str]:
    # Starlette names those of one route only, where several share the path.
    routes: list[Route] = request.app.routes
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)


async def _answer_database_error(request: Request, error: Exception) -> Response:
    # Python 3.10 has no error numbers; the text is SQLite's for SQLITE_FULL.
    if "disk is full" in str(error):
        return _answer(storage_full())
    _log.error("The database failed: %s", error)
    return await _answer_unexpected(request, error)


async def _answer_unexpected(_request: Request, error: Exception) -> Response:
    reason = (
        f"The service failed unexpectedly ({type(error).__name__}: {shorten(str(error))}); "
        "its log says where. Trying again may help"
    )
    return _answer(ApiError(500, "INTERNAL_ERROR", reason))
