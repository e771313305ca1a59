"""The login that a person made at JupyterHub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .credential import LoginEndedError, NoTokenError
from .globus_clients import COMPUTE

if TYPE_CHECKING:
    from .account_info import Identity, Method
    from .hub_tokens import HubTokens

HUB_ENDED = (
    "The Globus login of JupyterHub has ended; it lasts for two days at most. Log out of "
    "JupyterHub, log in again and restart your server there; or sign in here."
)


class HubLogin:
    """Tokens of `GLOBUS_DATA`, good until a service refuses them."""

    method: Method = "hub"
    why = "You logged in to JupyterHub with Globus, and the hub passes its token on (GLOBUS_DATA)."

    def __init__(self, tokens: HubTokens) -> None:
        self._tokens = tokens
        self._refused: set[str] = set()

    async def token(self, resource_server: str, refused: str | None = None) -> str:
        """See `Credential.token`."""
        token = self._tokens.access_tokens.get(resource_server)
        if token is None:
            raise NoTokenError(resource_server)
        if refused == token:
            self._refused.add(token)
        if token in self._refused:
            raise LoginEndedError(HUB_ENDED)
        return token

    @property
    def has_ended(self) -> bool:
        """Whether Globus Compute has refused it."""
        return self._tokens.access_tokens.get(COMPUTE) in self._refused

    async def identity(self) -> Identity:
        """See `Credential.identity`."""
        return self._tokens.identity
