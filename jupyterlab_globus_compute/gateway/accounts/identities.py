"""The names of the identities that this server has met."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from globus_sdk.scopes import AuthScopes

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.timeouts import timeout

from .account_info import Identity
from .credential import LoginEndedError, NoTokenError
from .globus_clients import globus_answers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .globus_clients import GlobusClients

_PATIENCE_S = 10.0


class Identities:
    """Remembers names by id: the token store holds ids only."""

    def __init__(self, clients: GlobusClients, host: str) -> None:
        self._clients = clients
        self._host = host
        self._known: dict[str | None, Identity] = {None: Identity()}

    def find(self, identity_id: str | None) -> Identity | None:
        """What is known of an identity; None if nobody has asked yet."""
        return self._known.get(identity_id)

    def note(self, identity: Identity) -> None:
        """Remember a name."""
        self._known[identity.id] = identity

    async def look_up(
        self, identity_id: str | None, token: Callable[[str], Awaitable[str]]
    ) -> Identity:
        """Ask Globus Auth for the name of a token's owner, and remember it.

        `token` gives the token for Globus Auth. Without an answer the name stays unknown.
        """
        unknown = Identity(identity_id)
        with suppress(GatewayError, LoginEndedError, NoTokenError, asyncio.TimeoutError):
            auth_token = await token(AuthScopes.resource_server)
            async with timeout(_PATIENCE_S):
                self.note(await asyncio.to_thread(self._ask, identity_id, auth_token))
        return self._known.get(identity_id, unknown)

    def _ask(self, identity_id: str | None, token: str) -> Identity:
        with closing(self._clients.auth(token)) as auth, globus_answers(self._host):
            found: dict[str, Any] = auth.userinfo().data
            if "preferred_username" not in found and identity_id is not None:
                # The SDK's logins do not ask for the scope `profile`.
                listed = auth.get_identities(ids=identity_id)["identities"]
                found = {"preferred_username": listed[0]["username"], **listed[0]}
            return identity_of({**found, "sub": identity_id})


def identity_of(claims: dict[str, Any]) -> Identity:
    """The identity that OpenID Connect's standard claims are of (OIDC Core, section 5.1)."""
    texts = [claims.get(name) for name in ("sub", "preferred_username", "name")]
    return Identity(*(text if isinstance(text, str) and text else None for text in texts))
