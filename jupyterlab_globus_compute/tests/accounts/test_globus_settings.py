"""What the configuration may say of Globus."""

from __future__ import annotations

from typing import Any

import pytest
from globus_compute_sdk.sdk._environments import get_web_service_url
from globus_compute_sdk.sdk.auth.globus_app import DEFAULT_CLIENT_ID
from globus_compute_sdk.sdk.auth.token_storage import get_token_storage
from globus_sdk.config import get_service_url

from jupyterlab_globus_compute.gateway.accounts.globus_settings import GlobusSettings
from jupyterlab_globus_compute.gateway.accounts.token_store import (
    TokenStore,
    client_namespace,
    user_namespace,
)

CLIENT = "c11e0000-0000-4000-8000-00000000000c"


def read(*, environ: dict[str, str] | None = None, **settings: Any) -> GlobusSettings:
    """The settings that follow from a configuration."""
    given = {"urls": {}, "client_id": "", "redirect": "", **settings}
    return GlobusSettings.from_traits(**given, environ=environ or {})


def test_by_default_all_is_as_for_the_python_sdk() -> None:
    settings = read()
    assert settings == GlobusSettings()
    assert settings.client_id == DEFAULT_CLIENT_ID
    assert settings.compute_url == get_web_service_url("production")
    assert settings.auth_url == get_service_url("auth", "production").rstrip("/")
    assert settings.groups_url == get_service_url("groups", "production").rstrip("/")


def test_the_sdks_environment_counts() -> None:
    environ = {
        "GLOBUS_SDK_ENVIRONMENT": "preview",
        "GLOBUS_SDK_SERVICE_URL_AUTH": "http://127.0.0.1:9/",
    }
    settings = read(environ=environ)
    assert settings.environment == "preview"
    assert settings.auth_url == "http://127.0.0.1:9"
    assert settings.compute_url == get_web_service_url("preview")


def test_the_configuration_comes_before_the_environment() -> None:
    environ = {"GLOBUS_SDK_SERVICE_URL_AUTH": "https://elsewhere.example"}
    settings = read(urls={"auth": "https://auth.example/"}, client_id=CLIENT, environ=environ)
    assert (settings.auth_url, settings.client_id) == ("https://auth.example", CLIENT)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"urls": {"auth": "http://auth.example"}}, "globus_urls"),
        ({"urls": {"auth": "https://u:p@auth.example"}}, "globus_urls"),
        ({"urls": {"compute": 7}}, "globus_urls"),
        ({"urls": {"transfer": "https://x.example"}}, "globus_urls"),
        ({"client_id": "not-a-uuid"}, "sign_in_client_id"),
    ],
)
def test_what_is_not_right_is_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read(**settings)


@pytest.mark.parametrize("environment", ["production", "preview"])
def test_logins_lie_where_the_python_sdk_looks(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", environment)
    ours = TokenStore(user_namespace(environment))
    with ours.opened() as storage:
        sdk = get_token_storage()
        assert (storage.filepath, storage.namespace) == (sdk.filepath, sdk.namespace)
        sdk.close()
    monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_ID", CLIENT)
    monkeypatch.setenv("GLOBUS_COMPUTE_CLIENT_SECRET", "s")
    sdk = get_token_storage()
    assert sdk.namespace == client_namespace(environment, CLIENT)
    sdk.close()
