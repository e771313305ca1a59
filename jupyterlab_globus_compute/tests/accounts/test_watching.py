"""Batches that wait for a sign-in."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import ENDPOINT, GlobusStandIn
from jupyterlab_globus_compute.tests.accounts.support import sign_in, until
from jupyterlab_globus_compute.tests.gateway.support import UUID, Api, eventually

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import pytest

    WsFetch = Callable[..., Awaitable[Any]]

BATCH = "bbbbbbbb-0000-4000-8000-00000000000b"
GROUP = "99999999-0000-4000-8000-000000000009"
SUBMIT = f"services/cloud/v3/endpoints/{ENDPOINT}/submit"


class Batch:
    """A batch of calls of one function."""

    def __init__(self, api: Api, calls: int) -> None:
        self._api = api
        self._calls = calls

    async def submit(self) -> Any:
        """Tell the plan and submit; give the answer to the submit."""
        calls = [
            {"index": index, "label": f"f({index})", "line": 2, "functionId": UUID}
            for index in range(self._calls)
        ]
        plan = {
            "title": "batch",
            "service": "cloud",
            "endpoint": {"id": ENDPOINT, "name": "cluster"},
            "notebookPath": "a.ipynb",
            "cellId": "c1",
            "sourceHash": "0" * 64,
            "created": 1.0,
            "taskGroupId": GROUP,
            "calls": calls,
        }
        planned = await self._api.call("PUT", f"batches/{BATCH}", plan)
        assert planned.status == 200, planned.json
        body = {"tasks": {UUID: ["payload"] * self._calls}, "task_group_id": GROUP}
        headers = {"X-Globus-Compute-Batch": BATCH}
        return await self._api.call("POST", SUBMIT, body, headers=headers)

    async def state(self) -> str:
        """Its state."""
        return str((await self._api.call("GET", f"batches/{BATCH}")).json["state"])

    async def is_done(self) -> bool:
        """Whether it has ended well."""
        return await self.state() == "done"


async def test_results_wait_for_a_sign_in_and_then_come_by_themselves(
    api: Api, globus: GlobusStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    globus.first_state = "running"
    await sign_in(api, globus)
    batch = Batch(api, 3)
    assert (await batch.submit()).status == 200
    globus.expire_access_tokens()
    globus.revoke_refresh_tokens()
    await eventually(lambda: "wait for a sign-in" in caplog.text, "the pause")
    globus.end_tasks()
    asked = len(globus.requests)
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-out"
    assert await batch.state() in ("waiting", "running")
    # Nobody is asked anything while nobody is signed in.
    assert len(globus.requests) == asked

    await sign_in(api, globus)
    await until(batch.is_done, "the end of the batch")
    assert globus.submits == 1


async def test_a_token_that_expires_in_the_middle_of_a_batch_is_not_noticed(
    api: Api, globus: GlobusStandIn
) -> None:
    globus.first_state = "running"
    await sign_in(api, globus)
    batch = Batch(api, 3)
    assert (await batch.submit()).status == 200
    globus.expire_access_tokens()
    globus.end_tasks()
    await until(batch.is_done, "the end of the batch")
    assert globus.submits == 1


async def test_a_submit_that_needs_a_sign_in_comes_again_after_it(
    api: Api, globus: GlobusStandIn
) -> None:
    batch = Batch(api, 2)
    (await batch.submit()).assert_error(401, "SIGN_IN_NEEDED")
    assert await batch.state() == "sending"
    await sign_in(api, globus)
    assert (await batch.submit()).status == 200
    await until(batch.is_done, "the end of the batch")
    assert globus.submits == 1


async def test_browsers_are_told_of_sign_ins_and_of_logins_that_end(
    api: Api, globus: GlobusStandIn, jp_ws_fetch: WsFetch
) -> None:
    socket = await jp_ws_fetch("globus-compute", "events")
    await socket.write_message(json.dumps({"type": "subscribe", "since": None}))
    assert json.loads(await socket.read_message())["type"] == "hello"

    async def told() -> None:
        message = json.loads(await socket.read_message())
        assert (message["type"], message["services"]) == ("accounts", ["cloud"])
        assert isinstance(message["sequence"], int)

    await sign_in(api, globus)
    await told()
    globus.expire_access_tokens()
    globus.revoke_refresh_tokens()
    assert (await api.call("GET", "services/cloud/v2/endpoints")).status == 401
    await told()
    await sign_in(api, globus)
    await told()
    await api.call("POST", "accounts/cloud/sign-out", {})
    await told()
    socket.close()
