"""What browsers are told of as it happens: the latest of each task and batch."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .pace import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

MAX_ENTRIES = 1000
"""The largest number of tasks, or of batches, in one message."""

PING_S = 20.0

_MAX_REMEMBERED = 50_000
"""How many tasks' and batches' changes are remembered: about 20 MB."""

_US_PER_S = 1_000_000


@dataclass(frozen=True)
class TaskEvent:
    """A task has a new state, in Globus's words; `batch` is the id of its batch, if it has one."""

    id: str
    status: str
    batch: str | None = None


class EventHub:
    """Remembers the latest change of everything, numbered, and lets subscribers follow.

    Each subscriber has nothing but a number of its own, so a slow one costs no
    memory: it is told the latest of what it missed, or, when that has been
    forgotten, to read everything again (`reset`).

    Numbers go up from change to change and from one server to the next: they
    begin with the microseconds since the epoch, or after the `highest` that the
    vault has seen, should the clock have been set back. Everything here is
    called from the event loop's thread.
    """

    def __init__(self, *, highest: int = 0, max_remembered: int = _MAX_REMEMBERED) -> None:
        self._last = self._forgotten = max(int(time.time() * _US_PER_S), highest + 1)
        self._max_remembered = max_remembered
        self._changes: OrderedDict[tuple[str, str], tuple[int, dict[str, Any] | None]]
        self._changes = OrderedDict()
        self._waiting: set[asyncio.Event] = set()
        self._is_closed = False

    @property
    def last(self) -> int:
        """The number of the latest change."""
        return self._last

    @property
    def subscriber_count(self) -> int:
        """How many wait to be told something."""
        return len(self._waiting)

    def raise_to(self, highest: int) -> None:
        """Go on from a number that somebody else has given meanwhile."""
        self._last = max(self._last, highest)

    def publish_tasks(self, events: Iterable[TaskEvent]) -> int:
        """Tell of tasks' states; returns the number of the last change."""
        for event in events:
            entry = {"id": event.id, "status": event.status, "batch": event.batch}
            self._remember(("task", event.id), entry)
        return self._tell()

    def publish_batches(
        self, summaries: Iterable[Mapping[str, Any]], removed: Iterable[str] = ()
    ) -> int:
        """Tell of batches (BatchSummary objects) and of ids that are gone.

        The `sequence` of each summary is set to the number of its change.
        Returns the number of the last change.
        """
        for summary in summaries:
            entry = {**summary, "sequence": self._last + 1}
            self._remember(("batch", str(summary["id"])), entry)
        for batch_id in removed:
            self._remember(("batch", batch_id), None)
        return self._tell()

    async def messages(
        self, since: int | None, *, pace: Pace | None = None, ping_s: float = PING_S
    ) -> AsyncGenerator[dict[str, Any], None]:
        """What to tell one subscriber who has read up to `since`, until the hub is closed.

        The first message is `hello`. To go on where it left off, a subscriber
        comes back with the `sequence` of the last message that it has read.
        """
        pace = pace or Pace()
        clock = asyncio.get_running_loop().time
        is_known = since is None or self._forgotten <= since <= self._last
        number = self._last if since is None or not is_known else since
        ping_due = clock() + ping_s
        await pace.turn()
        yield {"type": "hello", "sequence": number, "features": {}}
        if not is_known:
            await pace.turn()
            yield {"type": "reset", "sequence": number}
        while await self._wait(number, ping_due - clock()):
            if clock() >= ping_due:
                ping_due = clock() + ping_s
                await pace.turn()
                yield {"type": "ping"}
            if number == self._last:
                continue
            # What happens while one waits for one's turn goes into the same message.
            await pace.turn()
            if number < self._forgotten:
                number = self._last
                yield {"type": "reset", "sequence": number}
                continue
            entries, last = self._after(number)
            tasks = [entry for kind, _, entry in entries if kind == "task"]
            batches = [entry for kind, _, entry in entries if kind == "batch" and entry is not None]
            removed = [name for kind, name, entry in entries if entry is None]
            has_batches = bool(batches or removed)
            if tasks:
                # Who comes back after this one is to be told the batches again.
                at = number if has_batches else last
                yield {"type": "tasks", "sequence": at, "tasks": tasks}
            if tasks and has_batches:
                await pace.turn()
            if has_batches:
                yield {
                    "type": "batches",
                    "sequence": last,
                    "batches": batches,
                    "removed": removed,
                }
            number = last

    def close(self) -> None:
        """End all subscriptions."""
        self._is_closed = True
        self._tell()

    def _remember(self, key: tuple[str, str], entry: dict[str, Any] | None) -> None:
        self._last += 1
        self._changes[key] = (self._last, entry)
        self._changes.move_to_end(key)
        if len(self._changes) > self._max_remembered:
            _, (self._forgotten, _) = self._changes.popitem(last=False)

    def _tell(self) -> int:
        for event in self._waiting:
            event.set()
        return self._last

    def _after(self, number: int) -> tuple[list[tuple[str, str, dict[str, Any] | None]], int]:
        """The oldest changes after `number`, and the number of the last of them."""
        found: list[tuple[int, tuple[str, str, dict[str, Any] | None]]] = []
        # From the newest back: who keeps up costs no more than there is to tell.
        for (kind, name), (at, entry) in reversed(self._changes.items()):
            if at <= number:
                break
            found.append((at, (kind, name, entry)))
        page = found[-MAX_ENTRIES:][::-1]
        return [change for _, change in page], page[-1][0] if page else self._last

    async def _wait(self, number: int, timeout_s: float) -> bool:
        """Wait for a change after `number`, or so long; False when the hub is closed."""
        if self._last == number and not self._is_closed:
            event = asyncio.Event()
            self._waiting.add(event)
            try:
                await asyncio.wait_for(event.wait(), max(timeout_s, 0))
            except asyncio.TimeoutError:
                pass
            finally:
                self._waiting.discard(event)
        return not self._is_closed
