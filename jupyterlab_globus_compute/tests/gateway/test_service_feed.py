"""Following the local service's tasks, over its deaths too."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.service_feed import (
    FeedPage,
    FeedUnavailableError,
    SseFeed,
    TaskChange,
)
from jupyterlab_globus_compute.tests.gateway.supervised import LOG, Supervised
from jupyterlab_globus_compute.tests.gateway.support import UUID, eventually

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from jupyterlab_globus_compute.tests.gateway.support import StandIn

EVENTS = "GET v3/events"


def stream(*messages: str) -> dict[str, Any]:
    """An answer of the stand-in: a stream that says this and ends."""
    body = "".join(f"{message}\n\n" for message in messages)
    return {"body": body, "headers": {"Content-Type": "text/event-stream; charset=utf-8"}}


def tasks(number: int, status: str, event: str = "tasks") -> str:
    """A message of the stream."""
    entry = {"task_id": UUID, "status": status, "timestamp": 1.5}
    return f"id: {number}\nevent: {event}\ndata: {json.dumps({'tasks': [entry]})}"


async def pages(feed: SseFeed, count: int, since: int | None = None) -> list[FeedPage]:
    """The first pages of a feed."""
    async with aclosing(feed.follow(since)) as following:
        return [await next_page(following) for _ in range(count)]


async def next_page(following: AsyncGenerator[FeedPage, None]) -> FeedPage:
    """The next page, which must come."""
    return await asyncio.wait_for(anext(following), 30.0)


def feed_of(supervised: Supervised) -> SseFeed:
    """A feed with short pauses."""
    return SseFeed(supervised.profile(), LOG, first_delay_s=0.01, longest_delay_s=0.05)


async def test_pages_hold_what_the_service_tells(supervised: Supervised, stand_in: StandIn) -> None:
    stand_in.plan({EVENTS: stream("id: 4", tasks(5, "running"), tasks(6, "success", "reset"))})
    first, second, third = await pages(feed_of(supervised), 3)
    assert first == FeedPage(4, (), is_reset=True)
    assert second == FeedPage(5, (TaskChange(UUID, "running", 1.5),), is_reset=False)
    assert (third.number, third.is_reset) == (6, True)


async def test_goes_on_where_it_left_off_when_the_stream_ends(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan(
        {
            EVENTS: [
                stream("id: 4", tasks(5, "running")),
                {"act": "drop"},
                {"status": 503, "body": {}},
                {"body": "{}"},
                stream("id: nonsense"),
                stream(tasks(6, "success")),
            ]
        }
    )
    found = await pages(feed_of(supervised), 2, since=4)
    found = await pages(feed_of(supervised), 1, since=found[-1].number)
    assert found == [FeedPage(6, (TaskChange(UUID, "success", 1.5),), is_reset=False)]
    sent = [dict(request["headers"]).get("last-event-id") for request in stand_in.requests()]
    assert sent[:2] == ["4", "5"]
    assert set(sent[2:]) == {"5"}


async def test_follows_a_service_over_its_death(supervised: Supervised, stand_in: StandIn) -> None:
    stand_in.plan({EVENTS: [stream(tasks(5, "running")), {"act": "hang"}]})
    async with aclosing(feed_of(supervised).follow(None)) as following:
        assert (await next_page(following)).number == 5
        waiting = asyncio.ensure_future(anext(following))
        await eventually(lambda: len(stand_in.requests()) == 2, "the second request")
        stand_in.plan({EVENTS: stream(tasks(9, "success"))})
        os.kill(stand_in.running()[0], signal.SIGKILL)
        page = await asyncio.wait_for(waiting, 30.0)
    assert (page.number, page.is_reset) == (9, False)
    assert len(stand_in.starts()) == 2


async def test_says_when_there_is_no_such_stream(supervised: Supervised, stand_in: StandIn) -> None:
    stand_in.plan({EVENTS: {"status": 404, "body": {}}})
    with pytest.raises(FeedUnavailableError):
        await pages(feed_of(supervised), 1)
