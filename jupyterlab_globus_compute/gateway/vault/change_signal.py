"""Hearing of what anybody writes to a vault."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.timeouts import timeout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .vault import Vault

_POLL_S = 1.0
"""How often the file is looked at for what other servers of the same user wrote."""


class ChangeSignal:
    """Wakes one follower of the vault: at once for this process's changes, soon for others'."""

    def __init__(self, vault: Vault, event: asyncio.Event) -> None:
        self._vault = vault
        self._event = event
        self._version: int | None = None

    @classmethod
    @contextmanager
    def of(cls, vault: Vault) -> Iterator[ChangeSignal]:
        """A signal for as long as the block lasts."""
        with vault.listening() as event:
            yield cls(vault, event)

    def set(self) -> None:
        """Wake the follower for another reason."""
        self._event.set()

    async def wait(self) -> None:
        """Wait until something may have changed since the last time."""
        while True:
            version = await self._vault.version()
            if self._event.is_set() or version != self._version:
                self._event.clear()
                self._version = version
                return
            try:
                async with timeout(_POLL_S):
                    await self._event.wait()
            except asyncio.TimeoutError:
                continue
