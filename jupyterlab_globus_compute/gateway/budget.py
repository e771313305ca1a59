"""How many requests a service is sent: never more than it allows."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from .errors import budget_spent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

REQUEST_LIMIT = 20
WINDOW_S = 10.0
"""Globus Compute allows 20 requests in 10 seconds, whatever they ask for."""

_BACKGROUND_LIMIT = 15
"""The watcher leaves the rest to people, who otherwise would wait behind it."""

_PATIENCE_S = 30.0


class Budget(Protocol):
    """Lets requests to one service through as the service can take them."""

    def request(self, *, interactive: bool) -> AbstractAsyncContextManager[None]:
        """Waits for leave to send one request, which is sent and answered inside.

        `interactive`: a person waits for it; else it is the watcher's. Raises
        `GatewayError` 429 when a person's request would wait for too long.
        """

    def hold(self, seconds: float) -> None:
        """Let nothing through for a while, as the service has asked (`Retry-After`)."""


class Timers(Protocol):
    """The part of an event loop that a budget needs."""

    def time(self) -> float:
        """Seconds of a clock that never goes back."""

    def call_at(self, when: float, callback: Callable[[], None]) -> object:
        """Call `callback` when the clock has reached `when`."""


class UnlimitedBudget:
    """For a service of this computer, which has no such limit."""

    @asynccontextmanager
    async def request(self, *, interactive: bool) -> AsyncIterator[None]:
        """See `Budget.request`; `interactive` makes no difference."""
        del interactive
        yield

    def hold(self, seconds: float) -> None:
        """Do nothing: such a service asks for no pause."""


class SlidingWindowBudget:
    """At most so many requests in any stretch of so many seconds.

    A request counts from when it is let through until a window's length after
    its answer. So wherever in between the service sees it, no more than the
    limit fall into one window of the service's own clock.

    People's requests and the watcher's take turns while both wait, each in
    their own order.
    """

    def __init__(
        self,
        limit: int = REQUEST_LIMIT,
        window_s: float = WINDOW_S,
        *,
        background_limit: int = _BACKGROUND_LIMIT,
        patience_s: float = _PATIENCE_S,
        timers: Timers | None = None,
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._background_limit = background_limit
        self._patience_s = patience_s
        self._timers = timers
        self._waiting: dict[bool, deque[asyncio.Future[None]]] = {True: deque(), False: deque()}
        self._in_flight = {True: 0, False: 0}
        # When each answered request ceases to count, and whether it was a person's.
        self._leaving: deque[tuple[float, bool]] = deque()
        self._is_next_interactive = True
        self._held_until = 0.0
        self._wake_at: float | None = None

    @asynccontextmanager
    async def request(self, *, interactive: bool) -> AsyncIterator[None]:
        """See `Budget.request`."""
        await self._enter(interactive)
        try:
            yield
        finally:
            self._in_flight[interactive] -= 1
            self._leaving.append((self._clock().time() + self._window_s, interactive))
            self._let_through()

    def hold(self, seconds: float) -> None:
        """See `Budget.hold`."""
        self._held_until = max(self._held_until, self._clock().time() + seconds)

    async def _enter(self, interactive: bool) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[interactive].append(turn)
        self._let_through()
        try:
            # A future that has its turn stays done: the turn is never lost.
            await asyncio.wait({turn}, timeout=self._patience_s if interactive else None)
        except asyncio.CancelledError:
            self._leave(turn, interactive)
            raise
        if not turn.done():
            self._leave(turn, interactive)
            raise budget_spent(self._limit, self._window_s)

    def _leave(self, turn: asyncio.Future[None], interactive: bool) -> None:
        if not turn.done():
            self._waiting[interactive].remove(turn)
            return
        # Let through, and never sent: it does not count.
        self._in_flight[interactive] -= 1
        self._let_through()

    def _let_through(self) -> None:
        now = self._clock().time()
        while self._leaving and self._leaving[0][0] <= now:
            self._leaving.popleft()
        if now < self._held_until:
            self._wake(self._held_until)
            return
        while (interactive := self._next()) is not None:
            self._in_flight[interactive] += 1
            self._is_next_interactive = not interactive
            self._waiting[interactive].popleft().set_result(None)
        if any(self._waiting.values()) and self._leaving:
            self._wake(self._leaving[0][0])

    def _next(self) -> bool | None:
        """Whose turn it is; None if it is nobody's."""
        background = self._in_flight[False] + sum(not who for _, who in self._leaving)
        if self._in_flight[True] + self._in_flight[False] + len(self._leaving) >= self._limit:
            return None
        may_go = {
            True: bool(self._waiting[True]),
            False: bool(self._waiting[False]) and background < self._background_limit,
        }
        for interactive in (self._is_next_interactive, not self._is_next_interactive):
            if may_go[interactive]:
                return interactive
        return None

    def _wake(self, when: float) -> None:
        if self._wake_at is None or when < self._wake_at:
            self._wake_at = when
            self._clock().call_at(when, self._woken)

    def _woken(self) -> None:
        self._wake_at = None
        self._let_through()

    def _clock(self) -> Timers:
        return self._timers or asyncio.get_running_loop()
