"""The watcher, over a service that the test plays."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.batches import Batches, VaultSettings
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.event_hub import EventHub
from jupyterlab_globus_compute.gateway.service_feed import FeedUnavailableError
from jupyterlab_globus_compute.gateway.transport import ServiceAnswer
from jupyterlab_globus_compute.gateway.vault.errors import vault_failed
from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
from jupyterlab_globus_compute.gateway.watcher.pace import WatchPace
from jupyterlab_globus_compute.tests.gateway.support import eventually
from jupyterlab_globus_compute.tests.vault.fake_access import FakeAccess
from jupyterlab_globus_compute.tests.vault.support import F, G, ids, new_id, plan, rows, submitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PACE = WatchPace(
    first_poll_s=0.02,
    unknown_grace_s=1000.0,
    confirm_s=0.5,
    first_backoff_s=0.01,
    longest_backoff_s=0.05,
    lease_s=0.1,
)


@pytest.fixture
def make(folder: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Any]:
    """Makes gateways' batches over one vault, and closes them in the end."""
    made: list[Batches] = []

    def one(access: FakeAccess, pace: WatchPace = PACE, hub: EventHub | None = None) -> Batches:
        settings = VaultSettings(folder, RetentionLimits(None, None), pace)
        made.append(Batches(settings, access, hub or EventHub(), logging.getLogger("watch")))
        return made[-1]

    yield one
    for batches in made:
        jp_asyncio_loop.run_until_complete(batches.close())


async def submit(batches: Batches, *functions: str, **changes: Any) -> tuple[str, list[str]]:
    """A batch of this moment: age decides how often a task is asked for."""
    made = plan(*functions, created=time.time(), **changes)
    await batches.plan(made)
    task_ids = [new_id() for _ in functions]
    await batches.vault.accept(made.batch_id, None, {F: task_ids})
    return made.batch_id, task_ids


async def until(batches: Batches, batch_id: str, **expected: object) -> dict[str, Any]:
    """Wait until a batch is as expected."""
    batch: dict[str, Any] = {}
    for _ in range(600):
        batch = await batches.batch(batch_id)
        if all(batch[name] == value for name, value in expected.items()):
            return batch
        await asyncio.sleep(0.02)
    raise AssertionError(batch)


async def test_all_that_was_pending_is_fetched_after_a_start(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    before = make(access)
    batch_id, task_ids = await submit(before, F, F, F)
    access.end(*task_ids)
    await before.close()
    after = make(access)
    after.start()
    await until(after, batch_id, state="done")
    assert access.asked == [sorted(task_ids)]


async def test_nothing_is_asked_while_nothing_is_pending(make: Callable[..., Batches]) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    batches.start()
    made = plan(F, service="unheard-of")
    await batches.plan(made)
    await batches.vault.accept(made.batch_id, None, {F: [new_id()]})
    # Proves that the watcher has been there.
    batch_id, (a,) = await submit(batches, F)
    assert access.stream is not None
    access.end(a)
    await until(batches, batch_id, state="done")
    assert access.asked == [[a]]
    assert access.asked_groups == []
    assert access.stream.followers == 1


async def test_a_service_that_tells_is_asked_when_it_has_told(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    batches.start()
    assert access.stream is not None
    batch_id, (a, b) = await submit(batches, F, F)
    access.tasks = {a: {"status": "waiting-for-nodes"}, b: {"status": "waiting-for-nodes"}}
    # The first page is a reset, for which all is looked up once.
    await eventually(lambda: access.asked == [sorted([a, b])], "the first look")
    access.stream.tell((a, "running"))
    await until(batches, batch_id, state="running")
    access.end(a)
    access.stream.tell((a, "success"))
    await eventually(lambda: access.asked == [sorted([a, b]), [a]], "the second look")
    access.end(b)
    access.stream.tell((b, "failed"))
    await until(batches, batch_id, state="done")
    assert access.asked == [sorted([a, b]), [a], [b]]


async def test_an_end_may_be_told_while_the_service_is_being_asked(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    batches.start()
    assert access.stream is not None
    access.gate.clear()
    batch_id, (a, b) = await submit(batches, F, F)
    access.tasks = {a: {"status": "running"}, b: {"status": "running"}}
    await eventually(lambda: access.asked == [sorted([a, b])], "the first look")
    # The answer that is under way says that both run.
    access.end(a)
    access.stream.tell((a, "success"), (b, "waiting-for-nodes"))
    await eventually(access.stream.pages.empty, "the news are read")
    access.gate.set()
    await eventually(lambda: access.asked[1:] == [[a]], "the second look")
    access.end(b)
    access.stream.tell((b, "success"))
    await until(batches, batch_id, state="done")


async def test_an_end_may_be_told_before_the_submit_is_answered(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    batches.start()
    assert access.stream is not None
    first, (a,) = await submit(batches, F)
    await eventually(lambda: len(access.asked) == 1, "the first look")
    made = plan(F, created=time.time())
    await batches.plan(made)
    early = new_id()
    access.end(a, early)
    access.stream.tell((early, "success"))
    access.stream.tell((a, "success"))
    # `a` is told later, so that `early` has been heard of when this is done; and as a third
    # task is pending all the while, the watch goes on.
    other, (c,) = await submit(batches, F)
    await until(batches, first, state="done")
    await batches.vault.accept(made.batch_id, None, {F: [early]})
    await until(batches, made.batch_id, state="done")
    assert (await batches.batch(other))["state"] == "waiting"
    del c


async def test_missed_events_are_made_up_for(make: Callable[..., Batches]) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    batches.start()
    assert access.stream is not None
    batch_id, (a,) = await submit(batches, F)
    await eventually(lambda: len(access.asked) == 1, "the first look")
    access.end(a)
    access.stream.tell(is_reset=True)
    await until(batches, batch_id, state="done")


async def test_without_a_stream_it_polls(make: Callable[..., Batches]) -> None:
    access = FakeAccess(has_feed=True)
    batches = make(access)
    assert access.stream is not None
    access.stream.pages.put_nowait(FeedUnavailableError("none"))
    batches.start()
    batch_id, (a,) = await submit(batches, F)
    access.tasks[a] = {"status": "running"}
    await until(batches, batch_id, state="running")
    access.end(a)
    await until(batches, batch_id, state="done")


async def test_failures_of_the_service_are_lived_through(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    access.failures.extend(
        [
            GatewayError(502, "SERVICE_UNREACHABLE", "gone"),
            ServiceAnswer(429, b"{}"),
            ServiceAnswer(200, b'{"results": 7}'),
            ServiceAnswer(503, b"{}"),
        ]
    )
    batches = make(access)
    batches.start()
    batch_id, task_ids = await submit(batches, F, F)
    access.end(*task_ids)
    await until(batches, batch_id, state="done")
    assert len(access.asked) == 5


async def test_an_answer_that_is_too_large_is_asked_for_in_parts(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess()
    before = make(access)
    batch_id, task_ids = await submit(before, *[F] * 10)
    access.end(*task_ids)
    await before.close()
    access.failures.append(GatewayError(502, "ANSWER_TOO_LARGE", "x"))
    batches = make(access)
    batches.start()
    await until(batches, batch_id, state="done")
    assert len(access.asked[0]) == 10
    assert sorted(len(page) for page in access.asked[1:])[-1] <= 50


async def test_a_task_that_the_service_does_not_know_yet_is_not_lost(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess()
    batches = make(access)
    batches.start()
    batch_id, (a, b) = await submit(batches, F, F)
    access.tasks[b] = {"status": "running"}
    await eventually(lambda: access.asked, "a first look")
    await until(batches, batch_id, state="running", lost=0)
    # It knew `b`, so that one is gone for good.
    del access.tasks[b]
    batch = await until(batches, batch_id, lost=1)
    assert batch["state"] == "running"
    assert (await rows(batches.vault, batch_id, "failed"))[0]["id"] == b
    del a


async def test_what_was_given_away_is_told_as_lost_after_a_while(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(gives_once=True)
    batches = make(access, WatchPace(first_poll_s=0.02, unknown_grace_s=0.2))
    batches.start()
    batch_id, (a,) = await submit(batches, F)
    batch = await until(batches, batch_id, lost=1)
    assert batch["firstFailure"]["type"] == "ResultLost"
    assert b"ResultLost" in (await batches.answers.known("local", [a]))[a]


async def test_a_result_that_cannot_be_stored_at_once_is_not_asked_for_again(
    make: Callable[..., Batches], monkeypatch: pytest.MonkeyPatch
) -> None:
    access = FakeAccess(gives_once=True)
    batches = make(access)
    keep = batches.vault.keep_answers
    failures = [vault_failed(OSError("disk full"))] * 3

    async def keep_later(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        await keep(*arguments)

    monkeypatch.setattr(batches.vault, "keep_answers", keep_later)
    batch_id, (a,) = await submit(batches, F)
    access.end(a)
    batches.start()
    await until(batches, batch_id, state="done")
    assert access.asked == [[a]]


async def test_the_end_of_the_server_waits_for_an_answer_that_is_on_its_way(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(gives_once=True)
    batches = make(access)
    batch_id, (a,) = await submit(batches, F)
    access.end(a)
    access.gate.clear()
    batches.start()
    await eventually(lambda: access.asked, "the request")
    closing = asyncio.ensure_future(batches.close())
    await asyncio.sleep(0)
    access.gate.set()
    await closing
    again = make(access)
    assert (await again.batch(batch_id))["state"] == "done"


async def test_a_lost_answer_to_a_submit_is_made_up_for(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    batches = make(access)
    group, a, b = new_id(), new_id(), new_id()
    made = plan(F, G, task_group_id=group, created=time.time())
    await batches.plan(made)
    access.groups[group] = [{"id": a, "created_at": "t"}, {"id": b, "created_at": "t"}]
    access.end(a, b)
    # As after a kill: nobody is sending it any more.
    await batches.close()
    after = make(access)
    after.start()
    await until(after, made.batch_id, state="done")
    assert ids(await rows(after.vault, made.batch_id)) == [a, b]


async def test_a_submit_that_never_arrived_becomes_a_problem(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    before = make(access)
    made = plan(F, task_group_id=new_id(), created=time.time())
    unnamed = plan(F, created=time.time())
    await before.plan(made)
    await before.plan(unnamed)
    await before.close()
    batches = make(access)
    batches.start()
    batch = await until(batches, made.batch_id, state="problem")
    assert "never submitted" in batch["note"]
    batch = await until(batches, unnamed.batch_id, state="problem")
    assert "not known" in batch["note"]


async def test_submits_are_recorded_as_they_go(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    batches = make(access)
    observer = batches.observer
    made = plan(F)
    with pytest.raises(GatewayError) as raised:
        await observer.sending("local", made.batch_id)
    assert raised.value.status == 404
    await batches.plan(made)
    await observer.sending("local", made.batch_id)
    assert observer.is_sending(made.batch_id)
    refusal = GatewayError(422, "X", "Too large.")
    await observer.refused("local", made.batch_id, refusal)
    assert not observer.is_sending(made.batch_id)
    batch = await batches.batch(made.batch_id)
    assert (batch["state"], batch["note"]) == ("problem", "'local' refused the submit: Too large.")
    await observer.sending("local", made.batch_id)
    await observer.accepted("local", made.batch_id, new_id(), {F: [new_id()]})
    assert (await batches.batch(made.batch_id))["state"] == "waiting"
    with pytest.raises(GatewayError) as raised:
        await observer.sending("elsewhere", made.batch_id)
    assert raised.value.status == 409


async def test_browsers_are_told_of_what_is_stored(make: Callable[..., Batches]) -> None:
    access, hub = FakeAccess(), EventHub()
    batches = make(access, PACE, hub)
    batches.start()
    # Changes are told from here on.
    await eventually(lambda: hub.sequence, "the hub's number")
    messages = hub.messages(None)
    assert (await anext(messages))["type"] == "hello"
    batch_id, (a,) = await submit(batches, F)
    access.end(a)
    states: list[str] = []
    summaries: list[dict[str, Any]] = []
    while not summaries or summaries[-1]["state"] != "done":
        message = await asyncio.wait_for(anext(messages), 20)
        states += [task["status"] for task in message.get("tasks", [])]
        summaries += message.get("batches", [])
    assert states[-1] == "success"
    assert summaries[-1] == await batches.batch(batch_id)
    await messages.aclose()


async def test_following_tasks_from_elsewhere(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    batches = make(access)
    batches.start()
    a, b, unknown, group = new_id(), new_id(), new_id(), new_id()
    access.end(a, b)
    access.groups[group] = [{"id": a, "created_at": "t"}, {"id": b, "created_at": "t"}]

    async def follow(*task_ids: str, of: str | None = None, take_over: bool = False) -> Any:
        return await batches.follow(
            "local", task_ids=task_ids, task_group_id=of, take_over=take_over, title=""
        )

    batch = await follow(a, unknown)
    assert (batch["origin"], batch["counts"]["total"]) == ("elsewhere", 1)
    await until(batches, batch["id"], state="done")
    # Known already: the same batch, also after it was forgotten.
    await batches.forget(batch["id"])
    assert (await follow(a))["id"] == batch["id"]
    whole = await follow(of=group)
    assert whole["id"] != batch["id"]
    assert ids(await rows(batches.vault, whole["id"])) == [b]
    for nothing in (follow(unknown), follow(of=new_id())):
        with pytest.raises(GatewayError) as raised:
            await nothing
        assert raised.value.code == "TASKS_NOT_FOUND"


async def test_taking_over_is_asked_for_where_results_are_given_once(
    make: Callable[..., Batches],
) -> None:
    access = FakeAccess(gives_once=True)
    batches = make(access)
    a = new_id()
    access.end(a)
    options: Any = {"task_ids": (a,), "task_group_id": None, "title": "mine"}
    with pytest.raises(GatewayError) as raised:
        await batches.follow("local", take_over=False, **options)
    assert (raised.value.status, raised.value.code) == (409, "TAKE_OVER_NEEDED")
    assert access.asked == []
    batch = await batches.follow("local", take_over=True, **options)
    assert batch["title"] == "mine"
    # What is pending there is told of from the vault, so that nobody takes a result by asking.
    assert b"received" in (await batches.answers.known("local", [a]))[a]
    batches.start()
    await until(batches, batch["id"], state="done")
    assert access.asked == [[a]]


async def test_answers_that_pass_through_are_kept(make: Callable[..., Batches]) -> None:
    access = FakeAccess()
    batches = make(access)
    batch_id, (a, b) = await submitted(batches.vault, F, F)
    stranger = new_id()
    text = b'{"status": "success", "result": "x"}'
    answer = b'{"results": {"%s": %s, "%s": %s}}' % (a.encode(), text, stranger.encode(), text)
    assert await batches.answers.keep_batch_status("local", answer) == {a: text, stranger: text}
    await batches.answers.keep_task("local", b, text)
    known = await batches.answers.known("local", [a, b, stranger])
    assert known == {a: text, b: text}
    assert (await batches.batch(batch_id))["state"] == "done"
    with pytest.raises(ValueError, match="batch_status"):
        await batches.answers.keep_batch_status("local", b"{}")
