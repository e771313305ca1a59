"""A service account: Globus Auth's client credentials grant."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing
from typing import TYPE_CHECKING

from .account_errors import account_problem
from .account_info import Identity, Method
from .credential import NoTokenError
from .globus_clients import COMPUTE, GrantRefusedError, globus_answers
from .stored_login import EXPIRY_MARGIN_S
from .token_store import TokenStore, client_namespace

if TYPE_CHECKING:
    from .client_credentials import ClientCredentials
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings


class ServiceAccount:
    """Tokens for an id and a secret, stored where the Python SDK stores them."""

    method: Method = "client-credentials"

    def __init__(
        self, credentials: ClientCredentials, settings: GlobusSettings, clients: GlobusClients
    ) -> None:
        self._credentials = credentials
        self._clients = clients
        self._host = settings.auth_url
        self._store = TokenStore(client_namespace(settings.environment, credentials.client_id))
        self._lock = asyncio.Lock()

    @property
    def why(self) -> str:
        """See `Credential.why`."""
        return (
            f"{self._credentials.variable} and its secret are set in the Jupyter server's "
            "environment: a service account, which comes before every login."
        )

    async def token(self, resource_server: str, refused: str | None = None) -> str:
        """See `Credential.token`. Raises `GatewayError` 503 when Globus refuses the secret."""
        if resource_server != COMPUTE:
            raise NoTokenError(resource_server)
        async with self._lock:
            return await asyncio.to_thread(self._token, refused)

    async def identity(self) -> Identity:
        """See `Credential.identity`: a client's identity has the client's id."""
        client_id = self._credentials.client_id
        return Identity(client_id, f"{client_id}@clients.auth.globus.org")

    def _token(self, refused: str | None) -> str:
        stored = self._store.read().get(COMPUTE)
        if (
            stored is not None
            and stored.access_token != refused
            and stored.expires_at_seconds > time.time() + EXPIRY_MARGIN_S
        ):
            return stored.access_token
        client = self._clients.confidential(self._credentials)
        with closing(client), self._store.opened() as storage:
            try:
                with (
                    globus_answers(self._host, grant=True),
                    self._clients.client_app(client, storage) as app,
                ):
                    app.login(force=True)
            except GrantRefusedError:
                raise account_problem(
                    f"Globus refuses the service account of {self._credentials.variable}. Check "
                    "its id and secret in the Jupyter server's environment, and restart the server."
                ) from None
            return storage.get_token_data_by_resource_server()[COMPUTE].access_token
