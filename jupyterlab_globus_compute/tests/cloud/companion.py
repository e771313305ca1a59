"""A process of the tests that says in its first line how to reach it, and ends with its input."""

from __future__ import annotations

import json
import subprocess
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

_TIMEOUT_S = 60.0


class Companion(AbstractContextManager["Companion"]):
    """Runs a command for as long as it is used."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._facts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self._command} did not start"
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
    def program_client(self) -> dict[str, str]:
        """A confidential client, with ``clientId`` and ``clientSecret``."""
        client: dict[str, str] = self._facts["programClient"]
        return client


def ask(control_url: str, command: str, fields: dict[str, Any]) -> Any:
    """Send a command to a control door, and return its answer."""
    answer = httpx.post(f"{control_url}/{command}", json=fields, timeout=_TIMEOUT_S)
    assert answer.status_code == 200, answer.text
    return answer.json()
