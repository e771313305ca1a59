"""The tokens that JupyterHub's Globus login leaves in the environment of a server."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.token_source import is_bearer_token

from .identities import identity_of
from .plain_pickle import NotPlainError, read_plain_pickle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account_info import Identity

HUB_VARIABLE = "GLOBUS_DATA"


class HubDataError(ValueError):
    """`GLOBUS_DATA` is not what JupyterHub's Globus login writes; the text quotes none of it."""


@dataclass(frozen=True)
class HubTokens:
    """Access tokens by resource server, and whose they are.

    Their refresh tokens belong to the hub's own client, so they cannot be renewed here.
    """

    identity: Identity
    access_tokens: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> HubTokens | None:
        """Read `GLOBUS_DATA`; None where there is none.

        It is the base64 of a pickle of oauthenticator's `GlobusOAuthenticator` (its
        `pre_spawn_start`), which is read as plain data and never executed. Raises
        `HubDataError`.
        """
        text = environ.get(HUB_VARIABLE)
        if not text:
            return None
        try:
            state = read_plain_pickle(base64.b64decode(text, validate=True))
        except (binascii.Error, NotPlainError, ValueError):
            raise HubDataError(f"{HUB_VARIABLE} cannot be read") from None
        if not isinstance(state, dict) or not isinstance(state.get("tokens"), dict):
            raise HubDataError(f"{HUB_VARIABLE} holds no tokens")
        tokens = {
            server: token["access_token"]
            for server, token in state["tokens"].items()
            if isinstance(server, str)
            and isinstance(token, dict)
            and is_bearer_token(token.get("access_token"))
        }
        user = state.get("globus_user")
        return cls(identity_of(user if isinstance(user, dict) else {}), tokens)
