"""Accounts at Globus: `<base_url>/globus-compute/accounts` and `sign-in/callback`."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .gateway.batch_requests import parse_uuid
from .gateway.errors import GatewayError
from .gateway.request_body import check_body
from .gateway_handler import GatewayHandler

if TYPE_CHECKING:
    from jupyter_server.base.handlers import JupyterHandler

    from .gateway.gateway import Gateway

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""


class AccountHandler(GatewayHandler):
    """What the handlers of accounts have in common."""

    def _user(self) -> str:
        """The Jupyter user who asks."""
        return str(self.current_user.username)

    def _body(self) -> dict[str, Any]:
        return check_body(self.request.body, required=False)


class AccountsHandler(AccountHandler):
    """`GET accounts`: the accounts of all services."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"accounts": [AccountInfo]}`."""
        await self._answer(self._gateway.accounts.list())


class OneAccountHandler(AccountHandler):
    """`GET accounts/{service}`."""

    @web.authenticated
    @authorized
    async def get(self, service: str) -> None:
        """Answer the AccountInfo."""
        await self._answer(self._gateway.accounts.one(service))


class SignInHandler(AccountHandler):
    """`POST accounts/{service}/sign-in`: begins a sign-in."""

    @web.authenticated
    @authorized
    async def post(self, service: str) -> None:
        """Answer `{"id", "url", "completes"}`."""
        await self._answer(self._begin(service))

    async def _begin(self, service: str) -> dict[str, Any]:
        requirements = self._body().get("requirements")
        return await self._gateway.accounts.begin_sign_in(service, self._user(), requirements)


class OneSignInHandler(AccountHandler):
    """`accounts/{service}/sign-in/{id}`: a sign-in under way."""

    @web.authenticated
    @authorized
    async def post(self, service: str, sign_in_id: str) -> None:
        """Take the code that Globus has shown; answer the AccountInfo."""
        await self._answer(self._complete(service, sign_in_id))

    @web.authenticated
    @authorized
    async def delete(self, service: str, sign_in_id: str) -> None:
        """Give the sign-in up."""
        try:
            self._gateway.accounts.cancel_sign_in(service, sign_in_id)
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.set_status(HTTPStatus.NO_CONTENT)
            self.finish()

    async def _complete(self, service: str, sign_in_id: str) -> dict[str, Any]:
        code = self._body().get("code")
        return await self._gateway.accounts.complete_sign_in(
            service, sign_in_id, code if isinstance(code, str) else ""
        )


class SignOutHandler(AccountHandler):
    """`POST accounts/{service}/sign-out`."""

    @web.authenticated
    @authorized
    async def post(self, service: str) -> None:
        """Revoke the login; answer the AccountInfo."""
        await self._answer(self._gateway.accounts.sign_out(service))


class GroupsHandler(AccountHandler):
    """`GET accounts/{service}/groups`."""

    @web.authenticated
    @authorized
    async def get(self, service: str) -> None:
        """Answer `{"groups": [{"id", "name", "role"}]}`."""
        await self._answer(self._gateway.accounts.groups(service))


class CheckHandler(AccountHandler):
    """`POST accounts/{service}/check`: what works on the way to a service, and what does not."""

    @web.authenticated
    @authorized
    async def post(self, service: str) -> None:
        """Answer `{"steps"}`, see `ConnectionCheck`."""
        await self._answer(self._check(service))

    async def _check(self, service: str) -> dict[str, Any]:
        endpoint = self._body().get("endpoint")
        if endpoint is not None:
            endpoint = parse_uuid(endpoint, "endpoint")
        return await self._gateway.check_connection(service, endpoint)


class CallbackHandler(AccountHandler):
    """`GET sign-in/callback?code&state`: where Globus sends a person back to.

    It changes something on a GET, as OAuth has it: so it asks for leave to write, and believes
    only a `state` that this user's sign-in has made.
    """

    @web.authenticated
    @authorized(action="write")  # type: ignore[untyped-decorator] # typed without arguments only
    async def get(self) -> None:
        """Answer with a page for a person."""
        state = self.get_query_argument("state", "")
        code = self.get_query_argument("code", None)
        try:
            await self._gateway.accounts.complete_redirect(self._user(), state, code)
        except GatewayError as error:
            self.set_status(error.status)
            page = _PAGE.format(title="You are not signed in", text=escape(error.reason))
        else:
            text = "You may close this page and go back to JupyterLab."
            page = _PAGE.format(title="You are signed in", text=text)
        self.set_header("Referrer-Policy", "no-referrer")
        self.finish(page, set_content_type="text/html; charset=utf-8")


def account_handlers(
    root: str, gateway: Gateway
) -> list[tuple[str, type[JupyterHandler], dict[str, Any]]]:
    """The routes of accounts, as Tornado takes them."""
    arguments = {"gateway": gateway}
    account = rf"{root}/accounts/([^/]+)"
    return [
        (rf"{root}/accounts", AccountsHandler, arguments),
        (account, OneAccountHandler, arguments),
        (rf"{account}/sign-in", SignInHandler, arguments),
        (rf"{account}/sign-in/([^/]+)", OneSignInHandler, arguments),
        (rf"{account}/sign-out", SignOutHandler, arguments),
        (rf"{account}/groups", GroupsHandler, arguments),
        (rf"{account}/check", CheckHandler, arguments),
        (rf"{root}/sign-in/callback", CallbackHandler, arguments),
    ]
