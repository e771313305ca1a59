"""A person's login in the Python SDK's token store."""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import closing
from typing import TYPE_CHECKING

from globus_sdk.token_storage import TokenValidationError

from .credential import LoginEndedError, NoTokenError
from .globus_clients import COMPUTE, GrantRefusedError, globus_answers
from .identities import Identities
from .token_store import TokenStore, user_namespace

if TYPE_CHECKING:
    from globus_sdk.token_storage import TokenStorageData

    from .account_info import Identity, Method
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings

EXPIRY_MARGIN_S = 10.0
"""A token that is good for less is renewed before it is used."""

_RENEWALS = 3
LOGIN_ENDED = "Your login to Globus has ended: it was revoked, or was not used for too long."


class StoredLogin:
    """Made by a sign-in here, or by the Python SDK, and renewed by whoever needs it first."""

    def __init__(self, settings: GlobusSettings, clients: GlobusClients) -> None:
        self._clients = clients
        self.identities = Identities(clients, settings.auth_url)
        self._host = settings.auth_url
        self.store = TokenStore(user_namespace(settings.environment))
        self._lock = asyncio.Lock()
        # Hashes of refresh tokens that Globus Auth, and of access tokens that a service, has
        # refused.
        self._ended: set[str] = set()
        self._refused: set[str] = set()
        self._made_here: str | None = None

    @property
    def method(self) -> Method:
        """See `Credential.method`."""
        return "sign-in" if self._made_here is not None else "stored"

    @property
    def why(self) -> str:
        """See `Credential.why`."""
        if self._made_here is not None:
            return "You signed in here."
        return "A login was found in the Globus Compute SDK's store, such as globus-compute makes."

    async def token(self, resource_server: str, refused: str | None = None) -> str:
        """See `Credential.token`."""
        if refused is not None:
            self._refused.add(_hash(refused))
        stored = (await asyncio.to_thread(self.store.read)).get(resource_server)
        if stored is None:
            raise NoTokenError(resource_server)
        if self._is_fresh(stored):
            return stored.access_token
        async with self._lock:
            return await asyncio.to_thread(self._renewed, resource_server)

    async def identity(self) -> Identity:
        """See `Credential.identity`; asks Globus once for the name of each."""
        identity_id = await self.identity_id()
        known = self.identities.find(identity_id)
        if known is not None:
            return known
        return await self.identities.look_up(identity_id, self.token)

    async def identity_id(self) -> str | None:
        """The id of whoever made the stored login; None if there is none."""
        stored = await asyncio.to_thread(self.store.read)
        found = next((one.identity_id for one in stored.values() if one.identity_id), None)
        if found != self._made_here:
            self._made_here = None
        return found

    def note_made_here(self, identity_id: str | None) -> None:
        """The login in the store was made by this server; None: there is none of that kind."""
        self._made_here = identity_id

    async def exists(self) -> bool:
        """Whether there is a login for Globus Compute, good or not."""
        return COMPUTE in await asyncio.to_thread(self.store.read)

    async def has_ended(self) -> bool:
        """Whether Globus is known to refuse to renew the login."""
        stored = (await asyncio.to_thread(self.store.read)).get(COMPUTE)
        return stored is not None and self._is_over(stored) and not self._is_fresh(stored)

    def _is_fresh(self, stored: TokenStorageData) -> bool:
        """Whether the access token is good as far as is known."""
        is_current = stored.expires_at_seconds > time.time() + EXPIRY_MARGIN_S
        return is_current and _hash(stored.access_token) not in self._refused

    def _is_over(self, stored: TokenStorageData) -> bool:
        """Whether no access token can come of it any more."""
        return stored.refresh_token is None or _hash(stored.refresh_token) in self._ended

    def _renewed(self, resource_server: str) -> str:
        with self.store.locked():
            for _ in range(_RENEWALS):
                # Another server, or a terminal, may have renewed it meanwhile.
                stored = self.store.read().get(resource_server)
                if stored is None:
                    raise NoTokenError(resource_server)
                if self._is_fresh(stored):
                    return stored.access_token
                if stored.refresh_token is None or self._is_over(stored):
                    break
                try:
                    return self._renew(resource_server)
                except GrantRefusedError:
                    self._ended.add(_hash(stored.refresh_token))
        raise LoginEndedError(LOGIN_ENDED)

    def _renew(self, resource_server: str) -> str:
        client = self._clients.native()
        with closing(client), self.store.opened() as storage:
            try:
                with (
                    globus_answers(self._host, grant=True),
                    self._clients.user_app(client, storage) as app,
                ):
                    authorizer = app.get_authorizer(resource_server)
                    # Whatever its date says, it is to be renewed.
                    authorizer.handle_missing_authorization()
                    authorizer.get_authorization_header()
            except TokenValidationError:
                # Made for other scopes than are needed.
                raise NoTokenError(resource_server) from None
            return storage.get_token_data_by_resource_server()[resource_server].access_token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
