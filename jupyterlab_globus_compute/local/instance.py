"""One service per data directory, and how others find it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from .errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALREADY_RUNNING_EXIT_CODE = 3


@dataclass(frozen=True)
class ServiceAddress:
    """How to reach a running service."""

    url: str
    token: str
    endpoint_id: str
    pid: int

    def to_json(self) -> str:
        """Return the address as one line of JSON."""
        return json.dumps(asdict(self))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a data directory; the system frees it however this process ends.

    Raises:
        StartupError: another service holds it (exit code 3).
    """
    # Not inheritable (PEP 446), so no worker keeps it after the service's death.
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartupError(
                f"Another service already uses {path.parent}; use that one (its address is in "
                "service.json there), or start this one with another --data-dir",
                ALREADY_RUNNING_EXIT_CODE,
            ) from error
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def published(path: Path, address: ServiceAddress) -> Iterator[None]:
    """Keep the address in a file that its owner only can read."""
    partial = path.with_suffix(".tmp")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(address.to_json() + "\n")
    # Readers see the whole file or none.
    partial.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
