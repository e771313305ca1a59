"""A clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class ManualTimers:
    """What a budget or a pace needs of an event loop, in the test's hands."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._calls: list[tuple[float, int, Callable[[], None]]] = []

    def time(self) -> float:
        """The time that the test has set."""
        return self.now

    def call_at(self, when: float, callback: Callable[[], None]) -> None:
        """Remember to call."""
        heapq.heappush(self._calls, (when, next(self._order), callback))

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.now += seconds
        await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Let time pass, with all that is due in between."""
        end = self.now + seconds
        await settle()
        while self._calls and self._calls[0][0] <= end:
            self.now, _, callback = heapq.heappop(self._calls)
            callback()
            await settle()
        self.now = end
        await settle()


async def settle() -> None:
    """Let everything that can go on go on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Let things go on until the condition holds, which no event tells of."""
    while not condition():  # noqa: ASYNC110
        await asyncio.sleep(0)
