"""Submissions that say what they are to be held to."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .service_process import LocalService

SLEEP = "def f(seconds):\n    import time\n    time.sleep(seconds)\n    return seconds\n"


def submit(service: LocalService, payloads: list[str], **limits: Any) -> Any:
    """Submit tasks with limits; they sleep."""
    function_id = service.register(SLEEP)
    path = f"/v3/endpoints/{service.endpoint_id}/submit"
    body = {"tasks": {function_id: payloads}, "class_limits": limits}
    answer = service.request("POST", path, body)
    if answer.status == 200:
        answer.body["ids"] = answer.body["tasks"][function_id]
    return answer


def test_a_task_ends_at_the_walltime_of_its_class(service: LocalService) -> None:
    payloads = [service.payload(60), service.payload(0)]
    accepted = submit(service, payloads, class_id=str(uuid.uuid4()), walltime_s=0.5)
    endless, quick = service.finished(accepted.body["ids"])
    assert endless["status"] == "failed"
    assert "longer than its walltime of 0.5 s" in endless["exception"]
    assert service.value(quick) == 0
    # The limit is these tasks' own.
    other = service.finished(service.submit(service.register(SLEEP), [(0.7,)]))
    assert service.value(other[0]) == 0.7


def test_a_class_has_so_many_tasks(own_service: LocalService) -> None:
    service, class_id = own_service, str(uuid.uuid4())
    one = service.payload(0)
    assert submit(service, [one, one], class_id=class_id, tasks=3).status == 200
    refused = submit(service, [one, one], class_id=class_id, tasks=3)
    assert (refused.status, refused.body["code"]) == (403, "CLASS_TASKS_SPENT")
    assert "allows 3 tasks, and 2 were submitted" in refused.body["reason"]
    # Nothing of what is refused counts, a restart changes nothing, and other classes are apart.
    service.stop()
    service.start()
    assert submit(service, [one], class_id=class_id.upper(), tasks=3).status == 200
    assert submit(service, [one], class_id=class_id, tasks=3).status == 403
    assert submit(service, [one], class_id=str(uuid.uuid4()), tasks=3).status == 200


def test_arguments_larger_than_the_class_allows(service: LocalService) -> None:
    limits = {"class_id": str(uuid.uuid4()), "payload_bytes": 1024}
    refused = submit(service, [service.payload(0), service.payload("x" * 1024)], **limits)
    assert (refused.status, refused.body["code"]) == (403, "CLASS_PAYLOAD_TOO_LARGE")
    assert submit(service, [service.payload(0)], **limits).status == 200


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"class_id": "me"},
        {"class_id": str(uuid.uuid4()), "tasks": -1},
        {"class_id": str(uuid.uuid4()), "tasks": True},
        {"class_id": str(uuid.uuid4()), "payload_bytes": 1.5},
        {"class_id": str(uuid.uuid4()), "walltime_s": 0},
        {"class_id": str(uuid.uuid4()), "walltime_s": 10**12},
        {"class_id": str(uuid.uuid4()), "memory": 5},
    ],
)
def test_malformed_limits(service: LocalService, limits: dict[str, Any]) -> None:
    assert submit(service, [service.payload(0)], **limits).status == 422
