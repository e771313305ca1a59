"""The WebSocket through a real Jupyter server: what browsers are told of."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.gateway.test_real_service import Compute
from jupyterlab_globus_compute.tests.local.service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from jupyter_server.serverapp import ServerApp
    from tornado.websocket import WebSocketClientConnection

    from jupyterlab_globus_compute.tests.gateway.support import Api

    WsFetch = Callable[..., Awaitable[WebSocketClientConnection]]
    Connect = Callable[[], Awaitable["EventSocket"]]

BATCH = "0a5ecb4e-7a21-4d6c-9f0e-2f3a6b1c9d10"
GROUP = "7c1c6d3e-0b57-4a53-8a86-4b1f4c2d9e21"


class EventSocket:
    """One browser's socket."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self.socket = socket

    async def say(self, message: Any) -> None:
        """Send something."""
        text = message if isinstance(message, (str, bytes)) else json.dumps(message)
        await self.socket.write_message(text, binary=isinstance(text, bytes))

    async def subscribe(self, since: int | None = None) -> dict[str, Any]:
        """Subscribe; answers the first message."""
        await self.say({"type": "subscribe", "since": since})
        return await self.next()

    async def next(self) -> dict[str, Any]:
        """The next message, which must come."""
        text = await asyncio.wait_for(self.socket.read_message(), 30.0)
        assert text is not None, f"closed: {self.socket.close_code}"
        message: dict[str, Any] = json.loads(text)
        return message

    async def closed(self) -> int | None:
        """Wait until the server has closed the socket; answers the code."""
        while await asyncio.wait_for(self.socket.read_message(), 30.0) is not None:
            pass
        return self.socket.close_code


@pytest.fixture(scope="module")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A real service."""
    with LocalService(tmp_path_factory.mktemp("shared") / "data", workers=1) as service:
        yield service


@pytest.fixture
def extension_traits(shared_service: LocalService) -> dict[str, Any]:
    """The extension's configuration: the real service."""
    return {"local_data_dir": str(shared_service.data_dir)}


@pytest.fixture
def connect(jp_ws_fetch: WsFetch) -> Connect:
    """Opens a socket that has said nothing yet."""

    async def open_socket() -> EventSocket:
        return EventSocket(await jp_ws_fetch("globus-compute", "events"))

    return open_socket


def plan_of(endpoint_id: str, function_id: str, count: int) -> dict[str, Any]:
    """What a browser says before a submit."""
    calls = [
        {"index": index, "label": f"f({index})", "line": 2, "functionId": function_id}
        for index in range(count)
    ]
    return {
        "title": "areas",
        "service": "local",
        "endpoint": {"id": endpoint_id, "name": "here"},
        "notebookPath": "a/ü.ipynb",
        "cellId": "c1",
        "sourceHash": "0" * 64,
        "created": 1.0,
        "taskGroupId": GROUP,
        "calls": calls,
    }


async def test_a_batch_from_its_plan_to_its_results(
    api: Api, connect: Connect, shared_service: LocalService
) -> None:
    compute = Compute(api)
    events = await connect()
    assert (await events.subscribe())["type"] == "hello"
    endpoint_id = await compute.endpoint_id()
    function_id = await compute.register("def f(x):\n    return x * x\n")
    planned = await api.call("PUT", f"batches/{BATCH}", plan_of(endpoint_id, function_id, 3))
    assert planned.status == 200, planned
    body = {
        "tasks": {function_id: [compute.payload(n) for n in range(3)]},
        "task_group_id": GROUP,
    }
    headers = {"X-Globus-Compute-Batch": BATCH}
    path = f"v3/endpoints/{endpoint_id}/submit"
    submitted = await api.local("POST", path, body, headers=headers)
    assert submitted.status == 200, submitted
    task_ids = submitted.json["tasks"][function_id]
    # Recorded before the submit was answered.
    listed = await api.call("GET", f"batches/{BATCH}/tasks")
    assert [task["id"] for task in listed.json["tasks"]] == task_ids

    states: dict[str, str] = {}
    batches: dict[str, dict[str, Any]] = {}
    sequence = 0
    while batches.get(BATCH, {}).get("state") != "done":
        message = await events.next()
        sequence = message.get("sequence", sequence)
        states.update({task["id"]: task["status"] for task in message.get("tasks", [])})
        assert {task["batch"] for task in message.get("tasks", [])} <= {BATCH}
        batches.update({batch["id"]: batch for batch in message.get("batches", [])})
    assert states == dict.fromkeys(task_ids, "success")
    assert batches[BATCH]["counts"]["done"] == 3

    # The results are the vault's now: byte for byte, and without the service.
    direct = shared_service.request("POST", "/v2/batch_status", {"task_ids": task_ids})
    assert isinstance(direct.body, dict)
    shared_service.kill()
    try:
        kept = await api.local("POST", "v2/batch_status", {"task_ids": task_ids})
        one = await api.local("GET", f"v2/tasks/{task_ids[0]}")
    finally:
        shared_service.start()
    assert [compute.value(kept.json["results"][task_id]) for task_id in task_ids] == [0, 1, 4]
    assert kept.json["results"] == direct.body["results"]
    assert one.json == direct.body["results"][task_ids[0]]

    # Who comes back is told nothing that it has read.
    listed = await api.call("GET", "batches")
    assert [batch["id"] for batch in listed.json["batches"]] == [BATCH]
    assert listed.json["sequence"] == sequence
    back = await connect()
    assert await back.subscribe(sequence) == {
        "type": "hello",
        "sequence": sequence,
        "features": {},
    }
    forgotten = await api.call("DELETE", f"batches/{BATCH}")
    assert forgotten.status == 204
    message = await back.next()
    assert (message["type"], message["batches"], message["removed"]) == ("batches", [], [BATCH])


async def test_a_second_subscription_ends_the_socket(connect: Connect) -> None:
    events = await connect()
    await events.subscribe()
    await events.say({"type": "subscribe", "since": None})
    assert await events.closed() == 1008


@pytest.mark.parametrize(
    "message",
    [
        "",
        "[]",
        "7",
        "{",
        b"\xff",
        {},
        {"type": "subscribe"},
        {"type": "subscribe", "since": "7"},
        {"type": "subscribe", "since": True},
        {"type": "subscribe", "since": 2**53},
        {"type": "publish", "since": None},
        "[" * 4000,
    ],
    ids=lambda message: repr(message)[:30],
)
async def test_what_is_no_subscription_ends_the_socket(connect: Connect, message: Any) -> None:
    events = await connect()
    await events.say(message)
    assert await events.closed() == 1008


async def test_a_long_message_ends_the_socket(connect: Connect) -> None:
    events = await connect()
    await events.say("x" * 5000)
    assert await events.closed() in (1006, 1009)


async def test_the_end_of_the_server_is_told(connect: Connect, jp_serverapp: ServerApp) -> None:
    events = await connect()
    await events.subscribe()
    await jp_serverapp.cleanup_extensions()
    assert await events.closed() == 1001


async def test_a_number_of_another_vault_is_a_reset(connect: Connect) -> None:
    events = await connect()
    assert (await events.subscribe(since=10**9))["type"] == "hello"
    assert (await events.next())["type"] == "reset"
