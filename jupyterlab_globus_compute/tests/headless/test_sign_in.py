"""Whether Globus Compute can be reached without asking anybody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from globus_compute_sdk.sdk.auth.token_storage import get_token_storage
from globus_sdk import ComputeClientV3
from globus_sdk.token_storage import TokenStorageData

from jupyterlab_globus_compute.headless.sign_in import is_signed_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who has never signed in, and who is not asked to."""

    def asked(_prompt: str = "") -> str:
        raise AssertionError("somebody was asked to sign in")

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("GLOBUS_COMPUTE_CLIENT_ID", raising=False)
    monkeypatch.delenv("GLOBUS_COMPUTE_CLIENT_SECRET", raising=False)
    monkeypatch.setattr("builtins.input", asked)


def test_nobody_is_signed_in() -> None:
    assert not is_signed_in()


@pytest.mark.parametrize(("server", "is_enough"), [("funcx_service", True), ("transfer", False)])
def test_a_login_of_the_sdk(server: str, is_enough: bool) -> None:
    scopes = ComputeClientV3.scopes
    assert scopes is not None
    servers = {"auth.globus.org": "openid profile email", server: str(scopes.all)}
    login = {
        name: TokenStorageData(
            resource_server=name,
            identity_id="4b116d3c-1703-4f8f-9f6f-39921e5864df",
            scope=scope,
            access_token="access",
            refresh_token="refresh",
            expires_at_seconds=int(time.time()) + 3600,
            token_type="Bearer",
        )
        for name, scope in servers.items()
    }
    get_token_storage().store_token_data_by_resource_server(login)
    assert is_signed_in() is is_enough


def test_credentials_are_as_good_as_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_ID", "4b116d3c-1703-4f8f-9f6f-39921e5864df")
    monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_SECRET", "secret")
    assert is_signed_in()
    # Half of them are a mistake, of which the SDK tells whoever signs in.
    monkeypatch.delenv("GLOBUS_COMPUTE_CLIENT_ID")
    assert not is_signed_in()
