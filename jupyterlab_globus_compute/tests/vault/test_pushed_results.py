"""Results that a service sends by itself, over a queue that the test plays."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.batches import Batches, VaultSettings
from jupyterlab_globus_compute.gateway.event_hub import EventHub
from jupyterlab_globus_compute.gateway.result_push import (
    GroupChange,
    PushBrokenError,
    PushedResult,
)
from jupyterlab_globus_compute.gateway.vault.errors import vault_failed
from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
from jupyterlab_globus_compute.tests.accounts.support import until
from jupyterlab_globus_compute.tests.gateway.support import eventually
from jupyterlab_globus_compute.tests.vault.fake_access import FakeAccess, FakePush
from jupyterlab_globus_compute.tests.vault.support import F, G, new_id, plan
from jupyterlab_globus_compute.tests.vault.test_watcher import PACE, make

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["make"]


class Watched:
    """A batch of two tasks at a service that pushes."""

    def __init__(self, batches: Batches, access: FakeAccess, *, pushes: bool = True) -> None:
        self.batches = batches
        self.access = access
        self.push = FakePush()
        access.push = self.push if pushes else None
        self.ids = [new_id(), new_id()]
        self._batch = ""

    async def start(self, *, origin: str = "cell") -> None:
        """Submit, and begin to watch."""
        made = plan(F, F, created=time.time(), task_group_id=G, origin=origin)
        self._batch = made.batch_id
        await self.batches.vault.note_plan(made)
        await self.batches.vault.accept(made.batch_id, G, {F: self.ids})
        for id_ in self.ids:
            self.access.tasks[id_] = {"status": "running"}
        self.batches.start()

    async def listens(self) -> None:
        """Wait until the queue is listened to."""
        await eventually(lambda: f"listen {G}" in self.push.calls, "listening")

    def result(self, number: int) -> PushedResult:
        """What the queue gives of a task."""
        fields = {"task_id": self.ids[number], "status": "success", "result": "x"}
        return PushedResult(self.ids[number], G, json.dumps(fields).encode(), number)

    async def is_done(self) -> bool:
        """Whether both results are in the vault."""
        return bool((await self.batches.batch(self._batch))["state"] == "done")


@pytest.fixture
def watched(make: Any) -> Watched:
    """A service that pushes, and may be asked as often as one likes."""
    access = FakeAccess()
    return Watched(make(access), access)


@pytest.fixture
def control(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Watched]:
    """The same with a vault of its own, and a service that does not push."""
    access = FakeAccess()
    settings = VaultSettings(tmp_path / "control", RetentionLimits(None, None), PACE)
    batches = Batches(settings, access, EventHub(), logging.getLogger("control"))
    yield Watched(batches, access, pushes=False)
    jp_asyncio_loop.run_until_complete(batches.close())


async def test_a_result_is_acknowledged_once_it_is_stored(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = watched.batches.vault
    stored: list[str] = []
    keep = vault.keep_answers
    failures = [vault_failed(OSError("disk full"))]

    async def keep_late(service: str, answers: Any) -> None:
        if any(answer.state == "success" for answer in answers):
            assert "acknowledge 0" not in watched.push.calls
            if failures:
                raise failures.pop()
            stored.extend(answer.task_id for answer in answers)
        await keep(service, answers)

    await watched.start()
    await watched.listens()
    monkeypatch.setattr(vault, "keep_answers", keep_late)
    watched.push.news.put_nowait(watched.result(0))
    await eventually(lambda: "acknowledge 0" in watched.push.calls, "the acknowledgement")
    assert watched.ids[0] in stored
    assert failures == []
    monkeypatch.undo()
    watched.push.news.put_nowait(watched.result(1))
    await until(watched.is_done, "the end")
    await eventually(lambda: f"leave {G}" in watched.push.calls, "the end of listening")


async def test_a_group_without_a_queue_is_asked_for(watched: Watched) -> None:
    await watched.start()
    await watched.listens()
    watched.push.news.put_nowait(GroupChange(G, is_listened_to=False))
    watched.access.end(*watched.ids)
    await until(watched.is_done, "the end")


async def test_while_results_are_pushed_tasks_are_asked_for_seldom(
    watched: Watched, control: Watched
) -> None:
    await watched.start()
    await watched.listens()
    watched.push.news.put_nowait(GroupChange(G, is_listened_to=True))
    await eventually(watched.push.news.empty, "the news")
    asked = len(watched.access.asked)
    await control.start()
    await eventually(lambda: len(control.access.asked) > 5, "many looks at the other service")
    # One was due before it was known that results are pushed.
    assert len(watched.access.asked) <= asked + 1

    watched.push.news.put_nowait(PushBrokenError("broken"))
    watched.access.end(*watched.ids)
    await until(watched.is_done, "the end")
    assert "close" in watched.push.calls


async def test_tasks_submitted_elsewhere_keep_their_queue(watched: Watched) -> None:
    await watched.start(origin="elsewhere")
    watched.access.end(*watched.ids)
    await until(watched.is_done, "the end")
    assert watched.access.opened_pushes == 1
    assert f"listen {G}" not in watched.push.calls
