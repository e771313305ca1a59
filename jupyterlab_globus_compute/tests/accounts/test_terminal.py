"""The login is the Python SDK's own: in another process, and both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.accounts.globus_settings import SDK_CLIENT_ID
from jupyterlab_globus_compute.tests.accounts.globus_stand_in import ADA, GlobusStandIn
from jupyterlab_globus_compute.tests.accounts.support import ask_compute, in_terminal, sign_in

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.gateway.support import Api

# What the SDK's `Client` does, with the address of the stand-in.
ASK = """
import json, sys
from globus_compute_sdk.sdk.auth.globus_app import DEFAULT_CLIENT_ID, get_globus_app
from globus_sdk import ComputeClientV2
app = get_globus_app()
client = ComputeClientV2(app=app)
client.base_url = {url!r}
is_needed = app.login_required()
answer = None if is_needed else client.get_version(service="all").data["api"]
print(json.dumps({{"needed": is_needed, "client": DEFAULT_CLIENT_ID, "api": answer}}))
"""
# What `globus-compute-endpoint login` does; the code comes through a pipe.
LOG_IN = """
import io, json, sys, contextlib
from globus_compute_sdk.sdk.auth.globus_app import get_globus_app
from globus_sdk import ComputeClientV2
from globus_sdk.login_flows import CommandLineLoginFlowManager
class Piped(CommandLineLoginFlowManager):
    def print_authorize_url(self, url):
        print(json.dumps(url), flush=True)
    def prompt_for_code(self):
        return sys.stdin.readline().strip()
app = get_globus_app()
ComputeClientV2(app=app)
app._login_flow_manager = Piped(app._login_client, request_refresh_tokens=True)
app.login()
print(json.dumps(app.login_required()))
"""
LOG_OUT = """
import json
from globus_compute_sdk.sdk.auth.globus_app import get_globus_app
from globus_sdk import ComputeClientV2
app = get_globus_app()
ComputeClientV2(app=app)
app.logout()
print(json.dumps(app.login_required()))
"""


async def log_in(globus: GlobusStandIn) -> bool:
    """Log in at a terminal; answer whether a login is still needed afterwards."""
    return bool(await in_terminal(globus, LOG_IN, answer=globus.authorize))


async def test_a_login_made_here_works_in_a_terminal(api: Api, globus: GlobusStandIn) -> None:
    script = ASK.format(url=globus.url)
    before = await in_terminal(globus, script)
    assert before == {"needed": True, "client": SDK_CLIENT_ID, "api": None}
    await sign_in(api, globus)
    after = await in_terminal(globus, script)
    assert (after["needed"], after["api"]) == (False, "1.2.3")


async def test_a_terminal_renews_what_was_made_here(api: Api, globus: GlobusStandIn) -> None:
    globus.rotates = True
    globus.lifetime_s = 1
    await sign_in(api, globus)
    globus.lifetime_s = 3600
    assert (await in_terminal(globus, ASK.format(url=globus.url)))["api"] == "1.2.3"
    assert await ask_compute(api) == 200


async def test_a_login_made_in_a_terminal_works_here(api: Api, globus: GlobusStandIn) -> None:
    assert await ask_compute(api) == 401
    assert await log_in(globus) is False
    account = (await api.call("GET", "accounts/cloud")).json
    assert (account["state"], account["method"]) == ("signed-in", "stored")
    assert (account["identityId"], account["username"], account["name"]) == (
        ADA["sub"],
        ADA["preferred_username"],
        ADA["name"],
    )
    assert account["canSignOut"]
    assert await ask_compute(api) == 200
    asked = len(globus.requests)
    await api.call("GET", "accounts")
    assert len(globus.requests) == asked


async def test_signing_out_in_a_terminal_holds_here(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    assert await in_terminal(globus, LOG_OUT) is True
    assert await ask_compute(api) == 401
    assert (await api.call("GET", "accounts/cloud")).json["state"] == "signed-out"


async def test_signing_out_here_holds_in_a_terminal(api: Api, globus: GlobusStandIn) -> None:
    assert await log_in(globus) is False
    await api.call("POST", "accounts/cloud/sign-out", {})
    assert (await in_terminal(globus, ASK.format(url=globus.url)))["needed"] is True
