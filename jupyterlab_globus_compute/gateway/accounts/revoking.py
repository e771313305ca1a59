"""Taking back what Globus Auth issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError

from .globus_clients import globus_answers

if TYPE_CHECKING:
    from globus_sdk import NativeAppAuthClient

    from .token_store import TokenStore


def revoke_all(client: NativeAppAuthClient, host: str, store: TokenStore) -> bool:
    """Revoke every token in a store and remove it (RFC 7009). Blocks.

    The store is empty afterwards whatever Globus answers; whether Globus has taken back all of
    them is the answer. Raises `GatewayError` 500 for a store that cannot be written.
    """
    revoked = True
    with store.opened() as storage:
        for stored in storage.get_token_data_by_resource_server().values():
            # The refresh token first: no access token can come of it any more.
            for token in (stored.refresh_token, stored.access_token):
                if token is None:
                    continue
                try:
                    with globus_answers(host):
                        client.oauth2_revoke_token(token)
                except GatewayError:
                    revoked = False
            storage.remove_token_data(stored.resource_server)
    return revoked
