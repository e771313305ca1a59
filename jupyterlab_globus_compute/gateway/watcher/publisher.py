"""Telling browsers of what changes in the vault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.event_hub import TaskEvent
from jupyterlab_globus_compute.gateway.vault.change_signal import ChangeSignal

if TYPE_CHECKING:
    from logging import Logger

    from jupyterlab_globus_compute.gateway.event_hub import EventHub
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_GATHERING_S = 0.02
_RETRY_S = 30.0


class Publisher:
    """Passes on to the hub what this server, or another one of the same user, writes.

    So browsers hear of nothing before it is stored.
    """

    def __init__(self, vault: Vault, hub: EventHub, log: Logger) -> None:
        self._vault = vault
        self._hub = hub
        self._log = log

    async def run(self) -> None:
        """Publish until cancelled."""
        sequence: int | None = None
        while True:
            try:
                if sequence is None:
                    sequence = await self._vault.sequence()
                    self._hub.begin(sequence)
                with ChangeSignal.of(self._vault) as signal:
                    while True:
                        await signal.wait()
                        await asyncio.sleep(_GATHERING_S)
                        sequence = await self._publish(sequence)
            except GatewayError as error:  # noqa: PERF203 - seldom
                self._log.error("Browsers cannot be told of batches: %s", error)
                await asyncio.sleep(_RETRY_S)

    async def _publish(self, since: int) -> int:
        changes = await self._vault.changes(since)
        self._hub.publish(
            changes.sequence,
            tasks=[TaskEvent(*task) for task in changes.tasks],
            batches=changes.batches,
            removed=changes.removed,
        )
        return changes.sequence
