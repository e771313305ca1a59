"""The diagnosis of a connection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import ENDPOINT, GlobusStandIn
from jupyterlab_globus_compute.tests.accounts.support import sign_in

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.gateway.support import Api

NAMES = ["name", "tls", "api", "version", "token", "endpoint", "task"]


async def check(api: Api, endpoint: str | None = None) -> dict[str, Any]:
    """The steps by name."""
    answer = await api.call("POST", "accounts/cloud/check", {"endpoint": endpoint})
    assert answer.status == 200, answer.json
    steps = answer.json["steps"]
    assert [step["name"] for step in steps] == NAMES
    assert all(step["durationMs"] >= 0 and step["text"] for step in steps)
    return {step["name"]: step for step in steps}


def states(steps: dict[str, Any]) -> list[str]:
    """How each step went."""
    return [steps[name]["state"] for name in NAMES]


async def test_all_is_well(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    steps = await check(api, ENDPOINT)
    assert states(steps) == ["ok", "skipped", "ok", "ok", "ok", "ok", "ok"]
    text = json.dumps(steps)
    assert not [token for token in globus.issued if token in text]
    assert globus.submits == 1


async def test_without_an_endpoint_no_task_is_run(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    steps = await check(api)
    assert states(steps) == ["ok", "skipped", "ok", "ok", "ok", "skipped", "skipped"]
    assert globus.submits == 0


async def test_signed_out_it_says_so(api: Api) -> None:
    steps = await check(api, ENDPOINT)
    assert states(steps)[4:] == ["failed", "skipped", "skipped"]
    assert "not signed in" in steps["token"]["text"]


async def test_an_endpoint_that_is_offline_ends_it(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    globus.status = "offline"
    steps = await check(api, ENDPOINT)
    assert states(steps)[5:] == ["failed", "skipped"]
    assert "offline" in steps["endpoint"]["text"]
    assert steps["endpoint"]["advice"]


async def test_a_refusal_is_in_the_services_words(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    globus.demand = (403, {"code": "SUBSCRIPTION", "reason": "Only for subscribers."})
    steps = await check(api)
    assert "Only for subscribers." in steps["api"]["text"]
    assert states(steps)[2:] == ["failed", "skipped", "skipped", "skipped", "skipped"]


async def test_an_endpoint_must_be_a_uuid(api: Api) -> None:
    answer = await api.call("POST", "accounts/cloud/check", {"endpoint": "../x"})
    assert answer.status == 422
