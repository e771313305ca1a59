"""Which credential is used, and why."""

from __future__ import annotations

import base64
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.accounts.client_credentials import (
    ClientCredentials,
    HalfAPairError,
)
from jupyterlab_globus_compute.tests.accounts.globus_stand_in import (
    ADA,
    COMPUTE_SCOPE,
    GlobusStandIn,
    Issued,
)
from jupyterlab_globus_compute.tests.accounts.support import ask_compute, sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Api

CLIENT = "c11e0000-0000-4000-8000-00000000000c"
SECRET = "s3cret+of/the+client="
PAIRS = ["GLOBUS_COMPUTE", "FUNCX_SDK"]


def test_without_variables_there_are_none() -> None:
    assert ClientCredentials.from_environment({"GLOBUS_COMPUTE_CLIENT_ID": ""}) is None


def test_the_name_of_today_wins() -> None:
    environ = {
        "GLOBUS_COMPUTE_CLIENT_ID": "a",
        "GLOBUS_COMPUTE_CLIENT_SECRET": SECRET,
        "FUNCX_SDK_CLIENT_ID": "c",
        "FUNCX_SDK_CLIENT_SECRET": "d",
    }
    found = ClientCredentials.from_environment(environ)
    assert found == ClientCredentials("a", "GLOBUS_COMPUTE_CLIENT_ID", SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize("prefix", PAIRS)
@pytest.mark.parametrize("half", ["ID", "SECRET"])
def test_half_a_pair_says_what_is_missing(prefix: str, half: str) -> None:
    missing = "SECRET" if half == "ID" else "ID"
    with pytest.raises(HalfAPairError) as caught:
        ClientCredentials.from_environment({f"{prefix}_CLIENT_{half}": SECRET})
    text = str(caught.value)
    assert f"{prefix}_CLIENT_{half} is set" in text
    assert f"{prefix}_CLIENT_{missing} is not" in text
    assert SECRET not in text


class TestAServiceAccount:
    @pytest.fixture(params=PAIRS)
    def globus(
        self, globus: GlobusStandIn, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
    ) -> GlobusStandIn:
        globus.secrets[CLIENT] = SECRET
        monkeypatch.setenv(f"{request.param}_CLIENT_ID", CLIENT)
        monkeypatch.setenv(f"{request.param}_CLIENT_SECRET", SECRET)
        return globus

    async def test_needs_no_sign_in(self, api: Api, globus: GlobusStandIn) -> None:
        assert await ask_compute(api) == 200
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-in", "client-credentials")
        assert account["username"] == f"{CLIENT}@clients.auth.globus.org"
        assert (account["canSignIn"], account["canSignOut"]) == (False, False)
        assert "CLIENT_ID" in account["why"]
        refused = await api.call("POST", "accounts/cloud/sign-in", {})
        refused.assert_error(409, "NOT_OFFERED")

    async def test_is_renewed(self, api: Api, globus: GlobusStandIn) -> None:
        assert await ask_compute(api) == 200
        globus.expire_access_tokens()
        assert await ask_compute(api) == 200

    async def test_with_a_wrong_secret_is_a_problem(self, api: Api, globus: GlobusStandIn) -> None:
        globus.secrets[CLIENT] = "another"
        answer = await api.call("GET", "services/cloud/v2/endpoints")
        answer.assert_error(503, "ACCOUNT_PROBLEM")
        account = (await api.call("GET", "accounts/cloud")).json
        assert account["state"] == "problem"
        assert "refuses the service account" in account["problem"]
        assert SECRET not in json.dumps([answer.json, account])


class TestHalfAPair:
    @pytest.fixture(autouse=True)
    def half(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FUNCX_SDK_CLIENT_SECRET", SECRET)

    async def test_is_a_problem_that_no_sign_in_solves(
        self, api: Api, globus: GlobusStandIn
    ) -> None:
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["canSignIn"]) == ("problem", False)
        assert "FUNCX_SDK_CLIENT_ID is not" in account["problem"]
        answer = await api.call("GET", "services/cloud/v2/endpoints")
        answer.assert_error(503, "ACCOUNT_PROBLEM")
        assert "FUNCX_SDK_CLIENT_ID is not" in answer.json["reason"]
        assert globus.requests == []


class TestAConfiguredToken:
    @pytest.fixture
    def extension_traits(
        self, extension_traits: dict[str, Any], tmp_path: Path, globus: GlobusStandIn
    ) -> dict[str, Any]:
        path = tmp_path / "token"
        path.write_text("configured-token", encoding="utf-8")
        path.chmod(0o600)
        globus.access["configured-token"] = Issued(ADA, "x", COMPUTE_SCOPE, "funcx_service")
        return {**extension_traits, "cloud_token": {"token_file": str(path)}}

    async def test_is_used(self, api: Api) -> None:
        assert await ask_compute(api) == 200
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-in", "configured")
        assert (account["canSignIn"], account["canSignOut"]) == (False, False)
        (await api.call("GET", "accounts/cloud/groups")).assert_error(409, "NOT_OFFERED")


def is_there(path: Path) -> bool:
    """Whether there is such a file."""
    return path.exists()


def hub_data(state: Any) -> str:
    """`GLOBUS_DATA` as oauthenticator writes it."""
    return base64.b64encode(pickle.dumps(state)).decode()


class TestAHubsLogin:
    @pytest.fixture
    def hub_tokens(self) -> dict[str, Any]:
        """As in the state that oauthenticator's GlobusOAuthenticator keeps."""
        token = {"access_token": "hub-token", "scope": COMPUTE_SCOPE, "expires_in": 172800}
        return {"funcx_service": {**token, "refresh_token": "of-the-hub", "token_type": "Bearer"}}

    @pytest.fixture(autouse=True)
    def hub(
        self, monkeypatch: pytest.MonkeyPatch, hub_tokens: dict[str, Any], globus: GlobusStandIn
    ) -> None:
        globus.access["hub-token"] = Issued(ADA, "hub", COMPUTE_SCOPE, "funcx_service")
        state = {"client_id": "hub", "tokens": hub_tokens, "globus_user": ADA, "scope": ["x"]}
        monkeypatch.setenv("GLOBUS_DATA", hub_data(state))

    async def test_is_used(self, api: Api) -> None:
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-in", "hub")
        assert account["name"] == "Ada Lovelace"
        assert (account["canSignIn"], account["canSignOut"]) == (True, False)
        assert await ask_compute(api) == 200

    async def test_asks_for_a_login_when_it_ends(self, api: Api, globus: GlobusStandIn) -> None:
        globus.expire_access_tokens()
        answer = await api.call("GET", "services/cloud/v2/endpoints")
        answer.assert_error(401, "SIGN_IN_NEEDED")
        account = (await api.call("GET", "accounts/cloud")).json
        assert account["state"] == "signed-out"
        assert "JupyterHub" in account["problem"]

    async def test_comes_after_a_sign_in(self, api: Api, globus: GlobusStandIn) -> None:
        assert (await sign_in(api, globus))["method"] == "sign-in"
        out = await api.call("POST", "accounts/cloud/sign-out", {})
        assert (out.json["state"], out.json["method"]) == ("signed-in", "hub")

    class TestWithoutTheComputeScope:
        @pytest.fixture
        def hub_tokens(self) -> dict[str, Any]:
            """A hub that asks for nothing but names."""
            return {"auth.globus.org": {"access_token": "t", "scope": "openid"}}

        async def test_is_not_used(self, api: Api) -> None:
            account = (await api.call("GET", "accounts/cloud")).json
            assert (account["state"], account["method"]) == ("signed-out", None)


class TestAHubsLoginThatIsHostile:
    @pytest.fixture(autouse=True)
    def hub(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        class Hostile:
            def __reduce__(self) -> tuple[Any, ...]:
                return (open, (str(tmp_path / "executed"), "w"))

        monkeypatch.setenv("GLOBUS_DATA", hub_data({"tokens": Hostile()}))

    async def test_is_ignored_and_not_executed(self, api: Api, tmp_path: Path) -> None:
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-out", None)
        assert not is_there(tmp_path / "executed")
