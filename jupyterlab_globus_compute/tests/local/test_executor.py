"""The unmodified ``Executor`` of the Python SDK, with a RabbitMQ that the user runs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pika  # type: ignore[import-untyped]
import pytest

from jupyterlab_globus_compute.local.result_queue import QUEUE_PREFIX

from .rabbitmq import PROGRAM, RabbitMq
from .service_process import TIMEOUT_S, LocalService, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SESSION = "jupyterlab_globus_compute.tests.local.executor_session"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="rabbitmq-server is not installed")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMq]:
    with RabbitMq(tmp_path_factory.mktemp("broker") / "home") as broker:
        yield broker


@pytest.fixture
def service_with_queue(tmp_path: Path, broker: RabbitMq) -> Iterator[LocalService]:
    # From a file: a command line can be read by everybody on the machine.
    settings = tmp_path / "settings"
    settings.write_text(f"--amqp-url={broker.url}")
    with LocalService(tmp_path / "data", arguments=[f"@{settings}"]) as service:
        yield service


def test_a_thousand_tasks(service_with_queue: LocalService) -> None:
    session = subprocess.run(
        [sys.executable, "-m", SESSION, str(service_with_queue.data_dir), "1000"],
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_S,
        check=True,
    )
    seen = json.loads(session.stdout)
    assert seen["results"] == [2 * i for i in range(1000)]
    assert "ValueError: bad 7" in seen["failure"]


def queued(broker: RabbitMq, group_id: str) -> int:
    """Return how many results wait in the queue of a group."""
    connection = pika.BlockingConnection(pika.URLParameters(broker.url))
    try:
        queue = connection.channel().queue_declare(QUEUE_PREFIX + group_id, passive=True)
        return int(queue.method.message_count)
    finally:
        connection.close()


def submit_with_queue(service: LocalService, count: int) -> tuple[str, list[str]]:
    function_id = service.register("def f():\n    return 1\n")
    body = {"tasks": {function_id: [service.payload()] * count}, "create_queue": True}
    answer = service.request("POST", f"/v3/endpoints/{service.endpoint_id}/submit", body)
    return answer.body["task_group_id"], answer.body["tasks"][function_id]


@pytest.mark.long
def test_results_wait_for_a_broker_that_is_away(
    service_with_queue: LocalService, broker: RabbitMq
) -> None:
    broker.stop()
    group_id, ids = submit_with_queue(service_with_queue, 5)
    service_with_queue.finished(ids)
    service_with_queue.kill()
    service_with_queue.start()
    broker.start()
    wait_until(lambda: queued_or_none(broker, group_id) == 5, "all results are delivered")
    assert "guest:guest" not in service_with_queue.stderr()


def queued_or_none(broker: RabbitMq, group_id: str) -> int | None:
    try:
        return queued(broker, group_id)
    except pika.exceptions.ChannelClosedByBroker:
        return None


def test_only_who_asks_gets_a_queue(service_with_queue: LocalService, broker: RabbitMq) -> None:
    function_id = service_with_queue.register("def f():\n    return 1\n")
    body = {"tasks": {function_id: [service_with_queue.payload()]}}
    path = f"/v3/endpoints/{service_with_queue.endpoint_id}/submit"
    answer = service_with_queue.request("POST", path, body).body
    service_with_queue.finished(answer["tasks"][function_id])
    group_id, _ = submit_with_queue(service_with_queue, 1)
    wait_until(lambda: queued(broker, group_id) == 1, "the other result is delivered")
    assert queued_or_none(broker, answer["task_group_id"]) is None
