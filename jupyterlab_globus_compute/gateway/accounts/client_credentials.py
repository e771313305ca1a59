"""The client id and secret of a service account, in the server's environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The second pair is of the SDK's former name, as its user guide has it. The first one wins, as
# it did in the versions of the SDK that knew both.
_PREFIXES = ("GLOBUS_COMPUTE", "FUNCX_SDK")


class HalfAPairError(ValueError):
    """One of the two variables is set; the text says which is missing."""


@dataclass(frozen=True)
class ClientCredentials:
    """A confidential client of Globus Auth (OAuth 2.0, RFC 6749, section 4.4)."""

    client_id: str
    variable: str
    """The environment variable that the id is from."""

    secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> ClientCredentials | None:
        """The first pair that is set; None if there is none. Raises `HalfAPairError`."""
        for prefix in _PREFIXES:
            names = (f"{prefix}_CLIENT_ID", f"{prefix}_CLIENT_SECRET")
            client_id, secret = (environ.get(name, "").strip() for name in names)
            if client_id and secret:
                return cls(client_id, names[0], secret)
            if client_id or secret:
                given, missing = names if client_id else names[::-1]
                raise HalfAPairError(
                    f"{given} is set in the Jupyter server's environment, but {missing} is not. "
                    "Set both to use a service account, or unset it to sign in as yourself; "
                    "then restart the Jupyter server."
                )
        return None
