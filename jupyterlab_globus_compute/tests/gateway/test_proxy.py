"""What becomes of requests while the service dies, hangs or lies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.budget import UnlimitedBudget
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.routes import find_route
from jupyterlab_globus_compute.gateway.transport import ServiceRequest
from jupyterlab_globus_compute.tests.gateway.support import UUID, Api, StandIn

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.gateway.supervised import Supervised

SUBMIT = f"v3/endpoints/{UUID}/submit"
REPEATABLE = [
    ("GET", f"v2/tasks/{UUID}"),
    ("GET", "v2/endpoints"),
    ("POST", "v2/batch_status"),
    ("POST", "v3/functions"),
]
UNREPEATABLE = [
    ("POST", SUBMIT, "SUBMIT_OUTCOME_UNKNOWN"),
    ("DELETE", f"v2/functions/{UUID}", "REQUEST_OUTCOME_UNKNOWN"),
    ("DELETE", f"v3/tasks/{UUID}", "REQUEST_OUTCOME_UNKNOWN"),
]


def body_of(method: str) -> dict[str, Any] | None:
    """A body where the method has one."""
    return {} if method == "POST" else None


@pytest.mark.parametrize(("method", "path"), REPEATABLE)
@pytest.mark.parametrize("act", ["die", "drop"])
async def test_repeatable_requests_survive_a_broken_connection(
    api: Api, stand_in: StandIn, method: str, path: str, act: str
) -> None:
    stand_in.plan({f"{method} {path}": [{"act": act}, {"body": {"n": 2}}]})
    answer = await api.local(method, path, body_of(method))
    assert (answer.status, answer.json) == (200, {"n": 2})
    assert len(stand_in.requests()) == 2
    assert len(stand_in.starts()) == (2 if act == "die" else 1)


@pytest.mark.parametrize(("method", "path", "code"), UNREPEATABLE)
@pytest.mark.parametrize("act", ["die", "drop"])
async def test_other_requests_are_never_sent_twice(
    api: Api, stand_in: StandIn, method: str, path: str, code: str, act: str
) -> None:
    stand_in.plan({f"{method} {path}": [{"act": act}, {"body": {"n": 2}}]})
    answer = await api.local(method, path, body_of(method))
    answer.assert_error(502, code)
    assert "may or may not" in answer.json["reason"]
    assert len(stand_in.requests()) == 1
    again = await api.local(method, path, body_of(method))
    assert (again.status, again.json) == (200, {"n": 2})


async def test_a_submit_that_was_certainly_not_sent_is_sent_to_the_next_start(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan({f"POST {SUBMIT}": {"body": {"n": 1}}})
    owner, guest = supervised.supervisor(), supervised.profile()
    ended = await owner.ensure()
    assert await guest.connect() == ended
    await owner.stop()
    proxy, route = supervised.proxy(timeout_s=30.0), find_route("POST", SUBMIT)
    request = ServiceRequest("POST", SUBMIT, body=b"{}")
    answers = await asyncio.gather(
        *(proxy.relay(guest, UnlimitedBudget(), route, request) for _ in range(5))
    )
    assert {answer.status for answer in answers} == {200}
    assert len(stand_in.requests()) == 5
    assert {request["pid"] for request in stand_in.requests()} == set(stand_in.running())


async def test_gives_up_on_a_service_that_always_breaks_off(api: Api, stand_in: StandIn) -> None:
    stand_in.plan({"GET v2/endpoints": {"act": "drop"}})
    (await api.local("GET", "v2/endpoints")).assert_error(502, "SERVICE_UNREACHABLE")
    assert len(stand_in.requests()) == 3


async def test_a_refused_token_does_not_look_like_a_lost_sign_in(
    api: Api, stand_in: StandIn
) -> None:
    stand_in.plan({"GET v2/endpoints": {"status": 401}})
    (await api.local("GET", "v2/endpoints")).assert_error(502, "SERVICE_REFUSED_TOKEN")


async def test_a_service_that_cannot_start_is_explained(api: Api, stand_in: StandIn) -> None:
    stand_in.plan({"GET v2/endpoints": {"body": []}}, starts=["missing-package", "normally"])
    answer = await api.local("GET", "v2/endpoints")
    answer.assert_error(503, "LOCAL_SERVICE_MISSING_PACKAGE")
    assert answer.json["error_args"][-1].endswith("No module named 'starlette'")
    assert (await api.local("GET", "v2/endpoints")).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "v2/endpoints", 504, "SERVICE_TIMEOUT"),
        ("POST", "v2/batch_status", 504, "SERVICE_TIMEOUT"),
        ("POST", SUBMIT, 502, "SUBMIT_OUTCOME_UNKNOWN"),
    ],
)
async def test_a_service_that_hangs_is_replaced_and_the_request_given_up(
    supervised: Supervised, stand_in: StandIn, method: str, path: str, status: int, code: str
) -> None:
    stand_in.plan({f"{method} {path}": [{"act": "hang"}, {"body": {"n": 2}}]})
    profile = supervised.profile(probe_timeout_s=0.3)
    await profile.connect()
    stand_in.plan(
        {
            f"{method} {path}": [{"act": "hang"}, {"body": {"n": 2}}],
            "GET v2/version": [{"act": "hang"}, {"body": '"1.0.0"'}],
        }
    )
    proxy = supervised.proxy(timeout_s=0.3)
    request = ServiceRequest(method, path, body=b"{}" if method == "POST" else None)
    with pytest.raises(GatewayError) as raised:
        await proxy.relay(profile, UnlimitedBudget(), find_route(method, path), request)
    assert (raised.value.status, raised.value.code) == (status, code)
    assert len(stand_in.starts()) == 2
    answer = await proxy.relay(profile, UnlimitedBudget(), find_route(method, path), request)
    assert answer.status == 200
