"""A door for tests to look into the stand-in and to tell it what to do, on a port of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .books import PlannedRefusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from .books import Books

_SETTINGS = ("cors_origin", "requests_in_10_s", "requirements", "results_once")


class Control:
    """Takes ``POST /{command}`` with an object in JSON."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def app(self) -> Starlette:
        """Return the application."""
        return Starlette(routes=[Route("/{command}", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        commands = {"log": self._log, "refuse": self._refuse, "set": self._set}
        command = commands.get(request.path_params["command"])
        if command is None:
            return JSONResponse({"commands": list(commands)}, 400)
        return JSONResponse(command(await request.json()))

    def _log(self, _fields: dict[str, Any]) -> Any:
        return {
            "requests": self._books.requests,
            "submissions": self._books.submissions,
            "unexpected": self._books.unexpected,
        }

    def _refuse(self, fields: dict[str, Any]) -> Any:
        usual = {"headers": {}, "times": 1}
        self._books.refusals.append(PlannedRefusal(**{**usual, **fields}))

    def _set(self, fields: dict[str, Any]) -> Any:
        if "requests_in_10_s" in fields:
            self._books.forget_counts()
        for name, value in fields.items():
            if name == "offline":
                self._books.offline = set(value)
            elif name in _SETTINGS:
                setattr(self._books, name, value)
            else:
                raise ValueError(name)
