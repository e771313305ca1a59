"""Nobody gets through without the Jupyter server's leave."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import sentinel
from urllib.parse import urlencode

import pytest
from jupyter_server.auth import Authorizer
from jupyter_server.base.handlers import APIHandler
from tornado.web import RequestHandler

from jupyterlab_globus_compute.gateway_handler import AUTH_RESOURCE, GatewayHandler
from jupyterlab_globus_compute.handlers import gateway_handlers
from jupyterlab_globus_compute.service_handlers import ServiceHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_server.serverapp import ServerApp

    from jupyterlab_globus_compute.tests.gateway.support import Answer, Api, Fetch, StandIn

VERBS = tuple(verb.lower() for verb in RequestHandler.SUPPORTED_METHODS)
CALLS = [
    ("GET", "services"),
    ("GET", "services/local/v2/version"),
    ("HEAD", "services/local/v2/version"),
    ("POST", "services/local/v2/batch_status"),
    ("PUT", "services/local/v2/version"),
    ("PATCH", "services/local/v2/version"),
    ("DELETE", "services/local/v2/version"),
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


def unprotected_verbs(handler: type[RequestHandler]) -> list[str]:
    """The verbs of a handler that lack `@web.authenticated` above `@authorized`."""
    unprotected = []
    for verb in VERBS:
        method = getattr(handler, verb)
        inherited = [getattr(RequestHandler, verb), getattr(APIHandler, verb)]
        if method in inherited:
            # Tornado's 405, or Jupyter's answer to CORS preflights.
            continue
        match decorators(method):
            case [outer, inner] if outer.endswith("tornado/web.py:wrapper") and inner.endswith(
                "jupyter_server/auth/decorator.py:inner"
            ):
                continue
            case _:
                unprotected.append(verb)
    return unprotected


def every_handler() -> list[type[GatewayHandler]]:
    """The handlers behind all routes, and any other that was written."""
    routed = [handler for _, handler, _ in gateway_handlers("/x", sentinel.gateway)]
    return [*routed, *(cls for cls in GatewayHandler.__subclasses__() if cls not in routed)]


def test_every_verb_of_every_handler_is_protected() -> None:
    handlers = every_handler()
    assert ServiceHandler in handlers
    assert {handler.__name__: unprotected_verbs(handler) for handler in handlers} == {
        handler.__name__: [] for handler in handlers
    }
    assert {handler.auth_resource for handler in handlers} == {AUTH_RESOURCE}


def test_an_unprotected_verb_would_be_found() -> None:
    class Careless(APIHandler):
        def get(self) -> None:
            """Lack the decorators."""

        put = ServiceHandler.put

    assert unprotected_verbs(Careless) == ["get"]


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
        assert asked == [("read" if method in ("GET", "HEAD") else "write", "globus-compute")]
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


def cookies_of(headers: list[str]) -> dict[str, str]:
    """The cookies that an answer sets."""
    cookies = {}
    for header in headers:
        cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
    return cookies


def cookie_header(cookies: dict[str, str]) -> str:
    """The cookies as a browser sends them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
