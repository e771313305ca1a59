"""Where the token for a service comes from: never from a browser."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeGuard

from jupyterlab_globus_compute.timeouts import timeout

from .errors import token_missing

_COMMAND_TIMEOUT_S = 30.0
_MAX_TOKEN_BYTES = 16 * 1024
_SHARED = stat.S_IRWXG | stat.S_IRWXO
# RFC 6750, section 2.1: what a bearer token is made of. Nothing else gets into a header.
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")


class TokenSource(Protocol):
    """Gives the token for one service."""

    @property
    def origin(self) -> tuple[str, ...]:
        """Where the token is from, the same for two sources of the same token; no secret."""

    async def token(self, label: str) -> str:
        """The token as it is now, for the service called `label`.

        Raises `GatewayError` 503 that says what is missing, but never what
        the token is.
        """


class EnvironmentToken:
    """A token in an environment variable of the Jupyter server.

    The server's kernels inherit the variable too: a file or a command is the
    better place.
    """

    def __init__(self, variable: str) -> None:
        self._variable = variable
        self.origin = ("env", variable)

    async def token(self, label: str) -> str:
        """See `TokenSource.token`."""
        text = os.environ.get(self._variable, "")
        return _checked(text, label, f"the environment variable {self._variable}")


class FileToken:
    """A token in a file that nobody but its owner can read."""

    def __init__(self, path: str) -> None:
        self._path = Path(path).expanduser().absolute()
        self.origin = ("file", str(self._path))

    async def token(self, label: str) -> str:
        """See `TokenSource.token`."""
        return await asyncio.to_thread(self._read, label)

    def _read(self, label: str) -> str:
        where = f"the file {self._path}"
        try:
            with self._path.open("rb") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & _SHARED:
                    raise token_missing(label, f"{where}, which others can read (chmod 600 it)")
                raw = file.read(_MAX_TOKEN_BYTES)
        except OSError as error:
            raise token_missing(label, f"{where} ({error.strerror})") from None
        return _checked(raw.decode("ascii", errors="replace"), label, where)


class CommandToken:
    """A token that a program prints, say one that renews it."""

    def __init__(self, command: list[str], *, timeout_s: float = _COMMAND_TIMEOUT_S) -> None:
        self._command = command
        self._timeout_s = timeout_s
        self.origin = ("command", *command)

    async def token(self, label: str) -> str:
        """See `TokenSource.token`."""
        where = f"the program {self._command[0]}"
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                # May quote the token.
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise token_missing(label, f"{where} ({error.strerror})") from None
        try:
            async with timeout(self._timeout_s):
                output, _ = await process.communicate()
        except asyncio.TimeoutError:
            raise token_missing(label, f"{where}, which took too long") from None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode:
            raise token_missing(label, f"{where}, which failed")
        return _checked(output.decode("ascii", errors="replace"), label, where)


def is_bearer_token(value: object) -> TypeGuard[str]:
    """Whether a value is a text that may stand in an `Authorization: Bearer` header."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def _checked(text: str, label: str, where: str) -> str:
    token = text.strip()
    if not is_bearer_token(token):
        raise token_missing(label, where)
    return token
