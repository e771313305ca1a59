"""What subscribers are told, how often, and what of when they come back."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.event_hub import EventHub, TaskEvent
from jupyterlab_globus_compute.gateway.pace import Pace
from jupyterlab_globus_compute.tests.gateway.timers import ManualTimers, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


def tasks(*ids: str, status: str = "running") -> list[TaskEvent]:
    """Events of these tasks."""
    return [TaskEvent(task_id, status, "b") for task_id in ids]


def quick() -> Pace:
    """A pace that never waits."""
    return Pace(burst=1_000_000, per_second=1_000_000)


class Subscriber:
    """Follows a hub."""

    def __init__(self, hub: EventHub, since: int | None = None, pace: Pace | None = None) -> None:
        self.messages = hub.messages(since, pace=pace or quick())

    async def next(self) -> dict[str, Any]:
        """The next message, which must come."""
        return await asyncio.wait_for(anext(self.messages), 10.0)

    async def close(self) -> None:
        """Leave."""
        await self.messages.aclose()


async def collect(messages: AsyncGenerator[dict[str, Any], None]) -> list[dict[str, Any]]:
    """All messages until the hub is closed."""
    async with aclosing(messages):
        return [message async for message in messages]


async def test_a_subscriber_is_told_what_happens_from_now_on() -> None:
    hub = EventHub(4)
    hub.publish(7, tasks=tasks("before"))
    subscriber = Subscriber(hub)
    assert await subscriber.next() == {"type": "hello", "sequence": 7, "features": {}}
    hub.publish(9, tasks=tasks("a", "b"))
    assert await subscriber.next() == {
        "type": "tasks",
        "sequence": 9,
        "tasks": [
            {"id": "a", "status": "running", "batch": "b"},
            {"id": "b", "status": "running", "batch": "b"},
        ],
    }
    hub.publish(10, batches=[{"id": "b1", "title": "ä"}], removed=["b2"])
    assert await subscriber.next() == {
        "type": "batches",
        "sequence": 10,
        "batches": [{"id": "b1", "title": "ä"}],
        "removed": ["b2"],
    }
    await subscriber.close()


async def test_only_the_latest_of_each_is_told() -> None:
    hub = EventHub(1)
    for number, status in enumerate(("received", "running", "success"), 2):
        hub.publish(number, tasks=tasks("a", status=status), batches=[{"id": "b1"}])
    hub.publish(5, removed=["b1"])
    subscriber = Subscriber(hub, since=1)
    assert (await subscriber.next())["type"] == "hello"
    assert (await subscriber.next())["tasks"] == [{"id": "a", "status": "success", "batch": "b"}]
    message = await subscriber.next()
    assert (message["batches"], message["removed"], message["sequence"]) == ([], ["b1"], 5)
    await subscriber.close()


async def test_who_comes_back_misses_nothing() -> None:
    hub = EventHub()
    subscriber = Subscriber(hub)
    await subscriber.next()
    hub.publish(1, tasks=tasks("a"), batches=[{"id": "b1"}])
    number = (await subscriber.next())["sequence"]
    # It lost the connection before the message on the batch.
    await subscriber.close()
    hub.publish(2, tasks=tasks("c"))
    back = Subscriber(hub, since=number)
    assert await back.next() == {"type": "hello", "sequence": number, "features": {}}
    assert "c" in {task["id"] for task in (await back.next())["tasks"]}
    message = await back.next()
    assert ([batch["id"] for batch in message["batches"]], message["sequence"]) == (["b1"], 2)
    await back.close()


async def test_who_comes_back_amid_many_changes_of_one_number_misses_none() -> None:
    hub = EventHub()
    ids = [f"t{number}" for number in range(2500)]
    hub.publish(1, tasks=tasks(*ids))
    seen: set[str] = set()
    since = 0
    subscriber = Subscriber(hub, since=since)
    for _ in range(2):
        await subscriber.next()
        message = await subscriber.next()
        seen.update(task["id"] for task in message["tasks"])
        since = message["sequence"]
        await subscriber.close()
        subscriber = Subscriber(hub, since=since)
    await subscriber.next()
    while len(seen) < len(ids):
        message = await subscriber.next()
        seen.update(task["id"] for task in message["tasks"])
    assert message["sequence"] == 1
    await subscriber.close()


@pytest.mark.parametrize("since", [-1, 4, 6])
async def test_a_number_of_another_time_is_a_reset(since: int) -> None:
    hub = EventHub()
    hub.begin(5)
    subscriber = Subscriber(hub, since=since)
    assert (await subscriber.next())["type"] == "hello"
    assert await subscriber.next() == {"type": "reset", "sequence": 5}
    await subscriber.close()


async def test_who_falls_behind_what_is_remembered_reads_again() -> None:
    hub = EventHub(max_remembered=10)
    subscriber = Subscriber(hub)
    await subscriber.next()
    for number in range(11):
        hub.publish(number, tasks=tasks(str(number)))
    assert await subscriber.next() == {"type": "reset", "sequence": 10}
    hub.publish(11, tasks=tasks("a"))
    assert [task["id"] for task in (await subscriber.next())["tasks"]] == ["a"]
    await subscriber.close()
    late = Subscriber(hub, since=0)
    assert [(await late.next())["type"] for _ in range(2)] == ["hello", "reset"]
    await late.close()


async def test_a_flood_is_told_in_few_messages_of_bounded_size() -> None:
    hub, timers = EventHub(), ManualTimers()
    pace = Pace(clock=timers.time, sleep=timers.sleep)
    sent: list[tuple[float, dict[str, Any]]] = []
    latest: dict[str, str] = {}

    async def follow() -> None:
        async for message in hub.messages(None, pace=pace):
            sent.append((timers.now, message))
            latest.update({task["id"]: task["status"] for task in message.get("tasks", [])})

    following = asyncio.ensure_future(follow())
    await asyncio.sleep(0)
    wanted = {}
    for step in range(200):
        changes = [TaskEvent(f"t{(step * 37 + n) % 4000}", f"s{step}") for n in range(100)]
        wanted.update({change.id: change.status for change in changes})
        hub.publish(step, tasks=changes, batches=[{"id": f"b{step % 7}"}])
        # Faster than a subscriber reads, whose timers stand for no time here.
        if step % 4 == 0:
            await asyncio.sleep(0)
    await until(lambda: latest == wanted)
    hub.close()
    await following

    times = [at for at, _ in sent]
    assert max(sum(start <= at < start + 1.0 for at in times) for start in times) <= 10
    assert max(len(message.get("tasks", [])) for _, message in sent) <= 1000
    assert len(sent) < 200


async def test_what_happens_now_and_then_is_told_at_once() -> None:
    timers = ManualTimers()
    pace = Pace(clock=timers.time, sleep=timers.sleep)
    for _ in range(4):
        await pace.turn()
    assert timers.now == 0.0
    await pace.turn()
    assert timers.now > 0.0


async def test_pings_when_nothing_happens() -> None:
    hub = EventHub()
    messages = hub.messages(None, ping_s=0.0)
    assert (await anext(messages))["type"] == "hello"
    assert await anext(messages) == {"type": "ping"}
    await messages.aclose()


async def test_closing_ends_every_subscription() -> None:
    hub = EventHub()
    followers = [asyncio.ensure_future(collect(hub.messages(None))) for _ in range(3)]
    await until(lambda: hub.subscriber_count == 3)
    hub.close()
    assert [len(messages) for messages in await asyncio.gather(*followers)] == [1, 1, 1]
    assert len(await collect(hub.messages(None))) == 1
