"""`globus_sdk`'s clients and apps, for the addresses of this server's configuration."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import jwt
from globus_sdk import (
    AccessTokenAuthorizer,
    AuthClient,
    ClientApp,
    ConfidentialAppAuthClient,
    GlobusAPIError,
    GlobusAppConfig,
    GlobusError,
    GroupsClient,
    IDTokenDecoder,
    NativeAppAuthClient,
    UserApp,
)
from globus_sdk.scopes import ComputeScopes
from globus_sdk.token_storage import TokenValidationError
from globus_sdk.transport import RequestsTransport, RetryConfig

from .account_errors import globus_refused, globus_unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_sdk.login_flows import LoginFlowManager
    from globus_sdk.token_storage import TokenStorage

    from .client_credentials import ClientCredentials
    from .globus_settings import GlobusSettings

APP_NAME = "JupyterLab"
COMPUTE = ComputeScopes.resource_server
"""The name by which Globus Auth and the token store know Globus Compute: `funcx_service`."""

_REQUIRED = {COMPUTE: [ComputeScopes.all]}
_TIMEOUT_S = 20.0
_RETRIES = 1
_OAUTH_ERROR = re.compile(r"[A-Za-z_]{1,60}")
_REFUSED = frozenset({400, 401, 403})


class GlobusClients:
    """Makes clients; whoever asks for one closes it."""

    def __init__(self, settings: GlobusSettings) -> None:
        self._settings = settings

    def native(self) -> NativeAppAuthClient:
        """The client that people's logins belong to."""
        return NativeAppAuthClient(
            self._settings.client_id,
            environment=self._settings.environment,
            base_url=self._settings.auth_url,
            **_patience(),
        )

    def confidential(self, credentials: ClientCredentials) -> ConfidentialAppAuthClient:
        """The client that is a service account."""
        return ConfidentialAppAuthClient(
            credentials.client_id,
            credentials.secret,
            environment=self._settings.environment,
            base_url=self._settings.auth_url,
            **_patience(),
        )

    def auth(self, token: str) -> AuthClient:
        """Globus Auth as the owner of a token."""
        return AuthClient(
            authorizer=AccessTokenAuthorizer(token),
            environment=self._settings.environment,
            base_url=self._settings.auth_url,
            **_patience(),
        )

    def groups(self, token: str) -> GroupsClient:
        """Globus Groups as the owner of a token."""
        return GroupsClient(
            authorizer=AccessTokenAuthorizer(token),
            environment=self._settings.environment,
            base_url=self._settings.groups_url,
            **_patience(),
        )

    def user_app(
        self,
        client: NativeAppAuthClient,
        storage: TokenStorage,
        *,
        flow: LoginFlowManager | None = None,
        decoder: IDTokenDecoder | None = None,
    ) -> UserApp:
        """The SDK's app over a store of people's logins. It asks nobody at a terminal."""
        return UserApp(
            APP_NAME,
            login_client=client,
            scope_requirements=_REQUIRED,
            config=GlobusAppConfig(
                token_storage=storage,
                login_flow_manager=flow,
                request_refresh_tokens=True,
                token_validation_error_handler=None,
                id_token_decoder=decoder or IDTokenDecoder(client),
                environment=self._settings.environment,
            ),
        )

    def client_app(self, client: ConfidentialAppAuthClient, storage: TokenStorage) -> ClientApp:
        """The SDK's app over the tokens of a service account."""
        return ClientApp(
            APP_NAME,
            login_client=client,
            scope_requirements=_REQUIRED,
            config=GlobusAppConfig(
                token_storage=storage,
                token_validation_error_handler=None,
                environment=self._settings.environment,
            ),
        )


class GrantRefusedError(Exception):
    """Globus Auth does not take the code, the refresh token or the client's secret."""


@contextmanager
def globus_answers(host: str, *, grant: bool = False) -> Iterator[None]:
    """Turn what `globus_sdk` raises into `GatewayError` 502, or `GrantRefusedError` for a `grant`.

    `TokenValidationError` passes. The SDK's errors carry requests and answers, so they are cut
    off here and never logged.
    """
    try:
        yield
    except TokenValidationError:
        # Of the app itself: the tokens are not what was asked for.
        raise
    except GlobusAPIError as error:
        status, words = error.http_status, _words(error)
        if grant and status in _REFUSED:
            raise GrantRefusedError(words) from None
        raise globus_refused(host, status, words) from None
    except (GlobusError, LookupError, TypeError, ValueError, AttributeError, jwt.PyJWTError):
        # Besides failures of the network: answers that are not what Globus gives.
        raise globus_unreachable(host) from None


def _words(error: GlobusAPIError) -> str:
    """The error's name, of an alphabet that can hold no token."""
    raw: Any = error.raw_json
    named = raw.get("error") if isinstance(raw, dict) else None
    for candidate in (named, error.code):
        if isinstance(candidate, str) and _OAUTH_ERROR.fullmatch(candidate):
            return candidate
    return ""


def _patience() -> dict[str, Any]:
    return {
        "transport": RequestsTransport(http_timeout=_TIMEOUT_S),
        "retry_config": RetryConfig(max_retries=_RETRIES),
    }
