"""The accounts of all services, as the request handlers see them."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Any

from .account_errors import not_offered
from .account_info import AccountInfo
from .groups import my_groups
from .revoking import revoke_all
from .sign_ins import SignIns

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.profiles import ServiceDirectory

    from .account import Account
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings

_NOT_REVOKED = (
    "You are signed out here, but Globus could not be told to revoke the login. "
    "Revoke it at https://app.globus.org/settings/consents."
)


class Accounts:
    """One account, at Globus Compute, and what there is to say of the other services."""

    def __init__(
        self,
        directory: ServiceDirectory,
        account: Account,
        settings: GlobusSettings,
        clients: GlobusClients,
    ) -> None:
        self._directory = directory
        self._account = account
        self._settings = settings
        self._clients = clients
        self._sign_ins = SignIns(account, settings, clients)

    async def list(self) -> dict[str, Any]:
        """`{"accounts": [AccountInfo]}`."""
        return {"accounts": [await self.one(name) for name in self._directory.names()]}

    async def one(self, service: str) -> dict[str, Any]:
        """The AccountInfo of a service. Raises `GatewayError` 404."""
        return (await self._info(service)).body()

    async def begin_sign_in(self, service: str, user: str, requirements: object) -> dict[str, Any]:
        """See `SignIns.begin`."""
        self._check_has_account(service)
        return self._sign_ins.begin(user, requirements)

    async def complete_sign_in(self, service: str, sign_in_id: str, code: str) -> dict[str, Any]:
        """See `SignIns.complete`; answer the AccountInfo."""
        self._check_has_account(service)
        await self._sign_ins.complete(sign_in_id, code)
        return await self.one(service)

    async def complete_redirect(self, user: str, state: str, code: str | None) -> None:
        """See `SignIns.complete_redirect`."""
        await self._sign_ins.complete_redirect(user, state, code)

    def cancel_sign_in(self, service: str, sign_in_id: str) -> None:
        """See `SignIns.cancel`."""
        self._check_has_account(service)
        self._sign_ins.cancel(sign_in_id)

    async def sign_out(self, service: str) -> dict[str, Any]:
        """Revoke the stored login and remove it; answer the AccountInfo.

        Where Globus could not be told, its `problem` says so. Raises `GatewayError` 409 for a
        credential that is not of the store.
        """
        info = await self._info(service)
        if not info.can_sign_out:
            raise not_offered(
                "There is no login here to sign out of: this service's credential comes from "
                "the Jupyter server's environment, its configuration or JupyterHub, or needs none."
            )
        is_revoked = await asyncio.to_thread(self._revoke)
        self._account.stored.note_made_here(None)
        self._account.changed()
        body = await self.one(service)
        return body if is_revoked else {**body, "problem": _NOT_REVOKED}

    async def groups(self, service: str) -> dict[str, Any]:
        """`{"groups": [{"id", "name", "role"}]}`. Raises `GatewayError`, 403 `CONSENT_NEEDED`."""
        self._check_has_account(service)
        token = await self._account.groups_token()
        host = self._settings.groups_url
        return {"groups": await asyncio.to_thread(my_groups, self._clients, host, token)}

    def close(self) -> None:
        """End what is under way."""
        self._sign_ins.close()

    def _revoke(self) -> bool:
        store = self._account.stored.store
        with closing(self._clients.native()) as client, store.locked():
            return revoke_all(client, self._settings.auth_url, store)

    async def _info(self, service: str) -> AccountInfo:
        profile = self._directory.find(service)
        if service == self._account.service:
            return await self._account.info()
        if not profile.needs_account:
            return AccountInfo(service, "not-needed", "This service needs no account.")
        return AccountInfo(
            service,
            "signed-in",
            "The Jupyter server's configuration names the token of this service.",
            "configured",
        )

    def _check_has_account(self, service: str) -> None:
        self._directory.find(service)
        if service != self._account.service:
            raise not_offered(
                "There is nothing to sign in to here: this service needs no Globus account."
            )
