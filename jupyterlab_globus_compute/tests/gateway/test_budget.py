"""A service is never sent more requests than it allows."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_left
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.budget import SlidingWindowBudget, UnlimitedBudget
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.tests.gateway.timers import ManualTimers, settle

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.budget import Budget


class Traffic:
    """Requests that go through a budget: when each was seen by the service."""

    def __init__(self, budget: Budget, timers: ManualTimers) -> None:
        self.seen: list[tuple[float, bool]] = []
        self._budget = budget
        self._timers = timers
        self._tasks: list[asyncio.Task[None]] = []

    def send(self, *, interactive: bool, there_s: float = 0.0, back_s: float = 0.0) -> None:
        """Send a request that takes so long to the service and back."""
        self._tasks.append(asyncio.ensure_future(self._run(interactive, there_s, back_s)))

    def cancel(self, index: int) -> None:
        """Give up the request of that index."""
        self._tasks[index].cancel()

    async def end(self) -> None:
        """Give up what still waits."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, interactive: bool, there_s: float, back_s: float) -> None:
        async with self._budget.request(interactive=interactive):
            await self._pass(there_s)
            self.seen.append((self._timers.now, interactive))
            await self._pass(back_s)

    async def _pass(self, seconds: float) -> None:
        if seconds:
            arrived = asyncio.Event()
            self._timers.call_at(self._timers.now + seconds, arrived.set)
            await arrived.wait()


def most_in_a_window(times: list[float], window_s: float) -> int:
    """The largest number of times within any half-open window."""
    ordered = sorted(times)
    return max(
        bisect_left(ordered, start + window_s) - index for index, start in enumerate(ordered)
    )


@pytest.mark.parametrize("seed", range(5))
async def test_no_window_of_the_services_clock_holds_more_than_the_limit(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (no secret)
    timers = ManualTimers()
    traffic = Traffic(SlidingWindowBudget(20, 10.0, timers=timers), timers)
    for _ in range(300):
        # Some are quick, some wait in a queue on their way, some take long to be answered.
        traffic.send(
            interactive=rng.random() < 0.3,
            there_s=rng.choice([0.0, 0.02, 3.0]),
            back_s=rng.choice([0.0, 0.1, 12.0]),
        )
        await timers.advance(rng.choice([0.0, 0.0, 0.3, 2.0]))
    await timers.advance(600.0)
    assert len(traffic.seen) == 300
    assert most_in_a_window([at for at, _ in traffic.seen], 10.0) <= 20


async def test_the_limit_is_used_to_the_full() -> None:
    timers = ManualTimers()
    traffic = Traffic(SlidingWindowBudget(20, 10.0, timers=timers), timers)
    for _ in range(60):
        traffic.send(interactive=True)
    await timers.advance(29.0)
    assert [at for at, _ in traffic.seen] == [0.0] * 20 + [10.0] * 20 + [20.0] * 20


async def test_the_watcher_leaves_room_for_people() -> None:
    timers = ManualTimers()
    traffic = Traffic(SlidingWindowBudget(20, 10.0, background_limit=15, timers=timers), timers)
    for _ in range(100):
        traffic.send(interactive=False)
    await timers.advance(5.0)
    assert len(traffic.seen) == 15
    traffic.send(interactive=True)
    await settle()
    assert traffic.seen[-1] == (5.0, True)
    await traffic.end()


async def test_people_do_not_starve_the_watcher() -> None:
    timers = ManualTimers()
    traffic = Traffic(SlidingWindowBudget(20, 10.0, timers=timers), timers)
    for _ in range(200):
        traffic.send(interactive=True)
    await settle()
    for _ in range(200):
        traffic.send(interactive=False)
    await timers.advance(10.0)
    second_window = [interactive for at, interactive in traffic.seen if at == 10.0]
    assert (second_window.count(True), second_window.count(False)) == (10, 10)
    await traffic.end()


async def test_a_request_that_was_given_up_does_not_count() -> None:
    timers = ManualTimers()
    traffic = Traffic(SlidingWindowBudget(2, 10.0, background_limit=2, timers=timers), timers)
    for _ in range(4):
        traffic.send(interactive=False)
    await settle()
    traffic.cancel(2)
    await timers.advance(10.0)
    assert [at for at, _ in traffic.seen] == [0.0, 0.0, 10.0]
    await traffic.end()


async def test_a_pause_that_the_service_asks_for_is_kept() -> None:
    timers = ManualTimers()
    budget = SlidingWindowBudget(20, 10.0, timers=timers)
    traffic = Traffic(budget, timers)
    budget.hold(7.0)
    traffic.send(interactive=True)
    await timers.advance(6.9)
    assert traffic.seen == []
    await timers.advance(0.2)
    assert traffic.seen == [(7.0, True)]


async def test_a_person_is_told_rather_than_left_waiting() -> None:
    timers = ManualTimers()
    budget = SlidingWindowBudget(1, 10.0, patience_s=0.01, timers=timers)
    async with budget.request(interactive=True):
        with pytest.raises(GatewayError) as raised:
            async with budget.request(interactive=True):
                pytest.fail("let through")
    assert (raised.value.status, raised.value.headers) == (429, {"Retry-After": "10"})
    await timers.advance(10.0)
    with suppress(GatewayError):
        async with budget.request(interactive=True):
            return
    pytest.fail("who gave up still holds a turn")


async def test_a_service_of_this_computer_has_no_limit() -> None:
    budget = UnlimitedBudget()
    traffic = Traffic(budget, ManualTimers())
    for _ in range(1000):
        traffic.send(interactive=False)
    await settle()
    assert len(traffic.seen) == 1000
