"""The gateway signs in at the real OpenID provider and runs tasks at the stand-in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from globus_sdk.scopes import GroupsScopes

from jupyterlab_globus_compute.tests.accounts.support import ask_compute
from jupyterlab_globus_compute.tests.cloud.browse import get_code
from jupyterlab_globus_compute.tests.cloud.cloud import Cloud
from jupyterlab_globus_compute.tests.cloud.provider import why_not

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Api


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The provider and the service, shared by all tests here."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with Cloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running


@pytest.fixture
def extension_traits(cloud: Cloud, tmp_path: Path) -> dict[str, Any]:
    """The extension's configuration."""
    urls = {"auth": cloud.auth_url, "groups": cloud.compute_url, "compute": cloud.compute_url}
    return {
        "globus_urls": urls,
        "vault_dir": str(tmp_path / "vault"),
        "local_data_dir": str(tmp_path / "local"),
    }


async def sign_in(api: Api, requirements: Any = None) -> dict[str, Any]:
    """Sign in as Ada."""
    begun = await api.call("POST", "accounts/cloud/sign-in", {"requirements": requirements})
    assert begun.status == 200, begun.json
    code = await asyncio.to_thread(get_code, begun.json["url"])
    path = f"accounts/cloud/sign-in/{begun.json['id']}"
    done = await api.call("POST", path, {"code": code})
    assert done.status == 200, done.json
    account: dict[str, Any] = done.json
    return account


async def endpoint_of(api: Api) -> str:
    """Ada's cluster."""
    listed = await api.call("GET", "services/cloud/v2/endpoints")
    return str(next(one["uuid"] for one in listed.json if one["name"] == "adas-cluster"))


async def test_a_person_signs_in_runs_a_task_and_signs_out(api: Api) -> None:
    account = await sign_in(api)
    assert (account["state"], account["method"]) == ("signed-in", "sign-in")
    assert account["username"] == "ada@university.example"
    body = {"endpoint": await endpoint_of(api)}
    check = await api.call("POST", "accounts/cloud/check", body, request_timeout=90)
    steps = {step["name"]: step["state"] for step in check.json["steps"]}
    assert steps == {
        "name": "ok",
        "tls": "skipped",
        "api": "ok",
        "version": "ok",
        "token": "ok",
        "endpoint": "ok",
        "task": "ok",
    }
    out = await api.call("POST", "accounts/cloud/sign-out", {})
    assert (out.json["state"], out.json["problem"]) == ("signed-out", None)
    assert await ask_compute(api) == 401


async def test_tokens_that_end_are_renewed(api: Api, cloud: Cloud) -> None:
    await sign_in(api)
    assert await ask_compute(api) == 200
    cloud.control_auth("end-access-tokens")
    assert await ask_compute(api) == 200
    assert "refresh_token" in cloud.control_auth("grants")


async def test_groups_need_a_consent(api: Api) -> None:
    await sign_in(api)
    refused = await api.call("GET", "accounts/cloud/groups")
    refused.assert_error(403, "CONSENT_NEEDED")
    requirements = refused.json["sign_in"]["requirements"]
    assert requirements == {"required_scopes": [str(GroupsScopes.view_my_groups_and_memberships)]}
    await sign_in(api, requirements)
    answer = await api.call("GET", "accounts/cloud/groups")
    assert answer.status == 200
    assert all({"id", "name", "role"} == set(group) for group in answer.json["groups"])
    assert answer.json["groups"]


class TestAProgram:
    @pytest.fixture(autouse=True)
    def credentials(self, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        client = cloud.program_client
        monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_ID", client["clientId"])
        monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_SECRET", client["clientSecret"])

    async def test_needs_no_sign_in(self, api: Api) -> None:
        assert await ask_compute(api) == 200
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-in", "client-credentials")
