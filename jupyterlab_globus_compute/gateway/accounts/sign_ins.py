"""The sign-ins under way."""

from __future__ import annotations

import asyncio
import platform
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from .account_errors import code_refused, not_offered, sign_in_over, sign_in_refused
from .globus_clients import APP_NAME
from .requirements import Requirements
from .sign_in import SignIn

if TYPE_CHECKING:
    from .account import Account
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings

_LIFETIME_S = 1800.0
_MAX_AT_ONCE = 20
# What Globus Auth shows is of letters and digits; RFC 6749, appendix A.11, allows any of these.
_CODE = re.compile(r"[\x21-\x7e]{1,2048}")


class SignIns:
    """Begins sign-ins and ends them.

    Who brings a code must know the id, which only who began was told. Who comes back from
    Globus must know the state and be the same Jupyter user: another one's browser that is sent
    there signs nobody in.
    """

    def __init__(self, account: Account, settings: GlobusSettings, clients: GlobusClients) -> None:
        self._account = account
        self._settings = settings
        self._clients = clients
        self._under_way: dict[str, SignIn] = {}
        self._completing = asyncio.Lock()

    def begin(self, user: str, requirements: object) -> dict[str, Any]:
        """Answer `{"id", "url", "completes"}`: the page to open, and how it goes on.

        Raises `GatewayError` 409 where a sign-in would not be used, 422 for requirements that
        are malformed.
        """
        if not self._account.can_sign_in:
            raise not_offered(
                "A sign-in would not be used: the Jupyter server's environment or configuration "
                "names the credential. Ask whoever set the server up."
            )
        wanted = Requirements.from_json(requirements)
        self._drop_old()
        named = f"{APP_NAME} on {platform.node()}"
        sign_in = SignIn(user, wanted, self._settings, self._clients, named)
        self._under_way[sign_in.id] = sign_in
        completes = "redirect" if self._settings.redirect else "code"
        return {"id": sign_in.id, "url": sign_in.url, "completes": completes}

    async def complete(self, sign_in_id: str, code: str) -> None:
        """Sign in with a code that a person brings. Raises `GatewayError`."""
        self._drop_old()
        await self._complete(self._find(sign_in_id), code.strip())

    async def complete_redirect(self, user: str, state: str, code: str | None) -> None:
        """Sign in with what Globus sends back (RFC 6749, section 4.1.2). Raises `GatewayError`.

        Without a code the person, or Globus, has refused.
        """
        self._drop_old()
        for sign_in in self._under_way.values():
            if sign_in.user == user and secrets.compare_digest(
                sign_in.state.encode(), state.encode()
            ):
                break
        else:
            raise sign_in_over()
        if code is None:
            self._end(sign_in)
            raise sign_in_refused("Globus has ended the sign-in without a login.")
        await self._complete(sign_in, code)

    def cancel(self, sign_in_id: str) -> None:
        """Give a sign-in up. Raises `GatewayError` 404."""
        self._end(self._find(sign_in_id))

    def close(self) -> None:
        """Give all up."""
        for sign_in in list(self._under_way.values()):
            self._end(sign_in)

    async def _complete(self, sign_in: SignIn, code: str) -> None:
        if _CODE.fullmatch(code) is None:
            raise code_refused()
        # One at a time: a code that is sent twice must not be exchanged twice.
        async with self._completing:
            if sign_in.id not in self._under_way:
                raise sign_in_over()
            stored = self._account.stored
            identity = await asyncio.to_thread(sign_in.complete, code, stored.store)
            self._end(sign_in)
        stored.identities.note(identity)
        stored.note_made_here(identity.id)
        self._account.signed_in()

    def _find(self, sign_in_id: str) -> SignIn:
        try:
            return self._under_way[sign_in_id]
        except KeyError:
            raise sign_in_over() from None

    def _end(self, sign_in: SignIn) -> None:
        self._under_way.pop(sign_in.id, None)
        sign_in.close()

    def _drop_old(self) -> None:
        """End those that are too old, and the oldest if there are too many."""
        for sign_in in list(self._under_way.values()):
            is_old = time.monotonic() - sign_in.begun > _LIFETIME_S
            if is_old or len(self._under_way) >= _MAX_AT_ONCE:
                self._end(sign_in)
