"""What a person is told of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["signed-in", "signed-out", "not-needed", "problem"]
Method = Literal["client-credentials", "configured", "sign-in", "stored", "hub"]


@dataclass(frozen=True)
class Identity:
    """Who a credential stands for. What Globus did not tell is None."""

    id: str | None = None
    """UUID of the Globus identity."""

    username: str | None = None
    """As Globus writes it: `ada@university.example`."""

    name: str | None = None


@dataclass(frozen=True)
class AccountInfo:
    """The account of one service, without any secret."""

    service: str
    state: State
    why: str
    """A sentence: which credential is in use and why."""

    method: Method | None = None
    identity: Identity = Identity()
    can_sign_in: bool = False
    """Whether a sign-in made here would be used."""

    can_sign_out: bool = False
    problem: str | None = None
    """A sentence: what is wrong and what to do."""

    def body(self) -> dict[str, Any]:
        """As JSON (docs/gateway.md, "Accounts")."""
        return {
            "service": self.service,
            "state": self.state,
            "method": self.method,
            "why": self.why,
            "name": self.identity.name,
            "username": self.identity.username,
            "identityId": self.identity.id,
            "canSignIn": self.can_sign_in,
            "canSignOut": self.can_sign_out,
            "problem": self.problem,
        }
