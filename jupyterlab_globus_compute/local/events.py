"""The latest state changes of tasks, numbered, for readers that follow them."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.timeouts import timeout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .task_engine import StateChange

_MAX_TASKS = 50_000
"""How many tasks' changes are remembered: about 15 MB."""

_US_PER_S = 1_000_000


@dataclass(frozen=True)
class Page:
    """Changes after a number; ``last`` is the number to go on from.

    ``is_gapless`` is False if changes after the number asked for are forgotten: the reader
    must look up for itself what it follows.
    """

    last: int
    changes: list[StateChange]
    is_gapless: bool


class EventLog:
    """Remembers each task's latest change only, so its size is bounded and readers share it.

    Numbers go up from change to change, and from one service process to the next: they begin
    with the microseconds since the epoch.
    """

    def __init__(self, max_tasks: int = _MAX_TASKS) -> None:
        self._max_tasks = max_tasks
        self._lock = threading.Lock()  # for those below
        self._is_closed = False
        self._last = int(time.time() * _US_PER_S)
        self._forgotten = self._last
        self._changes: OrderedDict[str, tuple[int, StateChange]] = OrderedDict()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    @property
    def last(self) -> int:
        """The number of the latest change."""
        with self._lock:
            return self._last

    @property
    def is_closed(self) -> bool:
        """Whether there will be no more changes."""
        with self._lock:
            return self._is_closed

    def close(self) -> None:
        """Wake the readers for the last time."""
        with self._lock:
            self._is_closed = True
            waiting, self._waiting = self._waiting, {}
        _wake(waiting)

    def publish(self, changes: Sequence[StateChange]) -> None:
        """Add changes and wake the readers; may be called from any thread."""
        with self._lock:
            for change in changes:
                self._last += 1
                self._changes[change[0]] = (self._last, change)
                self._changes.move_to_end(change[0])
            while len(self._changes) > self._max_tasks:
                _, (self._forgotten, _) = self._changes.popitem(last=False)
            waiting, self._waiting = self._waiting, {}
        _wake(waiting)

    def after(self, number: int, limit: int) -> Page:
        """Return up to ``limit`` changes after ``number``, oldest first."""
        with self._lock:
            if number > self._last or number < self._forgotten:
                return Page(self._last, [], is_gapless=False)
            found: list[tuple[int, StateChange]] = []
            # From the newest back: a reader that keeps up costs no more than it reads.
            for entry in reversed(self._changes.values()):
                if entry[0] <= number:
                    break
                found.append(entry)
        page = found[-limit:][::-1]
        return Page(page[-1][0] if page else number, [change for _, change in page], True)

    async def wait(self, number: int, timeout_s: float) -> bool:
        """Wait for a change after ``number``, or the end; return False if neither came.

        A number that no change has had yet belongs to another log, which is a change too.
        """
        event = asyncio.Event()
        with self._lock:
            if self._last != number or self._is_closed:
                return True
            self._waiting[event] = asyncio.get_running_loop()
        try:
            async with timeout(timeout_s):
                await event.wait()
        except asyncio.TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.pop(event, None)
        return True


def _wake(waiting: dict[asyncio.Event, asyncio.AbstractEventLoop]) -> None:
    for event, loop in waiting.items():
        # The loop is closed when the service ends while workers still report.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(event.set)
