"""Batches from plan to end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.vault.answers import read_answer
from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
from jupyterlab_globus_compute.tests.vault.support import (
    F,
    G,
    done,
    failed,
    ids,
    new_id,
    plan,
    rows,
    submitted,
)

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.vault.vault import Vault
    from jupyterlab_globus_compute.tests.vault.support import Clock


async def states(vault: Vault, batch_id: str) -> tuple[str, dict[str, int]]:
    """State and counts of a batch."""
    batch = await vault.batch(batch_id)
    return batch["state"], {name: n for name, n in batch["counts"].items() if n}


async def test_a_batch_goes_from_plan_to_done(vault: Vault) -> None:
    made = plan(F, G, F)
    await vault.note_plan(made)
    assert await states(vault, made.batch_id) == ("sending", {"total": 3, "waiting": 3})
    a, b, c = new_id(), new_id(), new_id()
    await vault.accept(made.batch_id, "group", {F: [a, c], G: [b]})
    assert ids(await rows(vault, made.batch_id)) == [a, b, c]
    assert await states(vault, made.batch_id) == ("waiting", {"total": 3, "waiting": 3})
    await vault.note_states("local", [(a, "running")])
    assert await states(vault, made.batch_id) == (
        "running",
        {"total": 3, "waiting": 2, "running": 1},
    )
    details = {"python_version": "3.12.1", "task_transitions": {"execution-start": 6.5}}
    await vault.keep_answers("local", [done(a, details=details), done(b), done(c)])
    batch = await vault.batch(made.batch_id)
    assert (batch["state"], batch["ended"], batch["pythonVersion"]) == ("done", 7.5, "3.12.1")
    assert batch["taskGroupId"] == "group"
    assert sorted(batch["functionIds"]) == sorted([F, G])
    (first, *_) = await rows(vault, made.batch_id)
    assert (first["started"], first["ended"], first["state"]) == (6.5, 7.5, "success")


async def test_a_failure_is_told_and_the_first_one_named(vault: Vault) -> None:
    batch_id, (a, b) = await submitted(vault, F, F)
    await vault.keep_answers("local", [failed(b, "KeyError: 'b'"), failed(a)])
    batch = await vault.batch(batch_id)
    assert batch["state"] == "failed"
    assert batch["firstFailure"] == {"type": "ValueError", "message": "bad 7"}
    assert ids(await rows(vault, batch_id, "failed")) == [a, b]


async def test_a_lost_task_is_told_as_such_and_may_be_found(vault: Vault) -> None:
    batch_id, (a,) = await submitted(vault, F)
    await vault.keep_answers("local", [read_answer(a, b'{"status": "unknown"}')])
    batch = await vault.batch(batch_id)
    assert (batch["state"], batch["lost"], batch["counts"]["failed"]) == ("failed", 1, 1)
    (row,) = await rows(vault, batch_id, "failed")
    assert (row["state"], row["lost"], row["failure"]["type"]) == ("failed", True, "ResultLost")
    assert await vault.known_answers("local", [a]) == {}
    await vault.keep_answers("local", [read_answer(a, b'{"status": "running"}')])
    assert (await vault.batch(batch_id))["lost"] == 1
    await vault.keep_answers("local", [done(a)])
    assert await states(vault, batch_id) == ("done", {"total": 1, "done": 1})


async def test_the_first_result_of_a_task_stays_byte_for_byte(vault: Vault) -> None:
    batch_id, (a,) = await submitted(vault, F)
    text = b'{ "status":"success",\n "result":"\\u00e9", "completion_t" :"1"}'
    await vault.keep_answers("local", [read_answer(a, text)])
    await vault.keep_answers("local", [failed(a)])
    assert await vault.known_answers("local", [a, new_id()]) == {a: text}
    assert (await vault.batch(batch_id))["state"] == "done"


async def test_another_service_cannot_say_what_became_of_a_task(vault: Vault) -> None:
    batch_id, (a,) = await submitted(vault, F)
    await vault.keep_answers("other", [done(a)])
    await vault.note_states("other", [(a, "running")])
    assert (await vault.batch(batch_id))["state"] == "waiting"
    await vault.keep_answers("local", [done(a)])
    assert await vault.known_answers("other", [a]) == {}


async def test_planning_and_accepting_twice_changes_nothing(vault: Vault) -> None:
    made = plan(F, F)
    a, b = new_id(), new_id()
    for _ in range(2):
        await vault.note_plan(made)
    for _ in range(2):
        await vault.accept(made.batch_id, None, {F: [a, b]})
    await vault.note_plan(made)
    assert ids(await rows(vault, made.batch_id)) == [a, b]
    assert await states(vault, made.batch_id) == ("waiting", {"total": 2, "waiting": 2})


async def test_later_submits_are_appended(vault: Vault) -> None:
    batch_id, (a,) = await submitted(vault, F)
    more = plan(F, F, first=1, batch_id=batch_id)
    await vault.note_plan(more)
    b, c = new_id(), new_id()
    await vault.accept(batch_id, None, {F: [b, c]})
    assert ids(await rows(vault, batch_id)) == [a, b, c]


async def test_a_failed_call_may_be_tried_again(vault: Vault) -> None:
    made = plan(F, F)
    await vault.note_plan(made)
    a, b, again = new_id(), new_id(), new_id()
    await vault.accept(made.batch_id, None, {F: [a, b]})
    await vault.keep_answers("local", [done(a), failed(b)])
    assert await vault.land(made.batch_id, "me", "landed")
    await vault.note_plan(replace(made, calls=made.calls[1:]))
    await vault.accept(made.batch_id, None, {F: [again]})
    batch = await vault.batch(made.batch_id)
    assert (batch["state"], batch["ended"], batch["landed"]) == ("running", None, False)
    assert ids(await rows(vault, made.batch_id)) == [a, again]
    # The answer about the first attempt is still there.
    assert set(await vault.known_answers("local", [b])) == {b}
    await vault.keep_answers("local", [done(again)])
    assert (await vault.batch(made.batch_id))["state"] == "done"


async def test_ids_that_were_not_planned_are_kept_too(vault: Vault) -> None:
    made = plan(F)
    await vault.note_plan(made)
    a, b, c = new_id(), new_id(), new_id()
    await vault.accept(made.batch_id, None, {F: [a, b], G: [c]})
    assert ids(await rows(vault, made.batch_id)) == [a, b, c]
    assert sorted((await vault.batch(made.batch_id))["functionIds"]) == sorted([F, G])


async def test_a_lost_answer_is_made_up_for_by_the_task_group(vault: Vault) -> None:
    made = plan(F, G, F)
    await vault.note_plan(made)
    await vault.note_plan(plan(G, G, first=3, batch_id=made.batch_id))
    a, b, c, d, e = (new_id() for _ in range(5))
    # The second submit was heard of, the first was not; the service orders by function.
    await vault.accept(made.batch_id, None, {})
    found = [(a, "t1"), (b, "t1"), (c, "t1"), (d, "t2"), (e, "t2")]
    assert await vault.adopt(made.batch_id, found) == 5
    assert ids(await rows(vault, made.batch_id)) == [a, c, b, d, e]
    assert await vault.adopt(made.batch_id, found) == 0
    assert await vault.unconfirmed_plans() == []


async def test_what_was_never_submitted_is_a_problem_until_it_is(
    vault: Vault, clock: Clock
) -> None:
    made = plan(F)
    await vault.note_plan(made)
    (unconfirmed,) = await vault.unconfirmed_plans()
    assert unconfirmed.batch_id == made.batch_id
    await vault.give_up(made.batch_id, "never confirmed")
    batch = await vault.batch(made.batch_id)
    assert (batch["state"], batch["note"], batch["ended"]) == (
        "problem",
        "never confirmed",
        clock.now,
    )
    assert await vault.unconfirmed_plans() == []
    await vault.accept(made.batch_id, None, {F: [new_id()]})
    batch = await vault.batch(made.batch_id)
    assert (batch["state"], batch["note"], batch["ended"]) == ("waiting", None, None)


async def test_a_batch_stays_with_its_service(vault: Vault) -> None:
    made = plan(F)
    await vault.note_plan(made)
    with pytest.raises(GatewayError) as raised:
        await vault.note_plan(replace(made, service="other"))
    assert raised.value.status == 409


async def test_forgetting_can_be_undone_for_an_hour(vault: Vault, clock: Clock) -> None:
    no_limits = RetentionLimits(None, None)
    batch_id, (a,) = await submitted(vault, F)
    await vault.forget(batch_id)
    for ask in (vault.batch(batch_id), vault.forget(batch_id), rows(vault, batch_id)):
        with pytest.raises(GatewayError) as raised:
            await ask
        assert raised.value.status == 404
    # Its results still come.
    await vault.keep_answers("local", [done(a)])
    clock.now += 3599
    await vault.tidy(no_limits)
    await vault.restore(batch_id)
    assert (await vault.batch(batch_id))["state"] == "done"
    await vault.forget(batch_id)
    clock.now += 3601
    await vault.tidy(no_limits)
    with pytest.raises(GatewayError):
        await vault.restore(batch_id)
    assert await vault.known_answers("local", [a]) == {}


async def test_old_batches_go_and_unfinished_ones_stay(vault: Vault, clock: Clock) -> None:
    pending, _ = await submitted(vault, F)
    old, (a,) = await submitted(vault, F)
    await vault.keep_answers("local", [done(a, completion_t=str(clock.now))])
    clock.now += 1000
    new, (b,) = await submitted(vault, F)
    await vault.keep_answers("local", [done(b, completion_t=str(clock.now))])
    await vault.tidy(RetentionLimits(500, None))
    kept = await vault.batches(notebook=None, before=None, limit=10)
    assert {batch["id"] for batch in kept} == {pending, new}
    assert old not in {batch["id"] for batch in kept}


async def test_the_oldest_go_when_room_runs_out(vault: Vault, clock: Clock) -> None:
    made = []
    for number in range(6):
        batch_id, (a,) = await submitted(vault, F)
        await vault.keep_answers("local", [done(a, "x" * 500_000, completion_t=str(number + 1))])
        made.append(batch_id)
    await vault.tidy(RetentionLimits(None, 1_700_000))
    kept = await vault.batches(notebook=None, before=None, limit=10)
    assert {batch["id"] for batch in kept} == set(made[3:])


async def test_one_browser_lands_the_results(vault: Vault, clock: Clock) -> None:
    batch_id, _ = await submitted(vault, F)
    assert await vault.land(batch_id, "one", "claim")
    assert not await vault.land(batch_id, "two", "claim")
    assert not await vault.land(batch_id, "two", "landed")
    assert not await vault.land(batch_id, "two", "release")
    clock.now += 29
    assert await vault.land(batch_id, "one", "claim")
    clock.now += 31
    assert await vault.land(batch_id, "two", "claim")
    assert not await vault.land(batch_id, "one", "landed")
    assert await vault.land(batch_id, "two", "landed")
    assert (await vault.batch(batch_id))["landed"]
    assert not await vault.land(batch_id, "one", "claim")
    assert await vault.land(batch_id, "one", "background")
    assert await vault.land(batch_id, "one", "claim")


async def test_a_plan_claims_the_landing(vault: Vault) -> None:
    made = plan(F, client="one")
    await vault.note_plan(made)
    assert not await vault.land(made.batch_id, "two", "claim")
    await vault.note_plan(replace(made, client="two"))
    assert await vault.land(made.batch_id, "one", "landed")


async def test_lists_are_newest_first_and_by_notebook(vault: Vault) -> None:
    made = [plan(F, created=float(at), notebook_path=f"{at % 2}.ipynb") for at in range(1, 7)]
    for one in made:
        await vault.note_plan(one)
    ordered = [one.batch_id for one in made[::-1]]

    async def listed(**which: object) -> list[str]:
        options = {"notebook": None, "before": None, "limit": 1000, **which}
        return [batch["id"] for batch in await vault.batches(**options)]  # type: ignore[arg-type]

    assert await listed() == ordered
    assert await listed(limit=2) == ordered[:2]
    assert await listed(before=5.0) == ordered[2:]
    assert await listed(notebook="1.ipynb") == ordered[1::2]


async def test_pages_of_tasks(vault: Vault) -> None:
    batch_id, task_ids = await submitted(vault, *[F] * 25)
    page = await vault.tasks(batch_id, offset=10, limit=5, state=None)
    assert (page["total"], ids(page["tasks"])) == (25, task_ids[10:15])
    await vault.keep_answers("local", [done(task_ids[3]), done(task_ids[20])])
    page = await vault.tasks(batch_id, offset=1, limit=5, state="success")
    assert (page["total"], ids(page["tasks"])) == (2, [task_ids[20]])


async def test_changes_are_told_from_a_number_on(vault: Vault) -> None:
    start = await vault.sequence()
    batch_id, (a,) = await submitted(vault, F)
    first = await vault.changes(start)
    assert first.tasks == [(a, "received", batch_id)]
    assert [batch["id"] for batch in first.batches] == [batch_id]
    assert first.removed == []
    await vault.keep_answers("local", [done(a)])
    await vault.forget(batch_id)
    second = await vault.changes(first.sequence)
    assert second.sequence > first.sequence > start
    assert second.tasks == [(a, "success", batch_id)]
    assert (second.batches, second.removed) == ([], [batch_id])
