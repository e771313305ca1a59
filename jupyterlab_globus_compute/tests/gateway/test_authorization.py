"""Nobody gets through without the Jupyter server's leave."""

from __future__ import annotations

import importlib
import json
import pkgutil
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from jupyter_server.auth import Authorizer
from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.web import RequestHandler
from tornado.websocket import WebSocketHandler

import jupyterlab_globus_compute as package
from jupyterlab_globus_compute.event_handler import EventsHandler
from jupyterlab_globus_compute.gateway_handler import AUTH_RESOURCE, GatewayHandler
from jupyterlab_globus_compute.handlers import gateway_handlers
from jupyterlab_globus_compute.service_handlers import ServiceHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_server.serverapp import ServerApp

    from jupyterlab_globus_compute.tests.gateway.support import Answer, Api, Fetch, StandIn

VERBS = tuple(verb.lower() for verb in RequestHandler.SUPPORTED_METHODS)
BATCH_WRITES = [
    ("PUT", "batches/12345678-1234-1234-1234-123456789abc"),
    ("DELETE", "batches/12345678-1234-1234-1234-123456789abc"),
    ("POST", "batches/12345678-1234-1234-1234-123456789abc/restore"),
    ("POST", "batches/12345678-1234-1234-1234-123456789abc/landing"),
    ("POST", "follow"),
]
ACCOUNT_WRITES = [
    ("POST", "accounts/cloud/sign-in"),
    ("POST", "accounts/cloud/sign-in/12345678-1234-1234-1234-123456789abc"),
    ("DELETE", "accounts/cloud/sign-in/12345678-1234-1234-1234-123456789abc"),
    ("POST", "accounts/cloud/sign-out"),
    ("POST", "accounts/cloud/check"),
]
# Where Globus sends a person back to: a GET that changes something.
CALLBACK = ("GET", "sign-in/callback")
CALLS = [
    ("GET", "services"),
    ("GET", "services/local/v2/version"),
    ("HEAD", "services/local/v2/version"),
    ("POST", "services/local/v2/batch_status"),
    ("PUT", "services/local/v2/version"),
    ("PATCH", "services/local/v2/version"),
    ("DELETE", "services/local/v2/version"),
    ("DELETE", "services/local/v3/tasks/12345678-1234-1234-1234-123456789abc"),
    ("GET", "events"),
    ("GET", "batches"),
    ("GET", "overview"),
    *BATCH_WRITES,
    ("GET", "accounts"),
    ("GET", "accounts/cloud"),
    ("GET", "accounts/cloud/groups"),
    *ACCOUNT_WRITES,
    CALLBACK,
    ("GET", "nothing"),
    ("POST", "nothing"),
]


class DenyingAuthorizer(Authorizer):
    """Lets nobody through, and remembers what was asked for."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012 (emptied by the fixture `asked`)

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        """Note the question and answer no."""
        self.asked.append((action, resource))
        return False


@pytest.fixture
def asked() -> Iterator[list[tuple[str, str]]]:
    """What the authorizer is asked for."""
    DenyingAuthorizer.asked.clear()
    yield DenyingAuthorizer.asked
    DenyingAuthorizer.asked.clear()


def decorators(method: Callable[..., Any]) -> list[str]:
    """The files and functions that wrap a method, outermost first."""
    found = []
    wrapped: Any = method
    while hasattr(wrapped, "__wrapped__"):
        code = wrapped.__code__
        found.append(f"{Path(code.co_filename).as_posix()}:{code.co_name}")
        wrapped = wrapped.__wrapped__
    return found


def is_protected(handler: type[RequestHandler], verb: str) -> bool:
    """Whether a verb asks first who it is, then whether that person may."""
    authenticated = (
        "jupyter_server/auth/decorator.py:wrapper"
        if issubclass(handler, WebSocketHandler)
        else "tornado/web.py:wrapper"
    )
    match decorators(getattr(handler, verb)):
        case [outer, inner]:
            return outer.endswith(authenticated) and inner.endswith(
                "jupyter_server/auth/decorator.py:inner"
            )
        case _:
            return False


def faults(handler: type[RequestHandler]) -> list[str]:
    """What is wrong with a handler: its base, its resource, and each verb not protected."""
    found = []
    bases = set(handler.__mro__)
    if APIHandler not in bases and not {WebSocketMixin, JupyterHandler} <= bases:
        found.append("base")
    if getattr(handler, "auth_resource", None) != AUTH_RESOURCE:
        found.append("auth_resource")
    for verb in VERBS:
        # Tornado's 405, or Jupyter's answer to CORS preflights.
        harmless = [getattr(RequestHandler, verb), getattr(APIHandler, verb)]
        if getattr(handler, verb) not in harmless and not is_protected(handler, verb):
            found.append(verb)
    return found


def every_handler() -> set[type[RequestHandler]]:
    """All handlers in the server's part of the package, routed or not, and all that are routed."""
    found: set[type[RequestHandler]]
    found = {handler for _, handler, _ in gateway_handlers("/x", Mock())}
    parts = [
        module.name
        for module in pkgutil.iter_modules(package.__path__)
        if module.name not in ("kernel", "local", "tests")
    ]
    names = [f"{package.__name__}.{part}" for part in parts]
    for name in names:
        module = importlib.import_module(name)
        if hasattr(module, "__path__"):
            names += [f"{name}.{inner.name}" for inner in pkgutil.iter_modules(module.__path__)]
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, RequestHandler)
                and value.__module__ == name
            ):
                found.add(value)
    return found


def test_every_verb_of_every_handler_is_protected() -> None:
    handlers = every_handler()
    assert {GatewayHandler, ServiceHandler, EventsHandler} <= handlers
    assert {handler.__name__: faults(handler) for handler in handlers} == {
        handler.__name__: [] for handler in handlers
    }


def test_an_unprotected_verb_would_be_found() -> None:
    class Careless(GatewayHandler):
        def get(self) -> None:
            """Lack the decorators."""

        put = ServiceHandler.put

        @authorized
        @web.authenticated
        def post(self) -> None:
            """Have them the wrong way round."""

        @web.authenticated
        def patch(self) -> None:
            """Ask who it is only."""

    assert faults(Careless) == ["get", "post", "patch"]


def test_a_handler_of_another_kind_would_be_found() -> None:
    class Foreign(RequestHandler):
        @web.authenticated
        @authorized
        def get(self) -> None:
            """Know nothing of Jupyter's users."""

    assert faults(Foreign) == ["base", "auth_resource"]


def test_an_unprotected_socket_would_be_found() -> None:
    class Bare(WebSocketMixin, WebSocketHandler, JupyterHandler):
        auth_resource = AUTH_RESOURCE

    class Unauthorized(Bare):
        @ws_authenticated
        async def get(self, *args: Any, **kwargs: Any) -> None:
            """Ask who it is only."""

    class Redirecting(Bare):
        @web.authenticated
        @authorized
        async def get(  # type: ignore[override] # the fault that is to be found
            self, *args: Any, **kwargs: Any
        ) -> None:
            """Send a socket to the login page."""

    class Unmixed(WebSocketHandler):
        auth_resource = AUTH_RESOURCE

        @ws_authenticated
        @authorized
        async def get(self, *args: Any, **kwargs: Any) -> None:
            """Lack Jupyter's check of the origin."""

    assert [faults(handler) for handler in (Bare, Unauthorized, Redirecting, Unmixed)] == [
        ["get"],
        ["get"],
        ["get"],
        ["base"],
    ]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("authorization", ["", "token wrong"])
async def test_without_a_token_all_is_forbidden(
    api: Api, stand_in: StandIn, method: str, path: str, authorization: str
) -> None:
    headers = {"Authorization": authorization}
    answer = await api.call(method, path, {} if method == "POST" else None, headers=headers)
    assert answer.status == 403
    if method != "HEAD":
        answer.assert_error(403, "FORBIDDEN")
    assert stand_in.starts() == []


class TestWithAnAuthorizerThatDenies:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        jp_server_config["ServerApp"]["authorizer_class"] = DenyingAuthorizer
        return jp_server_config

    @pytest.mark.parametrize(("method", "path"), CALLS)
    async def test_all_is_forbidden(
        self, api: Api, stand_in: StandIn, asked: list[tuple[str, str]], method: str, path: str
    ) -> None:
        answer = await api.call(method, path, {} if method == "POST" else None)
        assert answer.status == 403
        if method != "HEAD":
            answer.assert_error(403, "FORBIDDEN")
        reads = method in ("GET", "HEAD") and (method, path) != CALLBACK
        assert asked == [("read" if reads else "write", "globus-compute")]
        assert stand_in.starts() == []


class TestSignedInByCookie:
    """A browser's requests: cookies, no token."""

    async def sign_in(self, fetch: Fetch, serverapp: ServerApp) -> dict[str, str]:
        page = await fetch("login", headers={"Authorization": ""})
        cookies = cookies_of(page.headers.get_list("Set-Cookie"))
        form = {"password": serverapp.identity_provider.token, "_xsrf": cookies["_xsrf"]}
        signed_in = await fetch(
            "login",
            method="POST",
            body=urlencode(form),
            headers={"Authorization": "", "Cookie": cookie_header(cookies)},
            follow_redirects=False,
            raise_error=False,
        )
        assert signed_in.code == 302
        return cookies | cookies_of(signed_in.headers.get_list("Set-Cookie"))

    async def post(self, api: Api, cookies: dict[str, str], **extra: str) -> Answer:
        headers = {"Authorization": "", "Cookie": cookie_header(cookies), **extra}
        return await api.local("POST", "v2/batch_status", {"task_ids": []}, headers=headers)

    async def test_a_post_needs_the_xsrf_header(
        self, api: Api, jp_fetch: Fetch, jp_serverapp: ServerApp, stand_in: StandIn
    ) -> None:
        stand_in.plan({"POST v2/batch_status": {"body": {"results": {}}}})
        cookies = await self.sign_in(jp_fetch, jp_serverapp)
        forged = await self.post(api, cookies)
        forged.assert_error(403, "FORBIDDEN")
        assert "_xsrf" in forged.json["reason"]
        assert stand_in.starts() == []

        genuine = await self.post(api, cookies, **{"X-XSRFToken": cookies["_xsrf"]})
        assert (genuine.status, genuine.json) == (200, {"results": {}})
        (request,) = stand_in.requests()
        assert cookies["_xsrf"] not in json.dumps(request)

    @pytest.mark.parametrize(
        ("method", "path"), [call for call in CALLS if call[0] not in ("GET", "HEAD")]
    )
    async def test_all_that_changes_something_needs_it(
        self,
        api: Api,
        jp_fetch: Fetch,
        jp_serverapp: ServerApp,
        stand_in: StandIn,
        method: str,
        path: str,
    ) -> None:
        cookies = await self.sign_in(jp_fetch, jp_serverapp)
        headers = {"Authorization": "", "Cookie": cookie_header(cookies)}
        for forged in ({}, {"X-XSRFToken": "forged"}, {"Referer": "http://elsewhere.example"}):
            body: dict[str, Any] | None = None if method == "DELETE" else {}
            answer = await api.call(method, path, body, headers={**headers, **forged})
            answer.assert_error(403, "FORBIDDEN")
        assert stand_in.starts() == []


def cookies_of(headers: list[str]) -> dict[str, str]:
    """The cookies that an answer sets."""
    cookies = {}
    for header in headers:
        cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
    return cookies


def cookie_header(cookies: dict[str, str]) -> str:
    """The cookies as a browser sends them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
