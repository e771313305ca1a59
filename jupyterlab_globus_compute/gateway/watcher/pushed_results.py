"""Taking results from a service's queue into the vault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.result_push import (
    GroupChange,
    PushBrokenError,
    PushedResult,
)
from jupyterlab_globus_compute.gateway.vault.answers import read_answer

from .backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from logging import Logger

    from jupyterlab_globus_compute.gateway.result_push import ResultPush
    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.records import TaskAnswer

    from .pace import WatchPace
    from .pending import PendingTasks


class PushedResults:
    """Listens for the task groups that are pending, as long as the service pushes.

    A message is acknowledged only once its result is stored: what is lost with this server
    comes again. Whatever does not come this way is asked for as before.
    """

    def __init__(
        self,
        access: ServiceAccess,
        service: str,
        pending: PendingTasks,
        store: Callable[[Sequence[TaskAnswer]], Awaitable[None]],
        pace: WatchPace,
        log: Logger,
    ) -> None:
        self._access = access
        self._service = service
        self._pending = pending
        self._store = store
        self._pace = pace
        self._log = log
        self._push: ResultPush | None = None
        self._asked: set[str] = set()
        self._listened_to: set[str] = set()

    def covers(self, group: str | None) -> bool:
        """Whether the results of a task group come by themselves."""
        return group in self._listened_to

    def note(self, group: str | None) -> None:
        """A task of this group is pending."""
        if self._push is not None and group is not None and group not in self._asked:
            self._asked.add(group)
            self._push.listen(group)

    async def run(self, on_change: Callable[[], None]) -> None:
        """Take results until cancelled, or until it shows that the service does not push.

        `on_change` is told when tasks have ended, or are to be asked for again.
        """
        backoff = Backoff(self._pace.first_backoff_s, self._pace.longest_backoff_s)
        while True:
            try:
                self._push = await self._access.open_push(self._service)
                if self._push is None:
                    return
                for group in self._pending.groups():
                    self.note(group)
                while True:
                    await self._take(await self._push.next())
                    backoff.reset()
                    on_change()
            except (GatewayError, PushBrokenError) as error:
                self._log.info("Results of '%s' are asked for: %s", self._service, error)
            finally:
                self._forget()
            on_change()
            await asyncio.sleep(backoff.next_s())

    async def _take(self, news: Sequence[PushedResult | GroupChange]) -> None:
        results = []
        for one in news:
            if isinstance(one, PushedResult):
                results.append(one)
            elif one.is_listened_to:
                self._listened_to.add(one.group)
            else:
                self._listened_to.discard(one.group)
                self._pending.group_due(one.group)
        if not results:
            return
        await self._store([read_answer(result.task_id, result.answer) for result in results])
        assert self._push is not None  # noqa: S101 - it gave the results
        for result in results:
            self._pending.discard(result.task_id)
            self._push.acknowledge(result)
        for group in {result.group for result in results} - self._pending.groups():
            self._push.leave(group)
            self._asked.discard(group)
            self._listened_to.discard(group)

    def _forget(self) -> None:
        if self._push is not None:
            self._push.close()
            self._push = None
        for group in self._listened_to:
            self._pending.group_due(group)
        self._asked.clear()
        self._listened_to.clear()
