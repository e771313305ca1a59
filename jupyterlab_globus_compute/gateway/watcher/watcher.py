"""Watches the tasks of all services, and looks after the vault."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.vault.change_signal import ChangeSignal
from jupyterlab_globus_compute.timeouts import timeout

from .service_watch import ServiceWatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from logging import Logger

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

    from .pace import WatchPace
    from .recovery import Recovery

_GATHERING_S = 0.01
_TIDY_EVERY_S = 3600.0
_RETRY_S = 30.0


class Watcher:
    """Runs from the server's start to its end.

    Starts nothing for a service that has no pending task and no unanswered submit.
    """

    def __init__(
        self,
        vault: Vault,
        access: ServiceAccess,
        recovery: Recovery,
        limits: RetentionLimits,
        pace: WatchPace,
        log: Logger,
    ) -> None:
        self._vault = vault
        self._access = access
        self._recovery = recovery
        self._limits = limits
        self._log = log
        self._pace = pace
        self._watches: dict[str, ServiceWatch] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin; in the event loop that the vault belongs to."""
        for run in (self._find_tasks, self._find_submits, self._tidy):
            self._tasks.append(asyncio.ensure_future(self._keep_running(run)))

    async def stop(self) -> None:
        """End; what is under way is found at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep_running(self, run: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await run()
            except GatewayError as error:  # noqa: PERF203 - seldom
                # Such as a disk that is full for a while.
                self._log.error("The watcher of compute tasks: %s", error)
                await asyncio.sleep(_RETRY_S)

    async def _find_tasks(self) -> None:
        """Hand pending tasks to the watches of their services, as they come and go."""
        with ChangeSignal.of(self._vault) as signal:
            sequence, pending = await self._vault.pending_tasks()
            for service, task in pending:
                if (watch := self._watch(service)) is not None:
                    watch.add(task)
            while True:
                await signal.wait()
                await asyncio.sleep(_GATHERING_S)
                sequence, changes = await self._vault.watched_changes(sequence)
                for service, task, is_pending in changes:
                    if (watch := self._watch(service)) is None:
                        continue
                    if is_pending:
                        watch.add(task)
                    else:
                        watch.discard(task.task_id)

    async def _find_submits(self) -> None:
        """Look after submits whose answer was lost."""
        with ChangeSignal.of(self._vault) as signal:
            while True:
                pause = await self._recovery.check()
                with suppress(asyncio.TimeoutError):
                    async with timeout(pause):
                        await signal.wait()
                await asyncio.sleep(_GATHERING_S)

    async def _tidy(self) -> None:
        while True:
            await self._vault.tidy(self._limits)
            await asyncio.sleep(_TIDY_EVERY_S)

    def _watch(self, service: str) -> ServiceWatch | None:
        """The watch of a service; None if this server's configuration has no such service."""
        if service not in self._watches:
            if service not in self._access.service_names():
                return None
            watch = ServiceWatch(self._vault, self._access, service, self._pace, self._log)
            self._watches[service] = watch
            self._tasks.append(asyncio.ensure_future(watch.run()))
        return self._watches[service]
