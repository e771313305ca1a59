"""A compute service of another computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .connection import Connection
from .features import Features

if TYPE_CHECKING:
    from .remote_services import RemoteService


class RemoteProfile:
    """A service that is there already; what is needed is its token."""

    needs_account = True
    takes_sign_in = False
    unavailable = None

    def __init__(self, service: RemoteService) -> None:
        self.name = service.name
        self.label = service.label
        self.kind = service.kind
        self.features = Features(cancel=service.has_cancel, events=service.has_events)
        self.pushes_results = service.pushes_results
        self.gives_results_once = service.gives_results_once
        self.address = service.url
        self._token_source = service.token_source
        self._connection: Connection | None = None

    async def connect(
        self, lost: Connection | None = None, *, is_refused: bool = False
    ) -> Connection:
        """The address with a token, which is asked for anew when it was refused.

        Raises `GatewayError` 503 when there is no token.
        """
        del is_refused
        if self._connection is None or self._connection == lost:
            token = await self._token_source.token(self.label)
            self._connection = Connection(self.address, token)
        return self._connection

    async def ready(self) -> None:
        """It always is: its token comes from the configuration."""

    async def close(self) -> None:
        """Forget the token."""
        self._connection = None
