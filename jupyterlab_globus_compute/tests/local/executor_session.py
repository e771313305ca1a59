"""A session of the unmodified ``Executor``; prints what came of it as JSON.

Run as ``python -m jupyterlab_globus_compute.tests.local.executor_session DATA_DIR COUNT``.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from globus_compute_sdk import Executor

import jupyterlab_globus_compute

from .sdk_session import double, fail
from .service_process import TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future


def main() -> None:
    """Run the session on the service of a data directory."""
    client = jupyterlab_globus_compute.connect(sys.argv[1])
    endpoint_id = client.get_endpoints()[0]["uuid"]
    with Executor(endpoint_id, client=client, batch_size=500) as executor:
        submit: Callable[..., Future[Any]] = executor.submit
        futures = [submit(double, i) for i in range(int(sys.argv[2]))]
        failing = submit(fail, "bad 7")
        results = [future.result(TIMEOUT_S) for future in futures]
        failure = str(failing.exception(TIMEOUT_S))
    print(json.dumps({"results": results, "failure": failure}))


if __name__ == "__main__":
    main()
