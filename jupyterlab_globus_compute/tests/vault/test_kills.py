"""Kill -9 of the gateway at any moment: no result is lost, or it is told which."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from jupyterlab_globus_compute.gateway.vault.answers import split_batch_status
from jupyterlab_globus_compute.gateway.vault.database import FILE_NAME
from jupyterlab_globus_compute.tests.local.service_process import LocalService
from jupyterlab_globus_compute.tests.vault.doomed import DoomedGateway, GoneError, Sender
from jupyterlab_globus_compute.tests.vault.fake_cloud import FakeCloud, wait_until
from jupyterlab_globus_compute.tests.vault.support import new_id

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "def f(x):\n    return (x, 'x' * (x % 50))\n"
BATCHES = 20
TASKS = 250
_LONGEST_LIFE_S = 1.0
_CLOUD_TASK_S = 3.0
_DEADLINE_S = 240.0


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.long)])
def test_no_result_is_lost_to_kills(tmp_path: Path, kills: int) -> None:
    chance = random.Random(20261124 + kills)  # noqa: S311 - nothing secret
    folder = tmp_path / "vault"
    with (
        LocalService(tmp_path / "local") as local,
        FakeCloud(longest_s=_CLOUD_TASK_S, seed=chance.randrange(1000)) as cloud,
    ):
        gateway = DoomedGateway(folder, local.data_dir, cloud.url)
        try:
            senders = [
                Sender(
                    gateway,
                    "local",
                    local.endpoint_id,
                    local.register(SOURCE),
                    [local.payload(number) for number in range(TASKS)],
                    chooses_group=True,
                )
                for _ in range(BATCHES)
            ]
            senders += [
                Sender(gateway, "fake", new_id(), new_id(), ["x"] * TASKS, chooses_group=False)
                for _ in range(BATCHES)
            ]
            chance.shuffle(senders)
            run_and_kill(gateway, senders, chance, kills)
            wait_until(lambda: has_settled(gateway), "all batches have ended", _DEADLINE_S)
            check_local(folder, local, senders)
            check_cloud(folder, cloud, kills)
        finally:
            gateway.kill()


def run_and_kill(
    gateway: DoomedGateway, senders: list[Sender], chance: random.Random, kills: int
) -> None:
    """Submit the batches, a few in each of the gateway's lives, and kill it at random moments."""
    threads = [threading.Thread(target=sender.run) for sender in senders]
    waiting = list(threads)
    pause = threading.Event()
    for life in range(kills):
        gateway.start()
        for _ in range(-(-len(waiting) // (kills - life))):
            waiting.pop().start()
        # The moment is the point: whatever the gateway is at then.
        pause.wait(chance.uniform(0, _LONGEST_LIFE_S))
        gateway.kill()
    gateway.start()
    for thread in threads:
        thread.join(_DEADLINE_S)
        assert not thread.is_alive()


def has_settled(gateway: DoomedGateway) -> bool:
    """Whether nothing more is to come of any batch."""
    try:
        _, answer = gateway.request("GET", "batches")
    except GoneError:
        raise AssertionError("the gateway ended by itself") from None
    return all(batch["ended"] is not None for batch in answer["batches"])


def check_local(folder: Path, local: LocalService, senders: list[Sender]) -> None:
    """Every task ran once, is in the vault in its place, and is kept as the service gives it."""
    mine = {sender.batch_id for sender in senders if sender.service == "local"}
    with closing(sqlite3.connect(folder / FILE_NAME)) as vault:
        rows = vault.execute(
            "SELECT batches.batch_id, position, task_id, answer FROM tasks"
            " JOIN batches ON batches.number = tasks.batch LEFT JOIN results USING (task_id)"
            " WHERE service = 'local' ORDER BY batches.number, position"
        ).fetchall()
    assert {batch for batch, *_ in rows} == mine
    assert len(rows) == BATCHES * TASKS
    assert len({task_id for _, _, task_id, _ in rows}) == BATCHES * TASKS
    task_ids = [task_id for _, _, task_id, _ in rows]
    told: dict[str, bytes] = {}
    for start in range(0, len(task_ids), 1000):
        body = {"task_ids": task_ids[start : start + 1000]}
        told.update(split_batch_status(raw_status(local, body)))
    for _, position, task_id, answer in rows:
        assert answer == told[task_id]
        value = local.value(local.tasks([task_id])[task_id]) if position % 50 == 0 else None
        assert value is None or value == (position, "x" * (position % 50))


def raw_status(local: LocalService, body: dict[str, list[str]]) -> bytes:
    """The bytes of the service's own answer."""
    request = Request(  # noqa: S310 - http to this computer
        local.address["url"] + "/v2/batch_status",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {local.address['token']}"},
    )
    with urlopen(request) as response:  # noqa: S310
        return bytes(response.read())


def check_cloud(folder: Path, cloud: FakeCloud, kills: int) -> None:
    """Every result is in the vault, or marked as lost, or of a submit marked as unanswered."""
    assert cloud.log.unexpected == []
    with closing(sqlite3.connect(folder / FILE_NAME)) as vault:
        rows = vault.execute(
            "SELECT task_id, state, answer FROM tasks JOIN batches ON batches.number = tasks.batch"
            " LEFT JOIN results USING (task_id) WHERE service = 'fake' AND task_id IS NOT NULL"
        ).fetchall()
        unanswered = vault.execute(
            "SELECT count(*) FROM batches JOIN counts ON counts.batch = batches.number"
            " WHERE service = 'fake' AND state = 'planned' AND counts.number = ?"
            " AND note IS NOT NULL AND gave_up_at IS NOT NULL",
            (TASKS,),
        ).fetchone()[0]
    known = {task_id for task_id, _, _ in rows}
    orphans = set(cloud.tasks) - known
    assert len(orphans) <= TASKS * unanswered
    assert len(rows) + TASKS * unanswered == BATCHES * TASKS
    lost = {task_id for task_id, state, _ in rows if state == "lost"}
    for task_id, state, answer in rows:
        if state == "lost":
            assert answer is None
            assert cloud.tasks[task_id].given_in is not None
        else:
            assert state == "success"
            assert cloud.tasks[task_id].result.encode() in answer.replace(b"\\n", b"\n")
    # What is lost was in the one answer that was on its way when a kill came.
    answers = {cloud.tasks[task_id].given_in for task_id in lost}
    assert len(answers) <= kills
    print(f"{kills} kills: {len(lost)} lost in {len(answers)} answers, {unanswered} unanswered")
