"""The unmodified Python SDK with its own login, as a person or a program uses it.

Run by ``sdk_session``. Signs in by the SDK's own means, which for a person print an address and
read a code; prints what it saw as JSON in the last line. With ``--pause`` it waits for a line
of input between the two halves of its work.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from globus_compute_sdk import Client
from globus_compute_sdk.errors import TaskExecutionFailed, TaskPending
from globus_sdk import AuthClient
from globus_sdk.scopes import AuthScopes

from jupyterlab_globus_compute.tests.local.sdk_session import double, fail
from jupyterlab_globus_compute.tests.local.service_process import wait_until


def observe(client: Client, endpoint_id: str) -> dict[str, Any]:
    """Use the service, and return what came of it."""
    seen: dict[str, Any] = {"endpoints": {}}
    for role in ("owner", "any"):
        listed = client.get_endpoints(role=role)
        seen["endpoints"][role] = sorted(endpoint["name"] for endpoint in listed)
    seen["metadata"] = client.get_endpoint_metadata(endpoint_id)["display_name"]
    seen["status"] = client.get_endpoint_status(endpoint_id)["status"]
    function_id = client.register_function(double)
    seen["run"] = result_of(
        client, client.run(21, endpoint_id=endpoint_id, function_id=function_id)
    )
    if "--pause" in sys.argv:
        print("paused", flush=True)
        sys.stdin.readline()
    batch = client.create_batch()
    for i in range(10):
        batch.add(function_id, (i,))
    answer = client.batch_run(endpoint_id, batch)
    task_ids = answer["tasks"][function_id]
    wait_until(
        lambda: not any(task["pending"] for task in client.get_batch_result(task_ids).values()),
        "the batch has ended",
    )
    results = client.get_batch_result(task_ids)
    seen["batch"] = [results[task_id]["result"] for task_id in task_ids]
    failing = client.run(
        "bad 7", endpoint_id=endpoint_id, function_id=client.register_function(fail)
    )
    try:
        result_of(client, failing)
    except TaskExecutionFailed as error:
        seen["failure"] = str(error)
    seen["tasks"] = task_ids
    seen["group"] = answer["task_group_id"]
    seen["function"] = function_id
    return seen


def result_of(client: Client, task_id: str) -> Any:
    """Wait until a task has ended and return its result, or raise why it failed.

    The service gives either only once.
    """
    results: list[Any] = []

    def ended() -> bool:
        try:
            results.append(client.get_result(task_id))
        except TaskPending:
            return False
        return True

    wait_until(ended, "the task has ended")
    return results[0]


def main() -> None:
    """Sign in, work, and sign out where asked to."""
    logging.basicConfig(level=logging.ERROR)
    client = Client(local_compute_services=True)
    seen = observe(client, sys.argv[1])
    assert client.app is not None
    # Of the scopes that the SDK has asked for already, so that nobody is asked once more.
    auth = AuthClient(app=client.app, app_scopes=[AuthScopes.openid])
    (identity,) = auth.get_identities(ids=auth.userinfo()["sub"])["identities"]
    seen["username"] = identity["username"]
    if "--log-out" in sys.argv:
        client.app.logout()
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
