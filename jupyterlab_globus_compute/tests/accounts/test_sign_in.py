"""Signing in and out, through a real Jupyter server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import (
    ADA,
    COMPUTE_SCOPE,
    GRACE,
    GlobusStandIn,
)
from jupyterlab_globus_compute.tests.accounts.support import sign_in
from jupyterlab_globus_compute.tests.gateway.support import UUID, Api

if TYPE_CHECKING:
    from pathlib import Path


def mode(path: Path) -> int | None:
    """The permissions of a file or folder; None if it is not there."""
    return path.stat().st_mode & 0o777 if path.exists() else None


async def test_nobody_is_signed_in_at_first(
    api: Api, globus: GlobusStandIn, compute_dir: Path
) -> None:
    answer = await api.call("GET", "accounts")
    local, cloud = answer.json["accounts"]
    assert (local["service"], local["state"], local["canSignIn"]) == ("local", "not-needed", False)
    assert (cloud["service"], cloud["state"], cloud["method"]) == ("cloud", "signed-out", None)
    assert (cloud["canSignIn"], cloud["canSignOut"]) == (True, False)
    assert globus.requests == []
    assert mode(compute_dir) is None


async def test_a_request_says_that_a_sign_in_is_needed(api: Api, globus: GlobusStandIn) -> None:
    answer = await api.call("GET", "services/cloud/v2/endpoints")
    answer.assert_error(401, "SIGN_IN_NEEDED")
    assert answer.json["sign_in"] == {"service": "cloud", "requirements": None}
    assert "not signed in" in answer.json["reason"]
    assert globus.requests == []


async def test_a_pasted_code_signs_in(api: Api, globus: GlobusStandIn, compute_dir: Path) -> None:
    account = await sign_in(api, globus)
    assert account == {
        "service": "cloud",
        "state": "signed-in",
        "method": "sign-in",
        "why": "You signed in here.",
        "name": "Ada Lovelace",
        "username": "ada@university.example",
        "identityId": ADA["sub"],
        "canSignIn": True,
        "canSignOut": True,
        "problem": None,
    }
    answer = await api.call("GET", "services/cloud/v2/endpoints")
    assert (answer.status, answer.json) == (200, [])
    assert mode(compute_dir / "storage.db") == 0o600
    assert mode(compute_dir) == 0o700


async def test_the_page_asks_for_what_is_needed_and_no_more(
    api: Api, globus: GlobusStandIn
) -> None:
    begun = await api.call("POST", "accounts/cloud/sign-in", {})
    assert begun.json["completes"] == "code"
    query = dict(parse_qsl(urlsplit(begun.json["url"]).query))
    assert query["redirect_uri"] == f"{globus.url}/v2/web/auth-code"
    assert set(query["scope"].split()) == {"openid", "profile", "email", COMPUTE_SCOPE}
    assert query["client_id"] == "4cf29807-cf21-49ec-9443-ff9a3fb9f81c"


async def test_requirements_lead_to_the_right_prompt(api: Api, globus: GlobusStandIn) -> None:
    requirements = {
        "session_message": "Use your university's login.",
        "session_required_single_domain": ["university.example"],
        "session_required_policies": [UUID],
        "session_required_mfa": True,
        "required_scopes": ["https://auth.globus.org/scopes/x/all[y]"],
        "prompt": "login",
    }
    begun = await api.call("POST", "accounts/cloud/sign-in", {"requirements": requirements})
    query = dict(parse_qsl(urlsplit(begun.json["url"]).query))
    assert query["session_message"] == "Use your university's login."
    assert query["session_required_single_domain"] == "university.example"
    assert query["session_required_policies"] == UUID
    assert query["session_required_mfa"] == "True"
    assert query["prompt"] == "login"
    assert "https://auth.globus.org/scopes/x/all[y]" in query["scope"].split()


@pytest.mark.parametrize(
    "requirements",
    ["x", [], {"required_scopes": "a b"}, {"required_scopes": ["a[["]}, {"session_message": 1}],
)
async def test_malformed_requirements_are_refused(api: Api, requirements: Any) -> None:
    answer = await api.call("POST", "accounts/cloud/sign-in", {"requirements": requirements})
    answer.assert_error(422, "INVALID_REQUIREMENTS")


async def test_a_wrong_code_can_be_pasted_again(api: Api, globus: GlobusStandIn) -> None:
    begun = await api.call("POST", "accounts/cloud/sign-in", {})
    path = f"accounts/cloud/sign-in/{begun.json['id']}"
    for wrong in ("", "two words", "never-issued", "x" * 5000):
        refused = await api.call("POST", path, {"code": wrong})
        refused.assert_error(400, "CODE_REFUSED")
        assert wrong == "" or wrong not in str(refused.json)
    done = await api.call("POST", path, {"code": globus.authorize(begun.json["url"])})
    assert done.json["state"] == "signed-in"
    (await api.call("POST", path, {"code": "again"})).assert_error(404, "SIGN_IN_OVER")


async def test_a_code_of_another_sign_in_is_refused(api: Api, globus: GlobusStandIn) -> None:
    first = await api.call("POST", "accounts/cloud/sign-in", {})
    second = await api.call("POST", "accounts/cloud/sign-in", {})
    code = globus.authorize(first.json["url"])
    path = f"accounts/cloud/sign-in/{second.json['id']}"
    (await api.call("POST", path, {"code": code})).assert_error(400, "CODE_REFUSED")
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-out"


async def test_a_sign_in_can_be_given_up(api: Api) -> None:
    begun = await api.call("POST", "accounts/cloud/sign-in", {})
    path = f"accounts/cloud/sign-in/{begun.json['id']}"
    assert (await api.call("DELETE", path)).status == 204
    (await api.call("POST", path, {"code": "x"})).assert_error(404, "SIGN_IN_OVER")
    (await api.call("DELETE", path)).assert_error(404, "SIGN_IN_OVER")


async def test_signing_out_revokes_and_forgets(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    answer = await api.call("POST", "accounts/cloud/sign-out", {})
    assert (answer.json["state"], answer.json["problem"]) == ("signed-out", None)
    assert globus.access
    assert globus.refresh
    assert not any(issued.is_active for issued in globus.access.values())
    assert not any(issued.is_active for issued in globus.refresh.values())
    refused = await api.call("GET", "services/cloud/v2/endpoints")
    refused.assert_error(401, "SIGN_IN_NEEDED")
    (await api.call("POST", "accounts/cloud/sign-out", {})).assert_error(409, "NOT_OFFERED")


async def test_another_identity_replaces_the_first(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    of_ada = [*globus.refresh.values()]
    account = await sign_in(api, globus, GRACE)
    assert account["name"] == "Grace Hopper"
    assert not any(issued.is_active for issued in of_ada)
    answer = await api.call("GET", "services/cloud/v2/endpoints")
    assert answer.status == 200


async def test_services_without_an_account_have_nothing_to_sign_in_to(api: Api) -> None:
    for path in ("sign-in", "sign-out"):
        (await api.call("POST", f"accounts/local/{path}", {})).assert_error(409, "NOT_OFFERED")
    (await api.call("GET", "accounts/local/groups")).assert_error(409, "NOT_OFFERED")
    unknown = await api.call("GET", "accounts/nowhere")
    unknown.assert_error(404, "SERVICE_NOT_FOUND")
