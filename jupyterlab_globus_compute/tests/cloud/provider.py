"""The OpenID provider of the tests, in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_ROOT = Path(__file__).parents[3]
_SCRIPT = _ROOT / "ui-tests" / "cloud" / "provider.mjs"
_TIMEOUT_S = 60.0


def why_not() -> str | None:
    """Why the provider cannot run here, or None if it can."""
    if shutil.which("node") is None:
        return "the OpenID provider needs Node.js"
    if not (_ROOT / "node_modules" / "oidc-provider").exists():
        return "the OpenID provider is not installed: run npm ci"
    return None


class Provider(AbstractContextManager["Provider"]):
    """Starts ``oidc-provider`` with the manners of Globus Auth, and ends it."""

    def __init__(self, redirect_uris: Sequence[str] = ()) -> None:
        self._command = ["node", str(_SCRIPT), *redirect_uris]
        self._process: subprocess.Popen[bytes] | None = None
        self._facts: dict[str, Any] = {}

    def __enter__(self) -> Provider:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "The provider did not start"
        self._facts = json.loads(line)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(_TIMEOUT_S)
        self._process.stdout.close()

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

    @property
    def program_client(self) -> dict[str, str]:
        """A confidential client, with ``clientId`` and ``clientSecret``."""
        client: dict[str, str] = self._facts["programClient"]
        return client

    def control(self, command: str, **fields: Any) -> Any:
        """Ask its control door; see ``src/sdk/auth/testing/control.ts`` for what there is."""
        return ask(self.control_url, command, fields)


def ask(control_url: str, command: str, fields: dict[str, Any]) -> Any:
    """Send a command to a control door, and return its answer."""
    answer = httpx.post(f"{control_url}/{command}", json=fields, timeout=_TIMEOUT_S)
    assert answer.status_code == 200, answer.text
    return answer.json()
