"""The account at Globus Compute: which credential is in use."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from globus_sdk.scopes import GroupsScopes

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.timeouts import timeout

from .account_errors import account_problem, consent_needed, not_offered, sign_in_needed
from .account_info import AccountInfo
from .client_credentials import ClientCredentials, HalfAPairError
from .configured_token import ConfiguredToken
from .credential import LoginEndedError, NoTokenError
from .globus_clients import COMPUTE
from .hub_login import HUB_ENDED, HubLogin
from .hub_tokens import HubDataError, HubTokens
from .service_account import ServiceAccount
from .stored_login import LOGIN_ENDED, StoredLogin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from logging import Logger

    from jupyterlab_globus_compute.gateway.token_source import TokenSource

    from .credential import Credential
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings

_LOOK_AGAIN_S = 5.0
"""How often a signed-out server looks whether somebody has logged in at a terminal."""

_RENEWED_S = 60.0
_NOT_SIGNED_IN = "You are not signed in to Globus Compute."
_STILL_REFUSED = "Globus Compute refuses your login, although it has just been renewed."


@dataclass
class _Renewed:
    """A token that took the place of one that the service had refused."""

    token: str = field(repr=False)
    at: float
    is_refused: bool = False

    @property
    def is_recent(self) -> bool:
        """Whether it would be of no use to renew it again."""
        return time.monotonic() - self.at < _RENEWED_S


class Account:
    """Gives the token for Globus Compute, of the first credential that there is.

    The order: a service account of the environment; the configuration's token; a stored login;
    JupyterHub's login. A credential that stops being good is not silently replaced by the next,
    for that would run a person's tasks under another identity.
    """

    def __init__(
        self,
        service: str,
        configured: TokenSource | None,
        settings: GlobusSettings,
        clients: GlobusClients,
        log: Logger,
        *,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.service = service
        self.stored = StoredLogin(settings, clients)
        self._configured = ConfiguredToken(configured, service) if configured else None
        self._log = log
        self._listener: Callable[[str], None] = lambda _service: None
        self._changed = asyncio.Event()
        self._failure: GatewayError | None = None
        self._renewed: _Renewed | None = None
        self._half_a_pair: str | None = None
        self._service_account: ServiceAccount | None = None
        self._hub: HubLogin | None = None
        try:
            credentials = ClientCredentials.from_environment(environ)
        except HalfAPairError as error:
            self._half_a_pair = str(error)
            log.error("Globus Compute: %s", error)
        else:
            if credentials is not None:
                self._service_account = ServiceAccount(credentials, settings, clients)
        try:
            tokens = HubTokens.from_environment(environ)
        except HubDataError as error:
            log.warning("Globus Compute: JupyterHub's login is not used: %s", error)
        else:
            if tokens is not None and COMPUTE in tokens.access_tokens:
                self._hub = HubLogin(tokens)

    def when_changed(self, listener: Callable[[str], None]) -> None:
        """Have `listener` told, by the service's name, of each change of what `info` says."""
        self._listener = listener

    @property
    def can_sign_in(self) -> bool:
        """Whether a sign-in made here would be used."""
        return (
            self._half_a_pair is None and self._service_account is None and self._configured is None
        )

    async def token(self, refused: str | None = None) -> str:
        """The token for Globus Compute; `refused` is one that it did not take.

        Raises `GatewayError`: 401 `SIGN_IN_NEEDED` where a sign-in would help.
        """
        try:
            token = await self._token(COMPUTE, refused)
        except NoTokenError:
            raise self._failed(sign_in_needed(self.service, _NOT_SIGNED_IN)) from None
        except LoginEndedError as error:
            failure = (
                sign_in_needed(self.service, str(error))
                if self.can_sign_in
                else account_problem(f"{error} Look at GET accounts for the credential in use.")
            )
            raise self._failed(failure) from None
        except GatewayError as error:
            raise self._failed(error) from None
        if self._failure is not None:
            self._failure = None
            self.changed()
        return token

    async def groups_token(self) -> str:
        """The token for Globus Groups. Raises `GatewayError`, 403 `CONSENT_NEEDED` among them."""
        try:
            return await self._token(GroupsScopes.resource_server, None)
        except (NoTokenError, LoginEndedError):
            if not self.can_sign_in:
                raise not_offered("The credential in use tells nothing of Globus Groups.") from None
            # Whoever is not signed in at all is told that instead.
            await self.token()
            scope = str(GroupsScopes.view_my_groups_and_memberships)
            raise consent_needed(self.service, "see your groups", [scope]) from None

    async def info(self) -> AccountInfo:
        """The account as it is now; asks Globus for no more than a name that is not known yet."""
        try:
            credential = await self._credential()
            identity = await credential.identity()
            ended = await self._ended(credential)
            is_there = credential is not self.stored or await self.stored.exists()
        except GatewayError as error:
            why = "The credential of this Jupyter server cannot be used."
            return AccountInfo(self.service, "problem", why, problem=error.reason)
        if not is_there or ended is not None:
            return AccountInfo(
                self.service,
                "signed-out",
                credential.why if is_there else f"{_NOT_SIGNED_IN} Nothing is sent there.",
                credential.method if is_there else None,
                identity,
                can_sign_in=self.can_sign_in,
                can_sign_out=is_there and credential is self.stored,
                problem=ended,
            )
        is_failing = self._failure is not None and not self.can_sign_in
        return AccountInfo(
            self.service,
            "problem" if is_failing else "signed-in",
            credential.why,
            credential.method,
            identity,
            can_sign_in=self.can_sign_in,
            can_sign_out=credential is self.stored,
            problem=self._failure.reason if is_failing and self._failure else None,
        )

    async def until_signed_in(self) -> None:
        """Wait until there is a login that is not known to be refused."""
        while True:
            self._changed.clear()
            with suppress(GatewayError):
                credential = await self._credential()
                is_there = credential is not self.stored or await self.stored.exists()
                if is_there and await self._ended(credential) is None:
                    return
            with suppress(asyncio.TimeoutError):
                async with timeout(_LOOK_AGAIN_S):
                    await self._changed.wait()

    def signed_in(self) -> None:
        """A person has just signed in."""
        self._failure = self._renewed = None
        self.changed()

    def changed(self) -> None:
        """Tell that the account is no longer what it was."""
        self._changed.set()
        self._listener(self.service)

    async def _credential(self) -> Credential:
        """The credential in use; may be a stored login that is not there. Raises `GatewayError`."""
        if self._half_a_pair is not None:
            raise account_problem(self._half_a_pair)
        if self._service_account is not None:
            return self._service_account
        if self._configured is not None:
            return self._configured
        if self._hub is not None and not await self.stored.exists():
            return self._hub
        return self.stored

    async def _token(self, resource_server: str, refused: str | None) -> str:
        credential = await self._credential()
        if refused is None:
            return await credential.token(resource_server)
        if self._renewed is not None and self._renewed.is_recent and self._renewed.token == refused:
            self._renewed.is_refused = True
            raise LoginEndedError(_STILL_REFUSED)
        token = await credential.token(resource_server, refused)
        self._renewed = _Renewed(token, time.monotonic())
        return token

    async def _ended(self, credential: Credential) -> str | None:
        """Why a credential that is there is no longer good; None if it may be."""
        if self._renewed is not None and self._renewed.is_refused and self._renewed.is_recent:
            return _STILL_REFUSED
        if credential is self.stored:
            return LOGIN_ENDED if await self.stored.has_ended() else None
        if isinstance(credential, HubLogin) and credential.has_ended:
            return HUB_ENDED
        return None

    def _failed(self, error: GatewayError) -> GatewayError:
        is_news = self._failure is None or self._failure.reason != error.reason
        self._failure = error
        if is_news:
            self._log.info("The account at '%s': %s", self.service, error.reason)
            self._listener(self.service)
        return error
