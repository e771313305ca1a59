"""The bodies of successful answers."""

from __future__ import annotations

import getpass
import platform
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .records import ContainerRecord, FunctionRecord, TaskGroupRecord, TaskRecord
    from .task_queue import Load

OWNER_ID = "00000000-0000-0000-0000-000000000001"
"""Stands where the hosted service has the Globus identity of an owner."""

VERSIONS: dict[str, Any] = {
    "api": "1.0.30",
    "min_sdk_version": "2.0.0",
    "min_ep_version": "2.0.0",
    "extensions": {"cancel": True, "events": "/v3/events", "class_limits": True},
}
"""``GET /v2/version?service=all``: what the SDK checks itself against.

``extensions`` is what this service has beyond the Compute API: whether
``DELETE /v3/tasks/{id}`` cancels tasks, the path of the stream of state changes, and whether
submissions take ``class_limits``.
"""

_LOCK_S = 3600.0


@dataclass(frozen=True)
class Endpoint:
    """The one endpoint of the service: this computer.

    ``functions`` are the ids of those that may be run, or None if all may.
    """

    endpoint_id: str
    workers: int
    engine: str = "process"
    functions: tuple[str, ...] | None = None

    def summary(self) -> dict[str, Any]:
        """Return an entry of ``GET /v2/endpoints``."""
        return {
            "uuid": self.endpoint_id,
            "name": "this-computer",
            "display_name": "This computer",
            "owner": OWNER_ID,
        }

    def metadata(self) -> dict[str, Any]:
        """Return the answer to ``GET /v2/endpoints/{id}``."""
        return {
            **self.summary(),
            "description": "The computer on which JupyterLab's server runs",
            "multi_user": False,
            "public": False,
            "status": "online",
            "metadata": {
                "endpoint_version": version("globus-compute-endpoint"),
                "sdk_version": version("globus-compute-sdk"),
                "python_version": platform.python_version(),
                "os": platform.platform(),
                "hostname": socket.gethostname(),
                "local_user": _user_name(),
                "workers": self.workers,
                "engine": self.engine,
            },
        }

    def status(self, load: Load) -> dict[str, Any]:
        """Return the answer to ``GET /v2/endpoints/{id}/status``."""
        return {
            "status": "online",
            "details": {
                "total_workers": self.workers,
                "idle_workers": max(0, self.workers - load.running),
                "pending_tasks": load.queued,
                "outstanding_tasks": load.queued + load.running,
                "managers": 1,
            },
        }

    def allowed_functions(self) -> dict[str, Any]:
        """Return the answer to ``GET /v3/endpoints/{id}/allowed_functions``."""
        return {
            "endpoint_id": self.endpoint_id,
            "restricted": self.functions is not None,
            "functions": list(self.functions or ()),
        }

    def lock(self) -> dict[str, Any]:
        """Return the answer to ``POST /v3/endpoints/{id}/lock``.

        A lock keeps endpoint programs from registering again; there is none here.
        """
        until = datetime.now(timezone.utc) + timedelta(seconds=_LOCK_S)
        return {"endpoint_id": self.endpoint_id, "lock_expiration_timestamp": until.isoformat()}


def function_view(record: FunctionRecord) -> dict[str, Any]:
    """Return the answer to ``GET /v2/functions/{id}``."""
    registration = record.registration
    return {
        "function_uuid": record.function_id,
        "function_name": registration.name,
        "function_code": registration.code,
        "description": registration.description,
        "metadata": registration.metadata,
        "public": registration.public,
        "group": registration.group,
        "owner": OWNER_ID,
    }


def task_view(record: TaskRecord, started_at: float | None) -> dict[str, Any]:
    """Return the answer to ``GET /v2/tasks/{id}``; ``started_at`` is None for a queued task.

    The SDK compares environments as soon as a *finished* task has details, so those of
    finished tasks always name the Python and dill versions; the others' hold times only.
    """
    outcome = record.outcome
    if outcome is None:
        transitions = {"received": record.received_at}
        if started_at is not None:
            transitions["execution-start"] = started_at
        return {
            "task_id": record.task_id,
            "status": "waiting-for-nodes" if started_at is None else "running",
            "details": {"task_transitions": transitions},
        }
    ending = {"result": outcome.result, "exception": outcome.exception, "reason": outcome.reason}
    transitions = {"received": record.received_at, **outcome.details["task_transitions"]}
    return {
        "task_id": record.task_id,
        "status": "success" if outcome.exception is None else "failed",
        "completion_t": str(outcome.completed_at),
        # A key that is there counts for the SDK, whatever its value.
        **{key: value for key, value in ending.items() if value is not None},
        "details": {**outcome.details, "task_transitions": transitions},
    }


def unknown_task_view(task_id: str) -> dict[str, Any]:
    """Return what ``POST /v2/batch_status`` says of a task that the service does not know."""
    return {
        "task_id": task_id,
        "status": "unknown",
        "reason": "The task is not known to this service",
    }


def task_group_view(record: TaskGroupRecord) -> dict[str, Any]:
    """Return the answer to ``GET /v2/taskgroup/{id}``."""
    return {
        "taskgroup_id": record.task_group_id,
        "create_websockets_queue": record.has_queue,
        "tasks": [
            {
                "id": task_id,
                "created_at": datetime.fromtimestamp(received_at, timezone.utc).isoformat(),
            }
            for task_id, received_at in record.tasks
        ],
    }


def container_view(record: ContainerRecord) -> dict[str, Any]:
    """Return the answer to ``GET /v2/containers/{id}/{type}``."""
    registration = record.registration
    return {
        "container_uuid": record.container_id,
        "name": registration.name,
        "type": registration.type,
        "location": registration.location,
        "description": registration.description,
        "build_status": "provided",
    }


def _user_name() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # Containers may run under a user id without a name.
        return None
