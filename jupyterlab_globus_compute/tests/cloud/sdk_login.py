"""The Python SDK's login in a terminal: ``… sdk_login {login|show|renew|logout}``.

Prints one JSON line: whether a login is required, and whose it is. What ``login`` prints and
reads before is the SDK's own. It never asks at any other time.
"""

from __future__ import annotations

import json
import sys

from globus_compute_sdk import Client
from globus_sdk import AuthClient
from globus_sdk.scopes import AuthScopes, ComputeScopes


def main() -> None:
    """Do what the argument says with the SDK's own app."""
    # Of no use but to tell the app which scopes the SDK needs; nothing is sent to it.
    app = Client(do_version_check=False).app
    assert app is not None
    if sys.argv[1] == "login":
        app.login()
    elif sys.argv[1] == "logout":
        app.logout()
    elif sys.argv[1] == "renew":
        # As it does when the service refuses its token.
        authorizer = app.get_authorizer(ComputeScopes.resource_server)
        authorizer.handle_missing_authorization()
        authorizer.get_authorization_header()
    is_required = app.login_required()
    username = None
    if not is_required:
        auth = AuthClient(app=app, app_scopes=[AuthScopes.openid])
        (identity,) = auth.get_identities(ids=auth.userinfo()["sub"])["identities"]
        username = identity["username"]
    print()
    print(json.dumps({"loginRequired": is_required, "username": username}))


if __name__ == "__main__":
    main()
