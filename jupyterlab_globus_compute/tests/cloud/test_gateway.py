"""The gateway with a real OpenID provider and a service that asks it about every token."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from globus_compute_sdk.serialize import ComputeSerializer

from jupyterlab_globus_compute.tests.gateway.support import Answer, Api, Fetch

from .browse import get_code
from .endpoints import CLUSTER, PERSON, PROGRAM, PROGRAMS_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from .cloud import Cloud

_DEADLINE_S = 60.0
_SERVICE = "services/cloud"
_SOURCE = """
def square(x, gate):
    import os, time
    end = time.time() + 60
    while os.path.isdir(gate) and not os.path.exists(os.path.join(gate, "open")):
        assert time.time() < end, "the gate stays shut"
        time.sleep(0.02)
    return x * x
"""


@pytest.fixture(autouse=True)
def login_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SDK's folder, and an environment that signs nobody in."""
    for name in list(os.environ):
        if name.startswith(("GLOBUS_", "FUNCX_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "logins"
    monkeypatch.setenv("GLOBUS_COMPUTE_USER_DIR", str(folder))
    return folder


@pytest.fixture
def jp_server_config(cloud: Cloud, tmp_path: Path) -> dict[str, Any]:
    """The configuration of the Jupyter server."""
    cloud.control("set", requests_in_10_s=20, requirements=None)
    urls = {"auth": cloud.auth_url, "groups": cloud.compute_url, "compute": cloud.compute_url}
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_globus_compute": True}},
        "GlobusComputeExtension": {
            "globus_urls": urls,
            "vault_dir": str(tmp_path / "vault"),
            "local_data_dir": str(tmp_path / "local"),
        },
    }


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A folder in which a file named ``open`` lets the tasks end."""
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


@pytest.fixture
def api(jp_fetch: Fetch) -> Api:
    """The gateway's routes, called with the Jupyter server's token."""
    return Api(jp_fetch)


async def sign_in(api: Api, requirements: dict[str, Any] | None = None) -> dict[str, Any]:
    """Sign in as a person does; gives what the gateway then says of the account."""
    begun = await api.call("POST", "accounts/cloud/sign-in", {"requirements": requirements})
    assert begun.status == 200, begun.json
    code = await asyncio.to_thread(get_code, begun.json["url"])
    path = f"accounts/cloud/sign-in/{begun.json['id']}"
    done = await api.call("POST", path, {"code": code})
    assert done.status == 200, done.json
    account: dict[str, Any] = done.json
    return account


async def register(api: Api) -> str:
    """Register the function of the tests, and return its id."""
    body = {"function_name": "square", "function_code": _SOURCE, "serialized": False, "meta": {}}
    answer = await api.call("POST", f"{_SERVICE}/v3/functions", body)
    assert answer.status == 200, answer.json
    return str(answer.json["function_uuid"])


async def submit(api: Api, gate: Path, count: int, endpoint_id: str = CLUSTER) -> list[str]:
    """Submit a batch that waits for the gate, and return its tasks' ids."""
    function_id = await register(api)
    serializer = ComputeSerializer()
    payloads = [
        serializer.pack_buffers([serializer.serialize((x, str(gate))), serializer.serialize({})])
        for x in range(count)
    ]
    answer = await send(api, {function_id: payloads}, endpoint_id)
    assert answer.status == 200, answer.json
    return [str(task_id) for task_id in answer.json["tasks"][function_id]]


async def send(api: Api, tasks: dict[str, list[str]], endpoint_id: str = CLUSTER) -> Answer:
    """Send a submission, as a batch of its own that the gateway follows."""
    batch_id = str(uuid.uuid4())
    ((function_id, payloads),) = tasks.items()
    plan = {
        "title": "square",
        "service": "cloud",
        "endpoint": {"id": endpoint_id, "name": "cluster"},
        "notebookPath": "a.ipynb",
        "cellId": "cell",
        "sourceHash": "0" * 64,
        "created": 7.0,
        "calls": [
            {"index": i, "label": f"square({i})", "line": 1, "functionId": function_id}
            for i in range(len(payloads))
        ],
    }
    put = await api.call("PUT", f"batches/{batch_id}", plan)
    assert put.status == 200, put.json
    return await api.call(
        "POST",
        f"{_SERVICE}/v3/endpoints/{endpoint_id}/submit",
        {"tasks": tasks},
        headers={"X-Globus-Compute-Batch": batch_id},
    )


async def results(api: Api, task_ids: list[str]) -> list[Any]:
    """Wait until the vault has all results, and return them."""
    views: dict[str, Any] = {}

    async def has_all() -> bool:
        answer = await api.call("POST", f"{_SERVICE}/v2/batch_status", {"task_ids": task_ids})
        if answer.status != 200:
            return False
        views.update(answer.json["results"])
        return all("result" in views[task_id] for task_id in task_ids)

    await until(has_all, "all results")
    return [ComputeSerializer().deserialize(views[task_id]["result"]) for task_id in task_ids]


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until a condition holds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _DEADLINE_S
    while not await condition():
        assert loop.time() < deadline, f"{what} did not come about"
        await asyncio.sleep(0.3)


async def has_state(api: Api, state: str) -> bool:
    """Whether the account is in a state."""
    return bool((await api.call("GET", "accounts/cloud")).json["state"] == state)


def alive(cloud: Cloud) -> list[str]:
    """The tokens that are worth something still."""
    issued = cloud.control_auth("issued")
    tokens = issued["accessTokens"] + issued["refreshTokens"]
    return [token for token in tokens if cloud.control_auth("alive", token=token)]


def submitted(cloud: Cloud, task_ids: list[str]) -> int:
    """In how many submits these tasks and their like came; no call may come twice."""
    submissions = cloud.control("log")["submissions"]
    calls = [(task["function"], task["payload"]) for one in submissions for task in one["tasks"]]
    assert len(calls) == len(set(calls))
    return sum(any(task["id"] in task_ids for task in one["tasks"]) for one in submissions)


def terminal(cloud: Cloud, deed: str) -> dict[str, Any]:
    """The unmodified Python SDK in a terminal of the same person."""
    session = subprocess.run(
        [sys.executable, "-m", f"{__package__}.sdk_login", deed],
        env={**os.environ, "GLOBUS_SDK_SERVICE_URL_AUTH": f"{cloud.auth_url}/"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=_DEADLINE_S,
        check=True,
    )
    login: dict[str, Any] = json.loads(session.stdout.splitlines()[-1])
    return login


async def test_a_batch_outlives_its_tokens(api: Api, cloud: Cloud, gate: Path) -> None:
    account = await sign_in(api)
    assert account["identityId"] == PERSON
    task_ids = await submit(api, gate, 10)

    # An access token ends: nobody notices.
    cloud.control_auth("end-access-tokens")
    assert (await api.call("GET", f"{_SERVICE}/v2/endpoints/{CLUSTER}")).status == 200
    assert cloud.control_auth("grants")[-1] == "refresh_token"

    # The login is revoked: the account says so, and the batch waits.
    cloud.control_auth("end-sign-ins")
    (gate / "open").touch()
    await until(lambda: has_state(api, "signed-out"), "the end of the login")
    assert (await api.call("GET", "accounts/cloud")).json["problem"]
    refused = await api.call("GET", f"{_SERVICE}/v2/endpoints")
    refused.assert_error(401, "SIGN_IN_NEEDED")

    await sign_in(api)
    assert await results(api, task_ids) == [x * x for x in range(10)]
    assert submitted(cloud, task_ids) == 1
    assert cloud.control("log")["unexpected"] == []


async def test_a_sign_out_ends_what_was_issued(api: Api, cloud: Cloud) -> None:
    cloud.control_auth("end-sign-ins")
    await sign_in(api)
    cloud.control_auth("end-access-tokens")
    assert (await api.call("GET", f"{_SERVICE}/v2/endpoints")).status == 200
    assert alive(cloud) != []
    signed_out = await api.call("POST", "accounts/cloud/sign-out", {})
    assert (signed_out.json["state"], signed_out.json["problem"]) == ("signed-out", None)
    assert alive(cloud) == []


async def test_a_terminal_and_the_server_renew_one_login(api: Api, cloud: Cloud) -> None:
    await sign_in(api)
    cloud.control_auth("end-access-tokens")
    # Each refresh token is good for one use: whoever comes second needs the other's.
    assert (await api.call("GET", f"{_SERVICE}/v2/endpoints")).status == 200
    assert await asyncio.to_thread(terminal, cloud, "renew") == {
        "loginRequired": False,
        "username": "ada@university.example",
    }
    grants = cloud.control_auth("grants")
    assert (await api.call("GET", f"{_SERVICE}/v2/endpoints")).status == 200
    assert cloud.control_auth("grants") == grants
    assert (await asyncio.to_thread(terminal, cloud, "logout"))["loginRequired"]
    assert await has_state(api, "signed-out")


async def test_what_a_service_asks_of_a_sign_in(api: Api, cloud: Cloud, gate: Path) -> None:
    await sign_in(api)
    (gate / "open").touch()
    function_id = await register(api)
    serializer = ComputeSerializer()
    payload = serializer.pack_buffers([serializer.serialize((3, "")), serializer.serialize({})])
    asked = {
        "session_message": "Use your lab's account",
        "session_required_single_domain": ["hpc.example"],
    }
    cloud.control("set", requirements=asked)
    refused = await send(api, {function_id: [payload]})
    assert refused.status in (401, 403)
    assert "Use your lab's account" in refused.json["reason"]
    assert refused.json["sign_in"]["service"] == "cloud"
    await sign_in(api, refused.json["sign_in"]["requirements"])
    accepted = await send(api, {function_id: [payload]})
    assert accepted.status == 200
    assert await results(api, accepted.json["tasks"][function_id]) == [9]


class TestWithClientCredentials:
    """The server's environment has a client's id and secret."""

    @pytest.fixture(autouse=True)
    def credentials(
        self, cloud: Cloud, login_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before the Jupyter server starts."""
        monkeypatch.setenv("FUNCX_SDK_CLIENT_ID", cloud.program_client["clientId"])
        monkeypatch.setenv("FUNCX_SDK_CLIENT_SECRET", cloud.program_client["clientSecret"])

    async def test_a_batch_outlives_its_tokens(
        self, credentials: None, api: Api, cloud: Cloud, gate: Path
    ) -> None:
        task_ids = await submit(api, gate, 10, PROGRAMS_CLUSTER)
        cloud.control_auth("end-access-tokens")
        (gate / "open").touch()
        assert await results(api, task_ids) == [x * x for x in range(10)]
        assert submitted(cloud, task_ids) == 1
        account = (await api.call("GET", "accounts/cloud")).json
        assert (account["state"], account["method"]) == ("signed-in", "client-credentials")
        assert (account["identityId"], account["canSignIn"]) == (PROGRAM, False)
        last = cloud.control("log")["submissions"][-1]
        assert last["identity"] == PROGRAM
