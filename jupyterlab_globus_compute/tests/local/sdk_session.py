"""A session of the unmodified Python SDK with the local service; prints what it saw as JSON.

The SDK talks to ``http://localhost:5000`` when told to use local services, and nothing can
change that. Run as ``python -m jupyterlab_globus_compute.tests.local.sdk_session DATA_DIR``
where port 5000 is free; with ``--loopback`` it first brings up the loopback device of a new
network namespace.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from globus_compute_sdk import Client
from globus_compute_sdk.errors import TaskExecutionFailed, TaskPending
from globus_sdk import GlobusAPIError
from globus_sdk.authorizers import AccessTokenAuthorizer

from .service_process import LocalService, wait_until

PORT = 5000
UNKNOWN = "00000000-0000-0000-0000-00000000dead"


def double(x: int) -> int:
    """Return twice as much."""
    return x * 2


def fail(text: str) -> None:
    """Raise what the caller expects."""
    raise ValueError(text)


def observe(service: LocalService) -> dict[str, Any]:
    """Use each method of the SDK's client once and return what came of it."""
    token = AccessTokenAuthorizer(service.address["token"])
    client = Client(local_compute_services=True, authorizer=token)
    endpoint_id = service.endpoint_id
    seen: dict[str, Any] = {}

    function_id = client.register_function(double)
    seen["function"] = client.get_function(function_id)["function_name"]
    task_id = client.run(21, endpoint_id=endpoint_id, function_id=function_id)
    seen["run"] = result_of(client, task_id)
    seen["task"] = client.get_task(task_id)["status"]

    batch = client.create_batch()
    for i in range(10):
        batch.add(function_id, (i,))
    tasks = client.batch_run(endpoint_id, batch)["tasks"]
    batch_ids = tasks[function_id]
    wait_until(
        lambda: not any(task["pending"] for task in client.get_batch_result(batch_ids).values()),
        "the batch has ended",
    )
    results = client.get_batch_result(batch_ids)
    seen["batch"] = [results[id_]["result"] for id_ in batch_ids]

    failing = client.run(
        "bad 7", endpoint_id=endpoint_id, function_id=client.register_function(fail)
    )
    try:
        result_of(client, failing)
    except TaskExecutionFailed as error:
        seen["failure"] = str(error)

    source_id = client.register_source_code("def half(x):\n    return x / 2\n", "half")
    half = client.run(3, endpoint_id=endpoint_id, function_id=source_id)
    seen["source"] = result_of(client, half)

    seen["hardware"] = result_of(client, client.get_worker_hardware_details(endpoint_id))
    seen["unknown_task"] = client.get_batch_result([UNKNOWN])[UNKNOWN]["status"]
    seen["endpoints"] = [endpoint["uuid"] for endpoint in client.get_endpoints()]
    seen["metadata"] = client.get_endpoint_metadata(endpoint_id)
    seen["status"] = client.get_endpoint_status(endpoint_id)["status"]
    seen["allowed"] = client.get_allowed_functions(endpoint_id)["restricted"]
    client.delete_function(function_id)
    try:
        client.get_function(function_id)
    except GlobusAPIError as error:
        seen["deleted"] = [error.http_status, error.code]
    return seen


def result_of(client: Client, task_id: str) -> Any:
    """Wait until a task has ended and return its result, or raise why it failed."""

    def ended() -> bool:
        try:
            client.get_result(task_id)
        except TaskPending:
            return False
        except TaskExecutionFailed:
            return True
        return True

    wait_until(ended, "the task has ended")
    return client.get_result(task_id)


def main() -> None:
    """Run the session; any warning of the SDK is an error."""
    warnings.simplefilter("error", UserWarning)
    if "--loopback" in sys.argv:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607
    with LocalService(Path(sys.argv[1]), port=PORT) as service:
        seen = observe(service)
        print(json.dumps({"endpoint_id": service.endpoint_id, **seen}))


if __name__ == "__main__":
    main()
