"""Results from a service's queue, through a real RabbitMQ and the local service."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pika  # type: ignore[import-untyped]
import pytest

from jupyterlab_globus_compute.gateway.result_push import checked_queue_url, read_result
from jupyterlab_globus_compute.tests.accounts.support import until
from jupyterlab_globus_compute.tests.local.rabbitmq import PROGRAM, RabbitMq
from jupyterlab_globus_compute.tests.local.service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Api

needs_broker = pytest.mark.skipif(PROGRAM is None, reason="rabbitmq-server is not installed")
PREFIX = "globus-compute.results."
WAITS = """
def f(path):
    import os, time
    while not os.path.exists(path):
        time.sleep(0.01)
    return 7
"""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RabbitMq]:
    """A broker."""
    with RabbitMq(tmp_path / "broker") as broker:
        yield broker


@pytest.fixture
def service(tmp_path: Path, broker: RabbitMq) -> Iterator[LocalService]:
    """A service that sends its results there."""
    settings = tmp_path / "settings"
    settings.write_text(f"--amqp-url={broker.url}", encoding="utf-8")
    with LocalService(tmp_path / "queued", workers=1, arguments=[f"@{settings}"]) as service:
        yield service


@pytest.fixture
def extension_traits(tmp_path: Path, service: LocalService) -> dict[str, Any]:
    """The extension's configuration: the service is one of another computer's."""
    token = tmp_path / "token"
    token.write_text(service.address["token"], encoding="utf-8")
    token.chmod(0o600)
    far = {"url": service.address["url"], "token_file": str(token), "amqp": True}
    return {"services": {"far": far}, "vault_dir": str(tmp_path / "vault")}


class Run:
    """One batch of a function that waits for a file."""

    def __init__(self, api: Api, service: LocalService, gate: Path) -> None:
        self.batch = str(uuid.uuid4())
        self.group = str(uuid.uuid4())
        self._api = api
        self._service = service
        self._gate = gate

    async def submit(self, calls: int) -> None:
        """Register and submit through the gateway."""
        function = {"function_name": "f", "function_code": WAITS, "serialized": False, "meta": {}}
        registered = await self._api.call("POST", "services/far/v3/functions", function)
        function_id = registered.json["function_uuid"]
        endpoint = self._service.endpoint_id
        plan = {
            "title": "f",
            "service": "far",
            "endpoint": {"id": endpoint, "name": "far"},
            "notebookPath": "a.ipynb",
            "cellId": "c",
            "sourceHash": "0" * 64,
            "created": 1.0,
            "taskGroupId": self.group,
            "calls": [
                {"index": index, "label": "f()", "line": 1, "functionId": function_id}
                for index in range(calls)
            ],
        }
        planned = await self._api.call("PUT", f"batches/{self.batch}", plan)
        assert planned.status == 200, planned.json
        payload = self._service.payload(str(self._gate))
        body = {"tasks": {function_id: [payload] * calls}, "task_group_id": self.group}
        answer = await self._api.call(
            "POST",
            f"services/far/v3/endpoints/{endpoint}/submit",
            body,
            headers={"X-Globus-Compute-Batch": self.batch},
        )
        assert answer.status == 200, answer.json

    async def is_done(self) -> bool:
        """Whether all results are in the vault."""
        state = (await self._api.call("GET", f"batches/{self.batch}")).json["state"]
        return bool(state == "done")

    async def answers(self) -> list[dict[str, Any]]:
        """What the vault has of each task."""
        tasks = (await self._api.call("GET", f"batches/{self.batch}/tasks")).json["tasks"]
        ids = [task["id"] for task in tasks]
        answer = await self._api.call("POST", "services/far/v2/batch_status", {"task_ids": ids})
        return [answer.json["results"][id_] for id_ in ids]


def queue_state(broker: RabbitMq, group: str) -> tuple[int, int] | None:
    """Messages and consumers of a group's queue; None if there is none."""
    connection = pika.BlockingConnection(pika.URLParameters(broker.url))
    try:
        method = connection.channel().queue_declare(PREFIX + group, passive=True).method
    except pika.exceptions.ChannelClosedByBroker:
        return None
    finally:
        connection.close()
    return method.message_count, method.consumer_count


@needs_broker
async def test_results_come_from_the_queue(
    api: Api, service: LocalService, broker: RabbitMq, tmp_path: Path
) -> None:
    run = Run(api, service, tmp_path / "gate")
    await run.submit(5)

    async def is_listening() -> bool:
        return queue_state(broker, run.group) == (0, 1)

    await until(is_listening, "a consumer of the queue")
    open_gate(tmp_path)
    await until(run.is_done, "the end of the batch")
    for answer in await run.answers():
        assert service.value(answer) == 7
        assert answer["details"]["python_version"]

    async def is_empty() -> bool:
        return queue_state(broker, run.group) == (0, 0)

    await until(is_empty, "the end of listening")


@needs_broker
async def test_a_broker_that_dies_is_replaced_by_asking(
    api: Api, service: LocalService, broker: RabbitMq, tmp_path: Path
) -> None:
    run = Run(api, service, tmp_path / "gate")
    await run.submit(3)

    async def is_listening() -> bool:
        return queue_state(broker, run.group) == (0, 1)

    await until(is_listening, "a consumer of the queue")
    broker.stop()
    open_gate(tmp_path)
    await until(run.is_done, "the end of the batch")


def open_gate(folder: Path) -> None:
    """Let the tasks end."""
    (folder / "gate").touch()


@pytest.mark.parametrize(
    ("url", "is_cloud", "expected"),
    [
        ("amqp://u:p@127.0.0.1:9/", True, "amqp://u:p@127.0.0.1:9/"),
        ("amqps://u:p@q.example:5671/v", False, "amqps://u:p@q.example:5671/v"),
        ("amqps://u:p@q.example:5671/v", True, "amqps://u:p@q.example:443/v"),
        ("amqps://u:p@q.example/", True, "amqps://u:p@q.example:443/"),
    ],
)
def test_the_clouds_queue_is_reached_through_firewalls(
    url: str, is_cloud: bool, expected: str
) -> None:
    assert checked_queue_url(url, is_cloud=is_cloud) == expected


@pytest.mark.parametrize("url", ["amqp://u:p4ss@q.example/", "http://q.example", "", "amqps://"])
def test_a_password_never_travels_readable(url: str) -> None:
    with pytest.raises(ValueError, match="address") as caught:
        checked_queue_url(url, is_cloud=False)
    assert "p4ss" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{}", b"\x01{}", b"\x01" + json.dumps([1]).encode()])
def test_what_is_no_result_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_result(body, 1)
