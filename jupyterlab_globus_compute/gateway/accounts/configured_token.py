"""A token that the server's configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .account_info import Identity, Method
from .credential import NoTokenError
from .globus_clients import COMPUTE

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.token_source import TokenSource


class ConfiguredToken:
    """What `cloud_token` says; it is for Globus Compute alone."""

    method: Method = "configured"
    why = "The Jupyter server's configuration names a token (cloud_token)."

    def __init__(self, source: TokenSource, label: str) -> None:
        self._source = source
        self._label = label
        self._token: str | None = None

    async def token(self, resource_server: str, refused: str | None = None) -> str:
        """See `Credential.token`; read again when the service refused it."""
        if resource_server != COMPUTE:
            raise NoTokenError(resource_server)
        if self._token is None or self._token == refused:
            self._token = await self._source.token(self._label)
        return self._token

    async def identity(self) -> Identity:
        """See `Credential.identity`: nobody has said."""
        return Identity()
