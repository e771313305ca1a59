"""No token, code or secret leaves the server, whatever happens."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.accounts.account import Account
from jupyterlab_globus_compute.gateway.accounts.globus_clients import GlobusClients
from jupyterlab_globus_compute.gateway.accounts.globus_settings import GlobusSettings
from jupyterlab_globus_compute.tests.accounts.globus_stand_in import (
    ENDPOINT,
    GROUPS_SCOPE,
    GlobusStandIn,
)
from jupyterlab_globus_compute.tests.accounts.support import sign_in
from jupyterlab_globus_compute.tests.accounts.test_watching import Batch
from jupyterlab_globus_compute.tests.gateway.support import Api

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Listening(Api):
    """Keeps all that the server answers."""

    heard: list[str]

    async def call(self, *args: Any, **kwargs: Any) -> Any:
        """See `Api.call`."""
        answer = await super().call(*args, **kwargs)
        self.heard.append(f"{answer.headers!r} {json.dumps(answer.json)}")
        return answer


async def test_a_whole_session_leaks_nothing(
    jp_fetch: Any, globus: GlobusStandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("globus_sdk", "urllib3", "filelock", "tornado", "asyncio", "ServerApp"):
        caplog.set_level(logging.DEBUG, logger=name)
    api = Listening(jp_fetch)
    api.heard = []
    codes: list[str] = []
    authorize = globus.authorize

    def remember(url: str, *user: dict[str, str]) -> str:
        codes.append(authorize(url, *user))
        return codes[-1]

    globus.authorize = remember  # type: ignore[assignment,method-assign] # to know the codes, too
    begun = await api.call("POST", "accounts/cloud/sign-in", {})
    wrong = await api.call(
        "POST", f"accounts/cloud/sign-in/{begun.json['id']}", {"code": "a-wrong-code"}
    )
    wrong.assert_error(400, "CODE_REFUSED")
    globus.rotates = True
    await sign_in(api, globus, requirements={"required_scopes": [GROUPS_SCOPE]})
    assert (await Batch(api, 2).submit()).status == 200
    await api.call("GET", "accounts")
    await api.call("GET", "accounts/cloud/groups")
    await api.call("POST", "accounts/cloud/check", {"endpoint": ENDPOINT})
    globus.expire_access_tokens()
    assert (await api.call("GET", "services/cloud/v2/endpoints")).status == 200
    globus.expire_access_tokens()
    globus.revoke_refresh_tokens()
    assert (await api.call("GET", "services/cloud/v2/endpoints")).status == 401
    await sign_in(api, globus)
    globus.demand = (403, {"code": "ConsentRequired", "required_scopes": ["a"], "reason": "r"})
    assert (await api.call("GET", "services/cloud/v2/endpoints")).status == 403
    await api.call("POST", "accounts/cloud/sign-out", {})

    assert len(globus.refresh) >= 4
    assert len(globus.access) >= 4
    places = {
        "answers": "\n".join(api.heard),
        "log": caplog.text + repr([record.__dict__ for record in caplog.records]),
        "vault": "".join(
            path.read_bytes().decode("latin-1")
            for path in (tmp_path / "vault").rglob("*")
            if path.is_file()
        ),
    }
    assert "globus_sdk" in places["log"]
    assert places["vault"]
    secrets = [*globus.issued, *codes, "a-wrong-code"]
    assert {name: [one for one in secrets if one in text] for name, text in places.items()} == {
        "answers": [],
        "log": [],
        "vault": [],
    }


def test_no_object_shows_a_secret() -> None:
    environ = {
        "GLOBUS_COMPUTE_CLIENT_ID": "c11e0000-0000-4000-8000-00000000000c",
        "GLOBUS_COMPUTE_CLIENT_SECRET": "s3cret",
    }
    settings = GlobusSettings()
    account = Account(
        "cloud",
        None,
        settings,
        GlobusClients(settings),
        logging.getLogger("accounts"),
        environ=environ,
    )
    assert "s3cret" not in repr(vars(account))
