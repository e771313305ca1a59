"""What an account's token may come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .account_info import Identity, Method


class NoTokenError(Exception):
    """There is no token for that resource server, and nobody was asked for one."""


class LoginEndedError(Exception):
    """The login is no longer good: revoked, expired, or refused. The text is a sentence."""


class Credential(Protocol):
    """One source of tokens, by resource server."""

    @property
    def method(self) -> Method:
        """What kind it is."""

    @property
    def why(self) -> str:
        """A sentence: what it is and why it is used."""

    async def token(self, resource_server: str, refused: str | None = None) -> str:
        """A token that is good as far as is known here; `refused` is one that is not.

        Raises `NoTokenError`, `LoginEndedError`, or `GatewayError` when nobody can tell.
        """

    async def identity(self) -> Identity:
        """Whose it is, as far as that is known. Raises nothing."""
