"""Followers of the vault."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.vault.change_signal import ChangeSignal
from jupyterlab_globus_compute.tests.vault.support import F, plan

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_LONG_S = 5.0


@pytest.mark.parametrize("steps", range(4))
async def test_a_follower_ends_when_it_is_told_as_something_changes(
    vault: Vault, steps: int
) -> None:
    waits = asyncio.Event()

    async def follow() -> None:
        with ChangeSignal.of(vault) as signal:
            await signal.wait()
            waits.set()
            while True:
                await signal.wait()

    await vault.note_plan(plan(F))
    task = asyncio.ensure_future(follow())
    await waits.wait()
    # It has asked for the file's version again, and waits for a change.
    await vault.version()
    await asyncio.sleep(0)
    vault._tell()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=_LONG_S)
    assert done == {task}
    assert task.cancelled()
