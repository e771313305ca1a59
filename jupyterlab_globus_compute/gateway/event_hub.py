"""What browsers are told of as it happens: the latest of each task and batch."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyterlab_globus_compute.timeouts import timeout

from .pace import Pace

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

MAX_ENTRIES = 1000
"""The largest number of tasks, or of batches, in one message."""

PING_S = 20.0

_MAX_REMEMBERED = 50_000
"""How many tasks' and batches' changes are remembered: about 20 MB."""


@dataclass(frozen=True)
class TaskEvent:
    """A task has a new state, in Globus's words; `batch` is the id of its batch, if it has one."""

    id: str
    status: str
    batch: str | None = None


class _Change(NamedTuple):
    """`ordinal` counts the changes here, `sequence` is the vault's number of it."""

    ordinal: int
    sequence: int
    kind: str
    id: str
    entry: Mapping[str, Any] | None
    """None: it is gone."""


class EventHub:
    """Remembers the latest change of everything, numbered, and lets subscribers follow.

    The numbers (`sequence`) are the vault's; they rise from change to change
    and from one server to the next, and several changes may share one. Each
    subscriber has nothing but a place of its own, so a slow one costs no
    memory: it is told the latest of what it missed, or, when that has been
    forgotten, to read everything again (`reset`). Everything here is called
    from the event loop's thread.
    """

    def __init__(self, sequence: int = 0, *, max_remembered: int = _MAX_REMEMBERED) -> None:
        """Begin after the number `sequence`."""
        self._sequence = self._forgotten_sequence = sequence
        self._ordinal = self._forgotten_ordinal = 0
        self._max_remembered = max_remembered
        self._changes: OrderedDict[tuple[str, str], _Change] = OrderedDict()
        self._waiting: set[asyncio.Event] = set()
        self._is_closed = False

    @property
    def sequence(self) -> int:
        """The number of the latest change."""
        return self._sequence

    @property
    def subscriber_count(self) -> int:
        """How many wait to be told something."""
        return len(self._waiting)

    def begin(self, sequence: int) -> None:
        """Say where the numbers are, once known; what came before is not remembered."""
        self._sequence = self._forgotten_sequence = sequence

    def publish(
        self,
        sequence: int,
        *,
        tasks: Iterable[TaskEvent] = (),
        batches: Iterable[Mapping[str, Any]] = (),
        removed: Iterable[str] = (),
    ) -> None:
        """Tell of what has changed up to the number `sequence`.

        `batches` are `BatchSummary` objects, `removed` ids of batches that are
        gone.
        """
        self._sequence = max(self._sequence, sequence)
        for event in tasks:
            entry = {"id": event.id, "status": event.status, "batch": event.batch}
            self._remember("task", event.id, entry)
        for summary in batches:
            self._remember("batch", str(summary["id"]), summary)
        for batch_id in removed:
            self._remember("batch", batch_id, None)
        self._wake()

    def publish_account(self, service: str) -> None:
        """Tell that the account of a service has changed."""
        self._remember("account", service, {})
        self._wake()

    async def messages(
        self, since: int | None, *, pace: Pace | None = None, ping_s: float = PING_S
    ) -> AsyncGenerator[dict[str, Any], None]:
        """What to tell one subscriber who has read up to `since`, until the hub is closed.

        The first message is `hello`. To go on where it left off, a subscriber
        comes back with the `sequence` of the last message that it has read; it
        may then be told some things twice.
        """
        pace = pace or Pace()
        clock = asyncio.get_running_loop().time
        is_known = since is None or self._forgotten_sequence <= since <= self._sequence
        at = self._sequence if since is None or not is_known else since
        place = self._place_of(at)
        ping_due = clock() + ping_s
        await pace.turn()
        yield {"type": "hello", "sequence": at, "features": {}}
        if not is_known:
            await pace.turn()
            yield {"type": "reset", "sequence": at}
        while await self._wait(place, ping_due - clock()):
            if clock() >= ping_due:
                ping_due = clock() + ping_s
                await pace.turn()
                yield {"type": "ping"}
            if place == self._ordinal:
                continue
            # What happens while one waits for one's turn goes into the same message.
            await pace.turn()
            if place < self._forgotten_ordinal:
                place, at = self._ordinal, self._sequence
                yield {"type": "reset", "sequence": at}
                continue
            page = self._after(place)
            before, at = at, self._told_up_to(page, at)
            tasks = [change.entry for change in page if change.kind == "task"]
            batches = [change for change in page if change.kind == "batch"]
            accounts = [change.id for change in page if change.kind == "account"]
            if accounts:
                # Who comes back after this one is to be told the rest again.
                rest = bool(tasks or batches)
                sequence = before if rest else at
                yield {"type": "accounts", "sequence": sequence, "services": accounts}
                if rest:
                    await pace.turn()
            if tasks:
                # Who comes back after this one is to be told the batches again.
                yield {"type": "tasks", "sequence": before if batches else at, "tasks": tasks}
            if tasks and batches:
                await pace.turn()
            if batches:
                yield {
                    "type": "batches",
                    "sequence": at,
                    "batches": [change.entry for change in batches if change.entry is not None],
                    "removed": [change.id for change in batches if change.entry is None],
                }
            place = page[-1].ordinal

    def close(self) -> None:
        """End all subscriptions."""
        self._is_closed = True
        self._wake()

    def _remember(self, kind: str, name: str, entry: Mapping[str, Any] | None) -> None:
        self._ordinal += 1
        key = (kind, name)
        self._changes[key] = _Change(self._ordinal, self._sequence, kind, name, entry)
        self._changes.move_to_end(key)
        if len(self._changes) > self._max_remembered:
            _, oldest = self._changes.popitem(last=False)
            self._forgotten_ordinal = oldest.ordinal
            self._forgotten_sequence = oldest.sequence

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()

    def _place_of(self, sequence: int) -> int:
        """The ordinal of the last change up to a number that is still remembered."""
        for change in reversed(self._changes.values()):
            if change.sequence <= sequence:
                return change.ordinal
        return self._forgotten_ordinal

    def _after(self, place: int) -> list[_Change]:
        """The oldest changes after an ordinal, oldest first."""
        found: list[_Change] = []
        # From the newest back: who keeps up costs no more than there is to tell.
        for change in reversed(self._changes.values()):
            if change.ordinal <= place:
                break
            found.append(change)
        return found[-MAX_ENTRIES:][::-1]

    def _told_up_to(self, page: list[_Change], before: int) -> int:
        """The number up to which everything has been told once this page has been."""
        last = page[-1]
        if last.ordinal == self._ordinal:
            return self._sequence
        # The next page may hold changes of the same number.
        return max(before, last.sequence - 1)

    async def _wait(self, place: int, timeout_s: float) -> bool:
        """Wait for a change after an ordinal, or so long; False when the hub is closed."""
        if self._ordinal == place and not self._is_closed:
            event = asyncio.Event()
            self._waiting.add(event)
            try:
                async with timeout(max(timeout_s, 0)):
                    await event.wait()
            except asyncio.TimeoutError:
                pass
            finally:
                self._waiting.discard(event)
        return not self._is_closed
