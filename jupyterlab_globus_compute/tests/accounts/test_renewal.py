"""Access tokens that expire, and logins that end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.accounts.token_store import TokenStore, user_namespace
from jupyterlab_globus_compute.tests.accounts.support import ask_compute, sign_in
from jupyterlab_globus_compute.tests.gateway.support import eventually

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GlobusStandIn
    from jupyterlab_globus_compute.tests.gateway.support import Api

TOKEN = "/v2/oauth2/token"


@pytest.fixture(params=[False, True], ids=["keeps", "rotates"])
def globus(globus: GlobusStandIn, request: pytest.FixtureRequest) -> GlobusStandIn:
    """Globus, with refresh tokens for many uses and for one."""
    globus.rotates = request.param
    return globus


async def test_an_expired_token_is_renewed_before_it_is_used(
    api: Api, globus: GlobusStandIn
) -> None:
    globus.lifetime_s = 1
    await sign_in(api, globus)
    globus.lifetime_s = 3600
    renewed = globus.seen(TOKEN)
    assert await ask_compute(api) == 200
    assert await ask_compute(api) == 200
    assert globus.seen(TOKEN) == renewed + 1


async def test_a_token_that_is_refused_is_renewed_and_the_request_repeated(
    api: Api, globus: GlobusStandIn
) -> None:
    await sign_in(api, globus)
    globus.expire_access_tokens()
    assert await ask_compute(api) == 200
    assert globus.seen("/v2/endpoints") == 2


async def test_many_requests_renew_once(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    globus.expire_access_tokens()
    before = globus.seen(TOKEN)
    assert await asyncio.gather(*(ask_compute(api) for _ in range(5))) == [200] * 5
    assert globus.seen(TOKEN) == before + 1


async def test_a_submit_that_met_an_expired_token_is_accepted_once(
    api: Api, globus: GlobusStandIn
) -> None:
    await sign_in(api, globus)
    globus.expire_access_tokens()
    path = "services/cloud/v3/endpoints/aaaaaaaa-0000-4000-8000-00000000000e/submit"
    answer = await api.call("POST", path, {"tasks": {"f": ["payload"]}})
    assert answer.status == 200
    assert globus.submits == 1


async def test_a_login_that_was_revoked_asks_for_a_sign_in(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    globus.expire_access_tokens()
    globus.revoke_refresh_tokens()
    refused = await api.call("GET", "services/cloud/v2/endpoints")
    refused.assert_error(401, "SIGN_IN_NEEDED")
    account = (await api.call("GET", "accounts/cloud")).json
    assert (account["state"], account["username"]) == ("signed-out", "ada@university.example")
    assert "has ended" in account["problem"]


async def test_an_ended_login_is_not_tried_again_and_again(api: Api, globus: GlobusStandIn) -> None:
    globus.lifetime_s = 1
    await sign_in(api, globus)
    globus.revoke_refresh_tokens()
    assert await ask_compute(api) == 401
    asked = len(globus.requests)
    assert await ask_compute(api) == 401
    assert len(globus.requests) == asked
    account = (await api.call("GET", "accounts/cloud")).json
    assert (account["state"], account["canSignIn"]) == ("signed-out", True)
    assert "has ended" in account["problem"]

    globus.lifetime_s = 3600
    assert (await sign_in(api, globus))["state"] == "signed-in"
    assert await ask_compute(api) == 200


async def test_a_login_renewed_elsewhere_is_found(api: Api, globus: GlobusStandIn) -> None:
    """What another server, or a terminal, does between two of our requests."""
    globus.rotates = True
    globus.lifetime_s = 1
    await sign_in(api, globus)
    store = TokenStore(user_namespace("production"))
    stored = (await asyncio.to_thread(store.read))["funcx_service"]
    globus.lifetime_s = 3600
    assert stored.refresh_token is not None
    form: dict[str, Any] = {
        "grant_type": "refresh_token",
        "refresh_token": stored.refresh_token,
        "client_id": "4cf29807-cf21-49ec-9443-ff9a3fb9f81c",
    }
    elsewhere = globus.token_answer(form, None)
    # The refresh token that is stored is of no use any more.
    refused = await api.call("GET", "services/cloud/v2/endpoints")
    refused.assert_error(401, "SIGN_IN_NEEDED")

    stored.access_token = elsewhere["access_token"]
    stored.refresh_token = elsewhere["refresh_token"]
    stored.expires_at_seconds += 3600
    with store.opened() as storage:
        storage.store_token_data_by_resource_server({"funcx_service": stored})
    assert await ask_compute(api) == 200
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-in"


async def test_two_servers_do_not_use_one_refresh_token_twice(
    api: Api, globus: GlobusStandIn
) -> None:
    globus.rotates = True
    await sign_in(api, globus)
    globus.expire_access_tokens()
    store = TokenStore(user_namespace("production"))
    with store.locked():
        asking = asyncio.ensure_future(ask_compute(api))
        await eventually(lambda: globus.seen("/v2/endpoints") > 0, "the refused request")
        stored = dict(store.read())
        form = {
            "grant_type": "refresh_token",
            "refresh_token": str(stored["funcx_service"].refresh_token),
            "client_id": "4cf29807-cf21-49ec-9443-ff9a3fb9f81c",
        }
        other = globus.token_answer(form, None)
        stored["funcx_service"].access_token = other["access_token"]
        stored["funcx_service"].refresh_token = other["refresh_token"]
        with store.opened() as storage:
            storage.store_token_data_by_resource_server(stored)
    assert await asking == 200


async def test_an_unreachable_globus_is_no_reason_to_sign_in(
    api: Api, globus: GlobusStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(api, globus)
    globus.expire_access_tokens()

    def fail(form: dict[str, str], authorization: str | None) -> dict[str, Any]:
        return {"unexpected": "answer"}

    monkeypatch.setattr(globus, "token_answer", fail)
    answer = await api.call("GET", "services/cloud/v2/endpoints")
    answer.assert_error(502, "GLOBUS_UNREACHABLE")
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-in"


async def test_a_service_that_refuses_fresh_tokens_is_asked_twice_only(
    api: Api, globus: GlobusStandIn
) -> None:
    await sign_in(api, globus)
    globus.demand = (401, {"code": "UNAUTHENTICATED", "reason": "No."})
    answer = await api.call("GET", "services/cloud/v2/endpoints")
    answer.assert_error(401, "SIGN_IN_NEEDED")
    assert "just been renewed" in answer.json["reason"]
    account = (await api.call("GET", "accounts/cloud")).json
    assert (account["state"], account["canSignIn"]) == ("signed-out", True)
    assert "just been renewed" in account["problem"]
    assert globus.seen("/v2/endpoints") == 2
