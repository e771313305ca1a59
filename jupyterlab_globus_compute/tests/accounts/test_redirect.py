"""A sign-in that ends by itself: Globus sends the person back to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from jupyterlab_globus_compute.gateway.accounts.globus_settings import GlobusSettings
from jupyterlab_globus_compute.tests.gateway.test_authorization import cookie_header, cookies_of

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

    from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GlobusStandIn
    from jupyterlab_globus_compute.tests.gateway.support import Api, Fetch

REDIRECT = "https://hub.example/user/ada/globus-compute/sign-in/callback"


@pytest.fixture
def extension_traits(extension_traits: dict[str, Any]) -> dict[str, Any]:
    """The extension's configuration: a redirect is registered."""
    return {**extension_traits, "sign_in_redirect": REDIRECT}


class Person:
    """Somebody at a browser: signed in to the Jupyter server by cookie."""

    def __init__(self, fetch: Fetch, serverapp: ServerApp) -> None:
        self._fetch = fetch
        self._password = serverapp.identity_provider.token
        self._cookies: dict[str, str] = {}

    async def log_in(self) -> Person:
        """Sign in to the Jupyter server."""
        page = await self._fetch("login", headers={"Authorization": ""})
        cookies = cookies_of(page.headers.get_list("Set-Cookie"))
        form = {"password": self._password, "_xsrf": cookies["_xsrf"]}
        signed_in = await self._fetch(
            "login",
            method="POST",
            body=urlencode(form),
            headers={"Authorization": "", "Cookie": cookie_header(cookies)},
            follow_redirects=False,
            raise_error=False,
        )
        self._cookies = cookies | cookies_of(signed_in.headers.get_list("Set-Cookie"))
        return self

    def headers(self) -> dict[str, str]:
        """What the browser sends along."""
        cookie = cookie_header(self._cookies)
        return {"Authorization": "", "Cookie": cookie, "X-XSRFToken": self._cookies["_xsrf"]}

    async def begin(self, api: Api) -> str:
        """Begin a sign-in; answer the page to open."""
        begun = await api.call("POST", "accounts/cloud/sign-in", {}, headers=self.headers())
        assert begun.json["completes"] == "redirect"
        return str(begun.json["url"])

    async def come_back(self, **arguments: str) -> tuple[int, str]:
        """Open the page that Globus sends one to; answer its status and text."""
        answer = await self._fetch(
            "globus-compute",
            "sign-in/callback",
            params=arguments,
            headers={
                "Authorization": "",
                "Cookie": cookie_header(self._cookies),
                "Referer": "https://auth.globus.org/",
                "Sec-Fetch-Site": "cross-site",
            },
            raise_error=False,
        )
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.code, answer.body.decode()


@pytest.fixture
def person(jp_fetch: Fetch, jp_serverapp: ServerApp) -> Person:
    """Who has not logged in yet."""
    return Person(jp_fetch, jp_serverapp)


def state_in(url: str) -> str:
    """The state that Globus gives back."""
    return dict(parse_qsl(urlsplit(url).query))["state"]


async def test_it_signs_in(api: Api, globus: GlobusStandIn, person: Person) -> None:
    url = await (await person.log_in()).begin(api)
    assert f"redirect_uri={quote(REDIRECT, safe='')}" in url
    status, page = await person.come_back(code=globus.authorize(url), state=state_in(url))
    assert (status, "You are signed in" in page) == (200, True)
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-in"


async def test_a_state_of_nobody_is_refused(
    api: Api, globus: GlobusStandIn, person: Person
) -> None:
    url = await (await person.log_in()).begin(api)
    code = globus.authorize(url)
    for state in ("", "forged", "ü"):
        status, page = await person.come_back(code=code, state=state)
        assert (status, "You are not signed in" in page) == (404, True)
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-out"


async def test_another_users_browser_signs_nobody_in(
    api: Api, globus: GlobusStandIn, person: Person, jp_fetch: Fetch, jp_serverapp: ServerApp
) -> None:
    url = await (await person.log_in()).begin(api)
    other = await Person(jp_fetch, jp_serverapp).log_in()
    status, _ = await other.come_back(code=globus.authorize(url), state=state_in(url))
    assert status == 404
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-out"


async def test_a_refusal_ends_it(api: Api, person: Person) -> None:
    url = await (await person.log_in()).begin(api)
    refused = {"error": "access_denied", "error_description": "<script>", "state": state_in(url)}
    status, page = await person.come_back(**refused)
    assert (status, "script" in page) == (400, False)
    status, _ = await person.come_back(code="x", state=state_in(url))
    assert status == 404


@pytest.mark.parametrize(
    "redirect",
    [
        "http://hub.example/globus-compute/sign-in/callback",
        "https://hub.example/globus-compute/sign-in",
        "https://hub.example/globus-compute/sign-in/callback?x=1",
        "nonsense",
    ],
)
def test_a_redirect_that_cannot_be_is_refused_at_the_start(redirect: str) -> None:
    with pytest.raises(ValueError, match="sign_in_redirect"):
        GlobusSettings.from_traits(urls={}, client_id="", redirect=redirect, environ={})
