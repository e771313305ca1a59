"""Who a token belongs to, by the provider that issued it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import unauthenticated

if TYPE_CHECKING:
    import httpx

    from .provider import Provider


@dataclass(frozen=True)
class Identity:
    """What introspection says of a token."""

    sub: str
    username: str
    client_id: str
    scopes: frozenset[str]
    linked: frozenset[str]
    session: dict[str, Any]

    def owns(self, owner: str) -> bool:
        """Whether something of ``owner`` is this person's, under whichever identity."""
        return owner in self.linked


class TokenCheck:
    """Asks the provider about each token, each time: what has ended counts at once."""

    def __init__(self, provider: Provider, http: httpx.AsyncClient) -> None:
        self._url = f"{provider.url}/v2/oauth2/token/introspect"
        self._credentials = (
            provider.compute_client["clientId"],
            provider.compute_client["clientSecret"],
        )
        self._http = http

    async def identify(self, authorization: str | None) -> Identity:
        """Return whose the bearer token of a header is.

        Raises:
            RefusalError: there is none, or it is not active.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("There is no bearer token")
        answer = await self._http.post(self._url, data={"token": token}, auth=self._credentials)
        answer.raise_for_status()
        facts = answer.json()
        if not facts["active"]:
            # A service may quote what it refuses.
            raise unauthenticated(f"The token {token} is not active")
        return Identity(
            sub=facts["sub"],
            username=facts["username"],
            client_id=facts["client_id"],
            scopes=frozenset(facts["scope"].split()),
            linked=frozenset(facts["identity_set"]),
            session=facts["session_info"],
        )
