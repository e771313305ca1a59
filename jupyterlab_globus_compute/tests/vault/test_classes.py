"""The classes that the vault remembers as accepted, and the tasks that it counts for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.class_file import ClassFile, read_class_file
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.tests.vault.support import F, G, failed, new_id, plan, submitted

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.gateway.vault.vault import Vault
    from jupyterlab_globus_compute.tests.vault.support import Clock

CLASS = "7d3c3b52-7c1a-4f4b-9a55-5f0d8f6f2f10"


def class_file(limit: int | None = None, **changes: Any) -> ClassFile:
    """A class file with a limit of tasks."""
    limits = {} if limit is None else {"limits": {"tasks": limit}}
    fields = {"version": 1, "id": CLASS, "title": "A", "service": "local", **limits, **changes}
    return read_class_file(json.dumps(fields))


def modes(folder: Path) -> set[str]:
    """What others than the owner may do with a folder and its files."""
    return {oct(path.stat().st_mode & 0o077) for path in [folder, *folder.iterdir()]}


async def test_remembers_what_was_accepted_by_its_text(vault: Vault, clock: Clock) -> None:
    file, other = class_file(3), class_file(4)
    assert await vault.class_use(file.hash, CLASS) == (None, False, 0)
    await vault.accept_class(file)
    await vault.accept_class(file)
    assert await vault.class_use(file.hash, CLASS) == (clock.now, True, 0)
    assert await vault.class_use(other.hash, CLASS) == (None, True, 0)
    await vault.withdraw_class(file.hash)
    assert await vault.class_use(file.hash, CLASS) == (None, False, 0)


async def test_is_for_its_owner_alone(vault: Vault, folder: Path) -> None:
    await vault.accept_class(class_file())
    assert modes(folder) == {"0o0"}


async def test_counts_tasks_over_batches_and_texts(vault: Vault) -> None:
    file, tighter = class_file(5), class_file(4)
    await vault.accept_class(file)
    batch, tasks = await submitted(vault, F, F, class_hash=file.hash)
    assert (await vault.class_use(file.hash, CLASS)).tasks == 2
    # Neither forgetting the batch nor another text of the class starts anew.
    await vault.keep_answers("local", [failed(task) for task in tasks])
    await vault.forget(batch)
    await vault.accept_class(tighter)
    await submitted(vault, G, class_hash=tighter.hash)
    assert (await vault.class_use(tighter.hash, CLASS)).tasks == 3
    with pytest.raises(GatewayError, match=r"4 tasks.*3 were submitted before.*has 2") as spent:
        await vault.note_plan(plan(F, F, class_hash=tighter.hash))
    assert spent.value.code == "CLASS_TASKS_SPENT"
    # Nothing of the refused batch is kept, and what still fits goes.
    assert len(await vault.batches(notebook=None, before=None, limit=10)) == 1
    await submitted(vault, F, class_hash=tighter.hash)


async def test_two_cells_do_not_share_the_last_task(vault: Vault) -> None:
    file = class_file(2)
    await vault.accept_class(file)
    first = plan(F, F, class_hash=file.hash)
    await vault.note_plan(first)
    # Announced once more, as after a lost answer.
    await vault.note_plan(first)
    with pytest.raises(GatewayError, match="2 were submitted before"):
        await vault.note_plan(plan(F, class_hash=file.hash))
    await vault.give_up(first.batch_id, "refused")
    await vault.note_plan(plan(F, class_hash=file.hash))


async def test_a_failed_task_that_runs_again_counts_again(vault: Vault) -> None:
    file = class_file(2)
    await vault.accept_class(file)
    batch, (task,) = await submitted(vault, F, class_hash=file.hash)
    await vault.keep_answers("local", [failed(task)])
    again = plan(F, class_hash=file.hash, batch_id=batch)
    await vault.note_plan(again)
    await vault.accept(batch, None, {F: [new_id()]})
    assert (await vault.class_use(file.hash, CLASS)).tasks == 2
    with pytest.raises(GatewayError):
        await vault.note_plan(plan(F, class_hash=file.hash))


async def test_knows_the_class_of_a_batch(vault: Vault) -> None:
    file = class_file(9)
    await vault.accept_class(file)
    batch, _ = await submitted(vault, F, class_hash=file.hash)
    plain, _ = await submitted(vault, F)
    assert await vault.class_of_batch(batch) == file
    assert await vault.class_of_batch(plain) is None
    assert await vault.class_of_batch(new_id()) is None
    await vault.withdraw_class(file.hash)
    with pytest.raises(GatewayError, match="not accepted here any more"):
        await vault.class_of_batch(batch)


async def test_takes_no_plan_for_a_class_that_was_not_accepted(vault: Vault) -> None:
    with pytest.raises(GatewayError) as refused:
        await vault.note_plan(plan(F, class_hash="0" * 64))
    assert refused.value.code == "CLASS_NOT_ACCEPTED"
