"""The OpenID provider of the tests, in a process of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .companion import Companion, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).parents[3]
_SCRIPT = _ROOT / "ui-tests" / "cloud" / "provider.mjs"


def why_not() -> str | None:
    """Why the provider cannot run here, or None if it can."""
    if shutil.which("node") is None:
        return "the OpenID provider needs Node.js"
    if not (_ROOT / "node_modules" / "oidc-provider").exists():
        return "the OpenID provider is not installed: run npm ci"
    return None


class Provider(Companion):
    """Starts ``oidc-provider`` with the manners of Globus Auth, and ends it."""

    def __init__(self, redirect_uris: Sequence[str] = ()) -> None:
        super().__init__(["node", str(_SCRIPT), *redirect_uris])

    @property
    def url(self) -> str:
        """Its address; Globus Auth's paths are below it."""
        return str(self._facts["url"])

    @property
    def control_url(self) -> str:
        """Where tests look into it."""
        return str(self._facts["control"])

    @property
    def compute_client(self) -> dict[str, str]:
        """What the Compute service identifies itself with."""
        client: dict[str, str] = self._facts["computeClient"]
        return client

    def control(self, command: str, **fields: Any) -> Any:
        """Ask its control door; see ``src/sdk/auth/testing/control.ts`` for what there is."""
        return ask(self.control_url, command, fields)
