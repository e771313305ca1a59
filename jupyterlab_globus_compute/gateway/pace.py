"""How often something may be said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BURST = 4
PER_SECOND = 6


class Pace:
    """At most `burst + per_second` times in any second, a few of them at once.

    So what happens now and then is told of at once, and what happens all the
    time at an even pace.
    """

    def __init__(
        self,
        burst: int = BURST,
        per_second: int = PER_SECOND,
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = 1 / per_second
        self._lead_s = (burst - 1) * self._interval_s
        self._clock = clock
        self._sleep = sleep
        self._due = float("-inf")

    async def turn(self) -> None:
        """Wait until it is time (the generic cell rate algorithm, ITU-T I.371)."""
        clock = self._clock or asyncio.get_running_loop().time
        wait_s = self._due - self._lead_s - clock()
        if wait_s > 0:
            await self._sleep(wait_s)
        self._due = max(self._due, clock()) + self._interval_s
