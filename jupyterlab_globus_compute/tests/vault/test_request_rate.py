"""The watcher and people together never ask a hosted service more often than it allows."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.batches import VaultSettings
from jupyterlab_globus_compute.gateway.gateway import Gateway
from jupyterlab_globus_compute.gateway.gateway_settings import GatewaySettings
from jupyterlab_globus_compute.gateway.local_settings import LocalServiceSettings
from jupyterlab_globus_compute.gateway.remote_services import remote_services
from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
from jupyterlab_globus_compute.tests.vault.fake_cloud import TOKEN, FakeCloud
from jupyterlab_globus_compute.tests.vault.support import F, new_id, plan

if TYPE_CHECKING:
    from pathlib import Path

BATCHES, TASKS = 50, 400
_LIMIT, _WINDOW_S = 20, 10.0


# Twice the limit is reached in the second window, many times it in the long run.
@pytest.mark.parametrize("requests", [28, pytest.param(150, marks=pytest.mark.long)])
@pytest.mark.timeout(300)
async def test_fifty_batches_do_not_ask_more_often_than_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requests: int
) -> None:
    monkeypatch.setenv("FAKE_CLOUD_TOKEN", TOKEN)
    with FakeCloud(longest_s=1e6) as cloud:
        gateway = Gateway(
            GatewaySettings(
                local=LocalServiceSettings(tmp_path / "local", sys.executable, 1),
                vault=VaultSettings(tmp_path / "vault", RetentionLimits(None, None)),
                remote=remote_services(
                    cloud={},
                    others={
                        "fake": {
                            "url": cloud.url,
                            "token_env": "FAKE_CLOUD_TOKEN",
                            "results_once": True,
                        }
                    },
                ),
            ),
            logging.getLogger("rate"),
        )
        vault = gateway.batches.vault
        for _ in range(BATCHES):
            made = plan(*[F] * TASKS, service="fake")
            answer = cloud.submit({F: TASKS}, None)
            assert answer is not None
            await vault.note_plan(made)
            await vault.accept(made.batch_id, answer["task_group_id"], answer["tasks"])
        gateway.start()
        await has_asked(cloud, 1)
        person = asyncio.ensure_future(ask_all_the_time(gateway))
        try:
            await has_asked(cloud, requests)
            assert not person.done()
        finally:
            person.cancel()
            await gateway.close()
        assert cloud.log.unexpected == []
        assert cloud.log.most_in(_WINDOW_S) <= _LIMIT
        # Neither keeps the other out. Who is quicker to ask again has more: they take turns only
        # while both wait.
        paths = [path for _, path in cloud.log.requests]
        assert sum(path.startswith("/v2/taskgroup/") for path in paths) >= 3
        assert sum(path == "/v2/batch_status" for path in paths) >= 3


async def has_asked(cloud: FakeCloud, requests: int) -> None:
    """Wait for that many requests."""
    while len(cloud.log.requests) < requests:  # noqa: ASYNC110 - it runs in another thread
        await asyncio.sleep(0.05)


async def ask_all_the_time(gateway: Gateway) -> None:
    """A person who asks again as soon as there is an answer."""
    while True:
        await gateway.relay(
            "fake",
            method="GET",
            path=f"v2/taskgroup/{new_id()}",
            query="",
            body=b"",
            content_type=None,
            accept=None,
            batch=None,
        )
