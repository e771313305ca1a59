"""Globus Compute's hosted service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .connection import Connection
from .features import Features
from .remote_services import CLOUD_LABEL, CLOUD_NAME

if TYPE_CHECKING:
    from .accounts.account import Account


class CloudProfile:
    """The service that a person signs in to."""

    name = CLOUD_NAME
    label = CLOUD_LABEL
    kind = "cloud"
    needs_account = True
    features = Features()
    gives_results_once = True
    unavailable = None

    def __init__(self, url: str, account: Account, *, pushes_results: bool) -> None:
        self.address = url
        self.pushes_results = pushes_results
        self._account = account

    @property
    def takes_sign_in(self) -> bool:
        """See `Account.can_sign_in`."""
        return self._account.can_sign_in

    async def connect(
        self, lost: Connection | None = None, *, is_refused: bool = False
    ) -> Connection:
        """The address with the account's token, which is looked at anew each time.

        So a sign-out holds from the next request on. Raises `GatewayError`, see `Account.token`.
        """
        refused = lost.token if lost is not None and is_refused else None
        return Connection(self.address, await self._account.token(refused))

    async def ready(self) -> None:
        """See `Account.until_signed_in`."""
        await self._account.until_signed_in()

    async def close(self) -> None:
        """Nothing was started."""
