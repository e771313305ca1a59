"""Do jobs of the TypeScript tests with Globus Compute's own code.

Reads a list of jobs as JSON from the standard input, and prints the list of their outcomes.
"""

from __future__ import annotations

import base64
import json
import pickle
import sys
import tempfile
import uuid
from typing import Any

from fixture_models import model
from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Task
from globus_compute_endpoint.engines.helper import execute_task
from globus_compute_sdk.serialize import ComputeSerializer


def load(job: dict[str, Any]) -> dict[str, Any]:
    """Read a pickle."""
    return _seen(pickle.loads(base64.b64decode(job["pickle"])))  # noqa: S301


def deserialize(job: dict[str, Any]) -> dict[str, Any]:
    """Read a serialized value."""
    return _seen(ComputeSerializer().deserialize(job["text"]))


def call(job: dict[str, Any]) -> dict[str, Any]:
    """Read a serialized function and call it."""
    try:
        function = ComputeSerializer().deserialize(job["text"])
        args = pickle.loads(base64.b64decode(job["args"]))  # noqa: S301
        return {"repr": repr(function(*args)), "failed": False}
    except Exception as error:  # noqa: BLE001  The tests compare what fails.
        return {"repr": type(error).__name__, "failed": True}


def execute(job: dict[str, Any]) -> dict[str, Any]:
    """Run a task as a worker does."""
    task_id = uuid.uuid4()
    task = messagepack.pack(Task(task_id=task_id, task_buffer=job["body"]))
    with tempfile.TemporaryDirectory() as folder:
        packed = execute_task(
            task, task_id, run_dir=folder, result_serializers=job.get("serializers")
        )
    result = messagepack.unpack(packed)
    return {"data": result.data, "failed": result.error_details is not None}


def _seen(value: Any) -> dict[str, Any]:
    try:
        description = model(value)
    except RecursionError:
        description = None
    return {"repr": repr(value), "model": description}


JOBS = {"load": load, "deserialize": deserialize, "call": call, "execute": execute}

if __name__ == "__main__":
    json.dump([JOBS[job["do"]](job) for job in json.load(sys.stdin)], sys.stdout)
