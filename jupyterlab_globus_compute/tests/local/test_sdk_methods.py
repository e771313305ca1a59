"""Every method of the unmodified Python SDK's client, and what it says of each failure."""

from __future__ import annotations

import platform
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from globus_compute_sdk import Client
from globus_compute_sdk.errors import TaskExecutionFailed, TaskPending
from globus_compute_sdk.serialize import (
    AllCodeStrategies,
    CombinedCode,
    ComputeSerializer,
    DillCode,
    DillCodeSource,
    DillCodeTextInspect,
    JSONData,
    PureSourceDill,
    PureSourceTextInspect,
    SerializationStrategy,
)
from globus_sdk import GlobusAPIError

import jupyterlab_globus_compute

from .sdk_session import double, fail, result_of
from .service_process import LocalService, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

UNKNOWN = "00000000-0000-0000-0000-00000000dead"
PURE = (PureSourceDill, PureSourceTextInspect)

STRATEGIES: list[type[SerializationStrategy]] = [
    DillCode,
    DillCodeSource,
    DillCodeTextInspect,
    CombinedCode,
    AllCodeStrategies,
    *PURE,
]


class Watched:
    """A client that remembers which of its methods have been used."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.used: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.used.add(name)
        return getattr(self.client, name)


@pytest.fixture
def client(service: LocalService) -> Client:
    return jupyterlab_globus_compute.connect(service.data_dir)


def error_of(call: Callable[[], object]) -> tuple[int, str | None]:
    """Return the status and the code of the service's refusal."""
    with pytest.raises(GlobusAPIError) as caught:
        call()
    return caught.value.http_status, caught.value.code


def test_every_method(own_service: LocalService) -> None:
    plain = jupyterlab_globus_compute.connect(own_service.data_dir)
    client, endpoint_id = Watched(plain), own_service.endpoint_id
    client.version_check(endpoint_version="4.19.0")
    function_id = client.register_function(double, public=True, group=str(uuid.uuid4()))
    function = client.get_function(function_id)
    assert function["description"] == "Return twice as much."
    assert function["public"] is True
    source_id = client.register_source_code("def half(x):\n    return x / 2\n", "half")
    task_id = client.run(3, endpoint_id=endpoint_id, function_id=source_id)
    assert result_of(plain, task_id) == 1.5
    assert client.get_result(task_id) == 1.5
    assert client.get_task(task_id)["status"] == "success"

    batch = client.create_batch(user_endpoint_config={"x": 1}, resource_specification={})
    for i in range(10):
        batch.add(function_id, (i,))
    receipt = client.batch_run(endpoint_id, batch)
    ids = receipt["tasks"][function_id]
    own_service.finished(ids)
    results = client.get_batch_result(ids)
    assert [results[id_]["result"] for id_ in ids] == [2 * i for i in range(10)]
    again = client.create_batch(task_group_id=receipt["task_group_id"])
    again.add(function_id, (1,))
    assert client.batch_run(endpoint_id, again)["task_group_id"] == receipt["task_group_id"]

    report = result_of(plain, client.get_worker_hardware_details(endpoint_id))
    assert platform.python_version() in report
    assert [endpoint["uuid"] for endpoint in client.get_endpoints("any")] == [endpoint_id]
    assert client.get_endpoint_metadata(endpoint_id)["name"] == "this-computer"
    assert client.get_endpoint_status(endpoint_id)["status"] == "online"
    assert client.get_allowed_functions(endpoint_id)["restricted"] is False
    assert client.stop_endpoint(endpoint_id)["endpoint_id"] == endpoint_id
    register = client.register_endpoint
    assert error_of(lambda: register("x", None)) == (403, "NOT_SUPPORTED")
    assert error_of(lambda: register("x", endpoint_id)) == (403, "NOT_SUPPORTED")
    assert error_of(client.get_result_amqp_url) == (404, "RESULT_QUEUE_NOT_FOUND")
    assert client.delete_function(function_id)["result"] == 302
    assert client.delete_endpoint(endpoint_id)["result"] == 302
    assert client.get_endpoints() == []
    client.logout()

    methods = {
        name for name, value in vars(Client).items() if callable(value) and not name.startswith("_")
    }
    assert methods - client.used == set()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.__name__)
def test_code_strategies(
    service: LocalService, client: Client, strategy: type[SerializationStrategy]
) -> None:
    data = JSONData() if strategy in PURE else None  # type: ignore[no-untyped-call]
    client.fx_serializer = ComputeSerializer(strategy_code=strategy(), strategy_data=data)
    function_id = client.register_function(double)
    task_id = client.run(21, endpoint_id=service.endpoint_id, function_id=function_id)
    assert result_of(client, task_id) == 42


def run_source(client: Client, service: LocalService, body: str, *args: object) -> str:
    """Run a function of these statements and return the task's id."""
    function_id = client.register_source_code(f"def f(*args):\n    {body}\n", "f")
    return str(client.run(*args, endpoint_id=service.endpoint_id, function_id=function_id))


def test_a_pending_task(service: LocalService, client: Client, tmp_path: Path) -> None:
    go = tmp_path / "go"
    body = "import os, time\n    while not os.path.exists(args[0]): time.sleep(0.01)"
    task_id = run_source(client, service, body, str(go))
    with pytest.raises(TaskPending):
        client.get_result(task_id)
    wait_until(lambda: client.get_task(task_id)["status"] == "running", "it runs")
    go.touch()
    assert result_of(client, task_id) is None


def test_an_exception(service: LocalService, client: Client) -> None:
    function_id = client.register_function(fail)
    task_id = client.run("bad 7", endpoint_id=service.endpoint_id, function_id=function_id)
    with pytest.raises(TaskExecutionFailed, match="ValueError: bad 7"):
        result_of(client, task_id)


def test_a_worker_that_is_killed(service: LocalService, client: Client) -> None:
    task_id = run_source(client, service, "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(TaskExecutionFailed, match="the worker process died"):
        result_of(client, task_id)


def test_a_result_that_is_too_large(service: LocalService, client: Client) -> None:
    task_id = run_source(client, service, "return b'x' * (11 * 1024 * 1024)")
    with pytest.raises(TaskExecutionFailed, match="MaxResultSizeExceeded"):
        result_of(client, task_id)


def test_ids_of_nothing(service: LocalService, client: Client) -> None:
    endpoint_id = service.endpoint_id
    function_id = client.register_function(double)
    assert error_of(lambda: client.get_task(UNKNOWN)) == (404, "TASK_NOT_FOUND")
    assert error_of(lambda: client.get_function(UNKNOWN)) == (404, "FUNCTION_NOT_FOUND")
    assert error_of(lambda: client.get_function("nonsense")) == (422, "INVALID_UUID")
    assert error_of(lambda: client.get_endpoint_status(UNKNOWN)) == (404, "ENDPOINT_NOT_FOUND")
    assert error_of(lambda: client.run(1, endpoint_id=UNKNOWN, function_id=function_id)) == (
        404,
        "ENDPOINT_NOT_FOUND",
    )
    assert error_of(lambda: client.run(1, endpoint_id=endpoint_id, function_id=UNKNOWN)) == (
        404,
        "FUNCTION_NOT_FOUND",
    )
    with_resources = client.create_batch(resource_specification={"num_nodes": 2})
    with_resources.add(function_id, (1,))
    answer = error_of(lambda: client.batch_run(endpoint_id, with_resources))
    assert answer == (422, "REQUEST_INVALID")
    assert client.get_batch_result([UNKNOWN])[UNKNOWN] == {"pending": True, "status": "unknown"}


def test_functions_that_are_not_allowed(tmp_path: Path) -> None:
    with LocalService(tmp_path / "data", arguments=["--allowed-function", UNKNOWN]) as service:
        client = jupyterlab_globus_compute.connect(service.data_dir)
        allowed = client.get_allowed_functions(service.endpoint_id)
        assert allowed["functions"] == [UNKNOWN]
        function_id = client.register_function(double)
        refused = error_of(
            lambda: client.run(1, endpoint_id=service.endpoint_id, function_id=function_id)
        )
        assert refused == (403, "FUNCTION_NOT_PERMITTED")


def test_result_serializers(service: LocalService, client: Client) -> None:
    batch = client.create_batch(result_serializers=["globus_compute_sdk.serialize.JSONData"])
    function_id = client.register_function(double)
    batch.add(function_id, (1,))
    (task_id,) = client.batch_run(service.endpoint_id, batch)["tasks"][function_id]
    assert result_of(client, task_id) == 2
    assert service.tasks([task_id])[task_id]["result"] == "11\n2"
