"""Watching the tasks of one service."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.service_feed import FeedUnavailableError
from jupyterlab_globus_compute.gateway.transport import ServiceRequest
from jupyterlab_globus_compute.gateway.vault.answers import (
    AnswerMalformedError,
    read_answer,
    split_batch_status,
)
from jupyterlab_globus_compute.gateway.vault.states import FAILED, FINAL, SUCCESS, pending_state
from jupyterlab_globus_compute.timeouts import timeout

from .backoff import Backoff
from .page_size import MAX_SIZE, MAX_SIZE_ONCE, PageSize
from .pending import PendingTasks
from .pushed_results import PushedResults

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from logging import Logger

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.service_feed import ServiceFeed
    from jupyterlab_globus_compute.gateway.vault.records import PendingTask, TaskAnswer
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

    from .pace import WatchPace

_OK, _UNAUTHORIZED = 200, 401
_STATES_PAUSE_S = 0.1
_ENDING_S = 5.0
"""How long the end of the server waits for the answer to a request that was sent."""


class ServiceWatch:
    """Fetches each result of one service's tasks once, as soon as it exists.

    One request is under way at a time, and what it brought is stored before the next: a server
    that is killed loses no more than that one answer, and only where the service gives each
    result once.
    """

    def __init__(
        self, vault: Vault, access: ServiceAccess, service: str, pace: WatchPace, log: Logger
    ) -> None:
        self._vault = vault
        self._access = access
        self._service = service
        self._pace = pace
        self._log = log
        self._pending = PendingTasks()
        gives_once = access.gives_results_once(service)
        self._page_size = PageSize(largest=MAX_SIZE_ONCE if gives_once else MAX_SIZE)
        self._woken = asyncio.Event()
        self._is_told = False
        self._states: dict[str, str] = {}
        self._pushed = PushedResults(access, service, self._pending, self._store, pace, log)

    def add(self, task: PendingTask) -> None:
        """A task has been submitted, or has a new state."""
        self._pending.add(task, _now() + self._interval(task))
        self._pushed.note(task.group)
        self._woken.set()

    def discard(self, task_id: str) -> None:
        """A task has ended, and its result is in the vault."""
        self._pending.discard(task_id)

    async def run(self) -> None:
        """Watch until cancelled. Nothing is asked of the service while no task is pending."""
        backoff = Backoff(self._pace.first_backoff_s, self._pace.longest_backoff_s)
        while True:
            try:
                while not self._pending:
                    self._woken.clear()
                    await self._woken.wait()
                if await self._vault.take_lease(f"watch {self._service}"):
                    await self._watch()
                    backoff.reset()
                else:
                    await asyncio.sleep(self._pace.lease_s / 2)
                    # Whoever has the lease keeps the vault, not this list, up to date.
                    await self._load()
            except GatewayError as error:  # noqa: PERF203 - seldom
                self._log.warning("Watching the tasks of '%s': %s", self._service, error)
                await asyncio.sleep(backoff.next_s())

    async def _load(self) -> None:
        _, tasks = await self._vault.pending_tasks()
        self._pending.clear()
        for service, task in tasks:
            if service == self._service:
                self._pending.add(task, float("-inf"))

    async def _watch(self) -> None:
        """Watch while there are tasks and the lease is held."""
        await self._load()
        feed = self._access.feed(self._service)
        self._is_told = feed is not None
        helpers = [asyncio.ensure_future(self._renew())]
        if feed is not None:
            helpers.append(asyncio.ensure_future(self._follow(feed)))
        helpers.append(asyncio.ensure_future(self._pushed.run(self._woken.set)))
        fetching = asyncio.ensure_future(self._fetch_all())
        tasks = [fetching, *helpers]
        try:
            await asyncio.wait({fetching, helpers[0]}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def _renew(self) -> None:
        """Keep the lease; returns when another server has it."""
        held = True
        while held:
            await asyncio.sleep(self._pace.lease_s)
            held = await self._vault.take_lease(f"watch {self._service}")

    async def _follow(self, feed: ServiceFeed) -> None:
        """Take note of what the service tells of itself."""
        try:
            async with aclosing(feed.follow(None)) as pages:
                async for page in pages:
                    if page.is_reset:
                        self._pending.all_due()
                    ends = []
                    for change in page.changes:
                        state = change.status.lower()
                        if state in (SUCCESS, FAILED):
                            ends.append(change.task_id)
                            self._states.pop(change.task_id, None)
                        elif change.task_id in self._pending:
                            self._states[change.task_id] = pending_state(state)
                    self._pending.note_ends(ends)
                    self._woken.set()
        except FeedUnavailableError:
            self._is_told = False
            self._pending.all_due()
            self._woken.set()

    async def _fetch_all(self) -> None:
        """Ask for tasks as they are due, until none is pending."""
        backoff = Backoff(self._pace.first_backoff_s, self._pace.longest_backoff_s)
        states_at = _now()
        while self._pending:
            self._woken.clear()
            if self._states and _now() >= states_at:
                await self._store_states()
                states_at = _now() + _STATES_PAUSE_S
            page = self._pending.take(_now(), self._page_size.size, fill=not self._is_told)
            if page:
                try:
                    await self._uninterrupted(self._fetch(page))
                except GatewayError as error:
                    await self._recover(page, error, backoff)
                else:
                    backoff.reset()
                continue
            due = self._pending.next_due()
            if self._states:
                due = min(states_at, due or states_at)
            with suppress(asyncio.TimeoutError):
                async with timeout(None if due is None else max(due - _now(), 0.001)):
                    await self._woken.wait()

    async def _fetch(self, page: Sequence[PendingTask]) -> None:
        """Ask for some tasks, and store what has become of them.

        Raises `GatewayError` when the service does not tell.
        """
        body = json.dumps({"task_ids": [task.task_id for task in page]}).encode()
        answer = await self._access.send(
            self._service, ServiceRequest("POST", "v2/batch_status", body=body)
        )
        if answer.status != _OK:
            raise GatewayError(answer.status, "NOT_TOLD", f"HTTP {answer.status}")
        await self._take(page, answer.body)

    async def _uninterrupted(self, fetching: Coroutine[None, None, None]) -> None:
        """Let a request end, and its answer be stored, also when the watch is being ended.

        The service may give these results for the only time.
        """
        task = asyncio.ensure_future(fetching)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=_ENDING_S)
            task.cancel()
            raise

    async def _take(self, page: Sequence[PendingTask], body: bytes) -> None:
        try:
            texts = await self._vault.in_thread(lambda: split_batch_status(body))
            known = await self._vault.in_thread(
                lambda: {
                    task.task_id: read_answer(task.task_id, texts[task.task_id])
                    for task in page
                    if task.task_id in texts
                }
            )
        except AnswerMalformedError as error:
            raise GatewayError(502, "INVALID_ANSWER", str(error)) from None
        self._page_size.note_answer(len(page), max(map(len, texts.values()), default=0))
        told = [known.get(task.task_id) or _absent(task) for task in page]
        news = [
            answer
            for task, answer in zip(page, told, strict=True)
            if not answer.is_unknown or self._is_lost(task)
        ]
        await self._store(news)
        ended = {answer.task_id for answer in news if answer.state in FINAL}
        for task in page:
            if task.task_id in ended:
                self._pending.discard(task.task_id)
            else:
                interval = self._interval(task)
                if known.get(task.task_id) is None or known[task.task_id].is_unknown:
                    interval = min(interval, self._pace.unknown_grace_s / 4)
                self._pending.postpone(task.task_id, _now() + interval)

    async def _store(self, answers: Sequence[TaskAnswer]) -> None:
        """Store what was told, however long that takes: it may not be told again."""
        backoff = Backoff(self._pace.first_backoff_s, self._pace.longest_backoff_s)
        while True:
            try:
                await self._vault.keep_answers(self._service, answers)
            except GatewayError as error:  # noqa: PERF203 - seldom
                self._log.error(
                    "%d answers of '%s' could not be stored (%s); this is tried again",
                    len(answers),
                    self._service,
                    error,
                )
                await asyncio.sleep(backoff.next_s())
            else:
                return

    async def _store_states(self) -> None:
        states, self._states = self._states, {}
        await self._vault.note_states(self._service, list(states.items()))

    async def _recover(
        self, page: Sequence[PendingTask], error: GatewayError, backoff: Backoff
    ) -> None:
        """Have a page asked for again, after a while, and in smaller parts if it was too large."""
        if error.code in ("ANSWER_TOO_LARGE", "SERVICE_TIMEOUT"):
            self._page_size.halve()
        self._log.info("Asking '%s' for %d tasks: %s", self._service, len(page), error)
        pause = backoff.next_s()
        if error.status == _UNAUTHORIZED:
            self._log.warning(
                "The results of %d tasks at '%s' wait for a sign-in",
                len(self._pending),
                self._service,
            )
            await self._access.ready(self._service)
            self._log.info("Asking '%s' for results again", self._service)
        for task in page:
            self._pending.schedule(task.task_id, _now() + pause)
        if error.code != "ANSWER_TOO_LARGE" or len(page) == 1:
            await asyncio.sleep(pause)

    def _interval(self, task: PendingTask) -> float:
        """How long until a task is asked for again, in seconds."""
        if self._is_told:
            return self._pace.sweep_s
        age = max(time.time() - task.submitted, 0)
        interval = min(
            max(self._pace.first_poll_s, self._pace.poll_per_age * age), self._pace.longest_poll_s
        )
        return max(interval, self._pace.pushed_s) if self._pushed.covers(task.group) else interval

    def _is_lost(self, task: PendingTask) -> bool:
        """Whether the service, which does not know the task, must have known it."""
        return task.is_seen or time.time() - task.submitted > self._pace.unknown_grace_s


def _absent(task: PendingTask) -> TaskAnswer:
    """What is made of a task that an answer leaves out."""
    return read_answer(task.task_id, b'{"status": "unknown"}')


def _now() -> float:
    return asyncio.get_running_loop().time()
