"""How much the service takes at once, and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .test_api import UNKNOWN, assert_refused, submit_path

if TYPE_CHECKING:
    from .service_process import LocalService

MIB = 1024 * 1024


def test_the_limit_of_a_submission(service: LocalService) -> None:
    function_id = service.register("def f(data):\n    return len(data)\n")
    half = "x" * (5 * MIB)
    too_much = {"tasks": {function_id: [half, half + "x"]}}
    answer = service.request("POST", submit_path(service), too_much)
    assert_refused(answer, 413, "TASK_PAYLOAD_TOO_LARGE")
    # 7 MiB in base64 are just below the limit.
    (task,) = service.finished(service.submit(function_id, [(b"x" * (7 * MIB),)]))
    assert service.value(task) == 7 * MIB


def test_the_limit_of_a_function(service: LocalService) -> None:
    body = {"function_name": "f", "function_code": "x" * (10 * MIB + 1)}
    answer = service.request("POST", "/v3/functions", body)
    assert_refused(answer, 413, "TASK_PAYLOAD_TOO_LARGE")


def test_a_payload_that_is_no_payload_fails_as_a_task(service: LocalService) -> None:
    function_id = service.register("def f():\n    pass\n")
    body = {"tasks": {function_id: ["not packed at all"]}}
    answer = service.request("POST", submit_path(service), body)
    (task,) = service.finished(answer.body["tasks"][function_id])
    assert task["status"] == "failed"
    assert "Traceback" in task["exception"]


def test_a_batch_of_several_pages(service: LocalService) -> None:
    function_id = service.register("def f(i):\n    return i\n")
    ids = service.submit(function_id, [(i,) for i in range(1200)])
    service.finished(ids)
    asked = [*ids, UNKNOWN, ids[0]]
    tasks = service.tasks(asked)
    assert list(tasks) == [*ids, UNKNOWN]
    assert [service.value(tasks[id_]) for id_ in ids] == list(range(1200))
