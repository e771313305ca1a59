"""Starts the stand-in in a process of its own, for tests in Python."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from .provider import ask

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_TIMEOUT_S = 60.0


class Cloud(AbstractContextManager["Cloud"]):
    """The provider and the stand-in, running."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        """``port`` is that of the Compute service; 0 is any free one."""
        module = f"{__package__}"
        self._command = [sys.executable, "-m", module, str(folder), "--port", str(port)]
        self._process: subprocess.Popen[bytes] | None = None
        self._facts: dict[str, Any] = {}

    def __enter__(self) -> Cloud:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "The stand-in did not start"
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
    def compute_url(self) -> str:
        """The address of the Compute service, and of Groups."""
        return str(self._facts["compute"])

    @property
    def auth_url(self) -> str:
        """The address of Globus Auth."""
        return str(self._facts["auth"])

    @property
    def program_client(self) -> dict[str, str]:
        """A confidential client, with ``clientId`` and ``clientSecret``."""
        client: dict[str, str] = self._facts["programClient"]
        return client

    def control(self, command: str, **fields: Any) -> Any:
        """Ask the stand-in's control door."""
        return ask(self._facts["control"], command, fields)

    def control_auth(self, command: str, **fields: Any) -> Any:
        """Ask the provider's control door."""
        return ask(self._facts["authControl"], command, fields)
