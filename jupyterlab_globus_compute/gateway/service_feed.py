"""What happens to the tasks of a service, as the service tells of it."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .errors import GatewayError
from .event_stream import StreamRefusedError, read_events
from .transport import AnswerInvalidError, TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from logging import Logger

    from .connection import Connection
    from .event_stream import ServerSentEvent
    from .profiles import ServiceProfile

EVENTS_PATH = "v3/events"
"""The local service's extension of the Compute API (docs/local-service.md)."""

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 30.0
_NOT_THERE = frozenset({404, 405, 501})


class FeedUnavailableError(Exception):
    """The service has no stream of events: ask for the tasks' states instead."""


@dataclass(frozen=True)
class TaskChange:
    """A task has a new state, in Globus's words; `timestamp` in seconds since the epoch."""

    task_id: str
    status: str
    timestamp: float


@dataclass(frozen=True)
class FeedPage:
    """Changes since the page before, the latest of each task.

    `number` is where to go on from next time. `is_reset` says that changes
    before `number` may have been missed: look up every task that matters.
    """

    number: int
    changes: tuple[TaskChange, ...]
    is_reset: bool


class ServiceFeed(Protocol):
    """Follows the state changes of one service's tasks."""

    def follow(self, since: int | None) -> AsyncGenerator[FeedPage, None]:
        """Pages of what happened after the number `since`, without an end.

        The first page of each connection may hold no changes: it says that
        the service is followed from that number on. With `since` None it is a
        reset. Connections that break are made anew, after growing pauses.
        Following a service starts it. Close the generator to stop. Raises
        `FeedUnavailableError` when the service has no such stream.
        """


class SseFeed:
    """The feed of a service that has `GET /v3/events`."""

    def __init__(
        self,
        profile: ServiceProfile,
        log: Logger,
        *,
        first_delay_s: float = _FIRST_DELAY_S,
        longest_delay_s: float = _LONGEST_DELAY_S,
    ) -> None:
        self._profile = profile
        self._log = log
        self._first_delay_s = first_delay_s
        self._longest_delay_s = longest_delay_s

    async def follow(self, since: int | None) -> AsyncGenerator[FeedPage, None]:
        """See `ServiceFeed.follow`."""
        number, delay_s = since, self._first_delay_s
        lost: Connection | None = None
        while True:
            try:
                lost = await self._profile.connect(lost)
                last_id = None if number is None else str(number)
                async with aclosing(read_events(lost, EVENTS_PATH, last_id)) as events:
                    async for event in events:
                        page = _page(event, is_first=number is None)
                        number, delay_s = page.number, self._first_delay_s
                        yield page
            except StreamRefusedError as error:
                if error.status in _NOT_THERE:
                    raise FeedUnavailableError(str(error)) from None
                self._note(error)
            except (GatewayError, TransportError) as error:
                self._note(error)
            await asyncio.sleep(delay_s)
            delay_s = min(2 * delay_s, self._longest_delay_s)

    def _note(self, error: Exception) -> None:
        self._log.info("The events of compute service '%s': %s", self._profile.name, error)


def _page(event: ServerSentEvent, *, is_first: bool) -> FeedPage:
    try:
        number = int(event.id)
        tasks = json.loads(event.data)["tasks"] if event.data else []
        changes = tuple(
            TaskChange(str(task["task_id"]), str(task["status"]), float(task["timestamp"]))
            for task in tasks
        )
    except (ValueError, LookupError, TypeError):
        # The cause may quote what the service said.
        raise AnswerInvalidError("an event that is none of tasks") from None
    return FeedPage(number, changes, is_reset=is_first or event.event == "reset")
