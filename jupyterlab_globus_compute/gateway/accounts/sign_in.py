"""One sign-in: the page that a person opens, and the code that comes of it."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import TYPE_CHECKING

from globus_sdk import IDTokenDecoder
from globus_sdk.login_flows import LoginFlowManager
from globus_sdk.token_storage import TokenValidationError
from globus_sdk.token_storage.validating_token_storage import IdentityMismatchError

from .account_errors import code_refused, sign_in_refused
from .globus_clients import GrantRefusedError, globus_answers
from .identities import identity_of
from .revoking import revoke_all

if TYPE_CHECKING:
    from globus_sdk import NativeAppAuthClient, OAuthTokenResponse
    from globus_sdk.gare import GlobusAuthorizationParameters

    from .account_info import Identity
    from .globus_clients import GlobusClients
    from .globus_settings import GlobusSettings
    from .requirements import Requirements
    from .token_store import TokenStore


class SignIn:
    """The authorisation code flow with PKCE (RFC 7636), as `globus_sdk` does it.

    The verifier stays in this object: a code is of no use without it.
    """

    def __init__(
        self,
        user: str,
        requirements: Requirements,
        settings: GlobusSettings,
        clients: GlobusClients,
        named: str,
    ) -> None:
        """`user` is the Jupyter server's; `named` is what Globus calls the consent."""
        self.id = str(uuid.uuid4())
        self.user = user
        self.state = secrets.token_urlsafe(32)
        self.begun = time.monotonic()
        self._clients = clients
        self._host = settings.auth_url
        self._client = clients.native()
        self._client.oauth2_start_flow(
            requirements.scopes(),
            redirect_uri=settings.redirect or f"{settings.auth_url}/v2/web/auth-code",
            state=self.state,
            refresh_tokens=True,
            prefill_named_grant=named,
        )
        self.url = self._client.oauth2_get_authorize_url(**requirements.session())

    def complete(self, code: str, store: TokenStore) -> Identity:
        """Exchange the code and store the login that comes of it. Blocks.

        A login of another identity replaces the one that was there, which is revoked. Raises
        `GatewayError`, 400 `CODE_REFUSED` among them: then another code may be tried.
        """
        decoder = IDTokenDecoder(self._client)
        flow = _CodeFlow(self._client)
        try:
            with globus_answers(self._host, grant=True):
                tokens = flow.exchange(code)
                identity = identity_of(decoder.decode(tokens["id_token"]))
            with store.locked():
                try:
                    self._store(flow, decoder, store)
                except IdentityMismatchError:
                    revoke_all(self._client, self._host, store)
                    self._store(flow, decoder, store)
        except GrantRefusedError:
            raise code_refused() from None
        except TokenValidationError:
            raise sign_in_refused("Globus gave less than was asked for.") from None
        return identity

    def close(self) -> None:
        """Let go of the connection to Globus."""
        self._client.close()

    def _store(self, flow: _CodeFlow, decoder: IDTokenDecoder, store: TokenStore) -> None:
        with (
            store.opened() as storage,
            globus_answers(self._host),
            self._clients.user_app(self._client, storage, flow=flow, decoder=decoder) as app,
        ):
            app.login(force=True)


class _CodeFlow(LoginFlowManager):
    """Gives an app the tokens of a code that has been exchanged already."""

    def __init__(self, client: NativeAppAuthClient) -> None:
        super().__init__(client, request_refresh_tokens=True)
        self._tokens: OAuthTokenResponse | None = None

    def exchange(self, code: str) -> OAuthTokenResponse:
        """Ask Globus Auth for the tokens."""
        self._tokens = self.login_client.oauth2_exchange_code_for_tokens(code)
        return self._tokens

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> OAuthTokenResponse:
        """See `LoginFlowManager`."""
        del auth_parameters
        assert self._tokens is not None  # noqa: S101 - `exchange` comes first
        return self._tokens
