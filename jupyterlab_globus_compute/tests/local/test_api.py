"""The routes: what they answer, and that no bad request is ever more than refused."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .service_process import Answer, LocalService

UNKNOWN = "00000000-0000-0000-0000-00000000dead"
MIB = 1024 * 1024


def assert_refused(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status, answer
    assert answer.body.keys() == {"status", "code", "reason", "error_args", "http_status_code"}
    assert answer.body["status"] == "Failed"
    assert answer.body["code"] == code
    assert answer.body["http_status_code"] == status
    assert answer.body["reason"]


@pytest.fixture(autouse=True)
def goes_on(service: LocalService) -> Any:
    """After each test the same process still serves, and has met nothing unexpected."""
    yield
    assert service.request("GET", "/v2/version").status == 200
    assert service.process.poll() is None
    assert "Traceback" not in service.stderr()


def submit_path(service: LocalService) -> str:
    return f"/v3/endpoints/{service.endpoint_id}/submit"


def test_version(service: LocalService) -> None:
    everything = service.request("GET", "/v2/version?service=all").body
    assert {"api", "min_sdk_version", "min_ep_version"} <= everything.keys()
    assert everything["extensions"] == {
        "cancel": True,
        "events": "/v3/events",
        "class_limits": True,
    }
    assert service.request("GET", "/v2/version").body == everything["api"]


@pytest.mark.parametrize("path", ["/v2/functions", "/v3/functions"])
def test_a_function_is_kept_and_deleted(service: LocalService, path: str) -> None:
    body = {
        "function_name": "f",
        "function_code": "def f():\n    return 1\n",
        "serialized": False,
        "meta": {"python_version": "3.11.7"},
        "description": "One.",
        "public": True,
        "group": str(uuid.uuid4()),
    }
    function_id = service.request("POST", path, body).body["function_uuid"]
    function = service.request("GET", f"/v2/functions/{function_id}").body
    assert function["function_code"] == "27\nst\nf:def f():\n    return 1\n"
    assert function["metadata"] == body["meta"]
    assert {key: function[key] for key in ("function_name", "description", "public", "group")} == {
        key: body[key] for key in ("function_name", "description", "public", "group")
    }
    assert service.request("DELETE", f"/v2/functions/{function_id}").body == {"result": 302}
    for method in ("GET", "DELETE"):
        gone = service.request(method, f"/v2/functions/{function_id}")
        assert_refused(gone, 404, "FUNCTION_NOT_FOUND")
    tasks = {"tasks": {function_id: [service.payload()]}}
    assert_refused(service.request("POST", submit_path(service), tasks), 404, "FUNCTION_NOT_FOUND")


def test_metadata_of_any_depth_and_characters_comes_back(service: LocalService) -> None:
    meta: dict[str, Any] = {"text": "é😀\0", "number": 10**30}
    for _ in range(40):
        meta = {"inner": meta}
    body = {"function_name": "f", "function_code": "x", "meta": meta}
    function_id = service.request("POST", "/v3/functions", body).body["function_uuid"]
    assert service.request("GET", f"/v2/functions/{function_id}").body["metadata"] == meta


def test_serialized_code_is_kept_as_it_is(service: LocalService) -> None:
    body = {"function_name": "f", "function_code": "5\nabcde", "meta": None}
    function_id = service.request("POST", "/v3/functions", body).body["function_uuid"]
    function = service.request("GET", f"/v2/functions/{function_id}").body
    assert function["function_code"] == "5\nabcde"


def test_a_submission_and_its_group(service: LocalService) -> None:
    function_ids = [service.register("def f(x):\n    return x\n") for _ in range(2)]
    body = {
        "tasks": {id_: [service.payload(i) for i in range(3)] for id_ in function_ids},
        "task_group_id": None,
        "create_queue": False,
        "user_runtime": {"python_version": "3.11.7"},
        "result_serializers": None,
        "something_new": 1,
    }
    answer = service.request("POST", submit_path(service), body)
    group_id = answer.body["task_group_id"]
    assert answer.body["endpoint_id"] == service.endpoint_id
    assert answer.body["request_id"]
    task_ids = [id_ for function_id in function_ids for id_ in answer.body["tasks"][function_id]]
    group = service.request("GET", f"/v2/taskgroup/{group_id}").body
    assert group["taskgroup_id"] == group_id
    assert [task["id"] for task in group["tasks"]] == task_ids
    service.finished(task_ids)
    assert service.request("GET", f"/v2/tasks/{task_ids[0]}").body["status"] == "success"


def test_a_group_is_used_again(service: LocalService) -> None:
    tasks = {service.register("def f():\n    pass\n"): [service.payload()]}
    first = service.request("POST", submit_path(service), {"tasks": tasks}).body
    again = {"tasks": tasks, "task_group_id": first["task_group_id"]}
    second = service.request("POST", submit_path(service), again).body
    assert second["task_group_id"] == first["task_group_id"]
    group = service.request("GET", f"/v2/taskgroup/{first['task_group_id']}").body
    ids = [id_ for answer in (first, second) for (id_,) in answer["tasks"].values()]
    assert [task["id"] for task in group["tasks"]] == ids


def test_a_new_group_gets_the_id_that_the_client_gives(service: LocalService) -> None:
    """So that the client can look when the answer to its submission is lost."""
    tasks = {service.register("def f():\n    pass\n"): [service.payload()]}
    group_id = str(uuid.uuid4())
    answer = service.request(
        "POST", submit_path(service), {"tasks": tasks, "task_group_id": group_id}
    )
    assert answer.body["task_group_id"] == group_id
    group = service.request("GET", f"/v2/taskgroup/{group_id}").body
    (task_ids,) = answer.body["tasks"].values()
    assert [task["id"] for task in group["tasks"]] == task_ids


def test_nothing_is_kept_of_a_submission_with_an_unknown_function(service: LocalService) -> None:
    known = service.register("def f():\n    pass\n")
    good = {"tasks": {known: [service.payload()]}}
    group_id = service.request("POST", submit_path(service), good).body["task_group_id"]
    tasks = {known: [service.payload()], UNKNOWN: [service.payload()]}
    answer = service.request(
        "POST", submit_path(service), {"tasks": tasks, "task_group_id": group_id}
    )
    assert_refused(answer, 404, "FUNCTION_NOT_FOUND")
    assert answer.body["error_args"] == [UNKNOWN]
    group = service.request("GET", f"/v2/taskgroup/{group_id}").body
    assert len(group["tasks"]) == 1


def test_the_endpoint(service: LocalService) -> None:
    (endpoint,) = service.request("GET", "/v2/endpoints?role=any").body
    assert endpoint["uuid"] == service.endpoint_id
    assert endpoint["name"] == "this-computer"
    assert endpoint["display_name"] == "This computer"
    metadata = service.request("GET", f"/v2/endpoints/{service.endpoint_id}").body["metadata"]
    assert metadata["workers"] == 2
    assert {"python_version", "endpoint_version", "hostname"} <= metadata.keys()
    allowed = service.request("GET", f"/v3/endpoints/{service.endpoint_id}/allowed_functions").body
    assert allowed == {
        "endpoint_id": service.endpoint_id,
        "restricted": False,
        "functions": [],
    }


def test_unknown_tasks_in_a_batch(service: LocalService) -> None:
    task = service.tasks([UNKNOWN])[UNKNOWN]
    assert task["task_id"] == UNKNOWN
    assert task["status"] == "unknown"
    assert task["reason"]
    assert service.tasks([]) == {}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2/functions/{unknown}", 404, "FUNCTION_NOT_FOUND"),
        ("GET", "/v2/functions/nonsense", 422, "INVALID_UUID"),
        ("DELETE", "/v2/functions/{unknown}", 404, "FUNCTION_NOT_FOUND"),
        ("GET", "/v2/tasks/{unknown}", 404, "TASK_NOT_FOUND"),
        ("GET", "/v2/tasks/nonsense", 422, "INVALID_UUID"),
        ("GET", "/v2/taskgroup/{unknown}", 404, "TASK_GROUP_NOT_FOUND"),
        ("GET", "/v2/taskgroup/%ff", 422, "INVALID_UUID"),
        ("GET", "/v2/endpoints/{unknown}", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/v2/endpoints/{unknown}/status", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/v2/endpoints/nonsense", 422, "INVALID_UUID"),
        ("GET", "/v3/endpoints/{unknown}/allowed_functions", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v2/version/", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v9/" + "x" * 5000, 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v2/get_amqp_result_connection_url", 404, "RESULT_QUEUE_NOT_FOUND"),
        ("PUT", "/v2/batch_status", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/v2/version", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v2/endpoints?role=stranger", 422, "REQUEST_INVALID"),
        ("DELETE", "/v2/endpoints/{unknown}", 404, "ENDPOINT_NOT_FOUND"),
        ("POST", "/v3/endpoints/{unknown}/lock", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/v2/containers/{unknown}/docker", 404, "CONTAINER_NOT_FOUND"),
        ("GET", "/v2/containers/build/{unknown}", 404, "CONTAINER_NOT_FOUND"),
        ("DELETE", "/v3/tasks/{unknown}", 404, "TASK_NOT_FOUND"),
        ("DELETE", "/v3/tasks/nonsense", 422, "INVALID_UUID"),
        ("GET", "/v3/events?since=yesterday", 422, "REQUEST_INVALID"),
        ("GET", "/v3/events?since=-1", 422, "REQUEST_INVALID"),
    ],
)
def test_bad_paths(service: LocalService, method: str, path: str, status: int, code: str) -> None:
    assert_refused(service.request(method, path.format(unknown=UNKNOWN)), status, code)


POST_PATHS = ["/v2/functions", "/v3/functions", "/v3/endpoints/{endpoint}/submit"]
POST_PATHS += ["/v2/batch_status", "/v2/containers"]


@pytest.mark.parametrize("path", POST_PATHS)
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "REQUEST_MALFORMED"),
        (b"{", 400, "REQUEST_MALFORMED"),
        (b"\xff\xfe\xff", 400, "REQUEST_MALFORMED"),
        (b"[" * 200_000, 400, "REQUEST_MALFORMED"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "REQUEST_MALFORMED"),
        (b'{"meta": {"x": NaN}}', 400, "REQUEST_MALFORMED"),
        (b'{"a":' * 51 + b"1" + b"}" * 51, 400, "REQUEST_MALFORMED"),
        (b'{"a": "\xed\xa0\x80"}', 400, "REQUEST_MALFORMED"),
        ("{}".encode("utf-16"), 400, "REQUEST_MALFORMED"),
        (b"1" * 5000, 400, "REQUEST_MALFORMED"),
        (b"null", 422, "REQUEST_INVALID"),
        (b"[]", 422, "REQUEST_INVALID"),
        (b'"text"', 422, "REQUEST_INVALID"),
        (b"{}", 422, "REQUEST_INVALID"),
        (b"x" * (12 * MIB), 413, "TASK_PAYLOAD_TOO_LARGE"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_bad_bodies(service: LocalService, path: str, body: bytes, status: int, code: str) -> None:
    answer = service.request("POST", path.format(endpoint=service.endpoint_id), body)
    assert_refused(answer, status, code)


@pytest.mark.parametrize(
    "change",
    [
        {"function_name": 1},
        {"function_name": None},
        {"function_name": ""},
        {"function_code": ["x"]},
        {"function_code": "\ud800"},
        {"function_code": ""},
        {"serialized": "no"},
        {"meta": []},
        {"meta": {"x": "\ud800"}},
        {"serialized": False, "function_name": "f:g"},
        {"serialized": False, "function_name": "f\ng"},
        {"description": {}},
        {"public": 1},
        {"group": 7},
        {"group": ""},
        {"group": "nonsense"},
        {"ha_endpoint_id": UNKNOWN},
    ],
    ids=json.dumps,
)
def test_bad_functions(service: LocalService, change: dict[str, Any]) -> None:
    body = {"function_name": "f", "function_code": "def f(): pass", **change}
    code = "INVALID_UUID" if change.get("group") in ("", "nonsense") else "REQUEST_INVALID"
    assert_refused(service.request("POST", "/v3/functions", body), 422, code)


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        (None, "REQUEST_INVALID"),
        ([], "REQUEST_INVALID"),
        ({}, "REQUEST_INVALID"),
        ({"nonsense": ["x"]}, "INVALID_UUID"),
        ({"\ud800": ["x"]}, "REQUEST_INVALID"),
        ({UNKNOWN: "x"}, "REQUEST_INVALID"),
        ({UNKNOWN: []}, "REQUEST_INVALID"),
        ({UNKNOWN: [1]}, "REQUEST_INVALID"),
        ({UNKNOWN: ["\udfff"]}, "REQUEST_INVALID"),
        ({UNKNOWN: ["x"], UNKNOWN.upper(): ["y"]}, "REQUEST_INVALID"),
    ],
)
def test_bad_tasks(service: LocalService, tasks: object, code: str) -> None:
    assert_refused(service.request("POST", submit_path(service), {"tasks": tasks}), 422, code)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("task_group_id", 1, "INVALID_UUID"),
        ("task_group_id", "nonsense", "INVALID_UUID"),
        ("task_group_id", "", "INVALID_UUID"),
        ("create_queue", "yes", "REQUEST_INVALID"),
        ("result_serializers", "JSONData", "REQUEST_INVALID"),
        ("result_serializers", [1], "REQUEST_INVALID"),
        ("user_endpoint_config", [], "REQUEST_INVALID"),
        ("user_runtime", "3.11", "REQUEST_INVALID"),
        ("create_queue", 1, "REQUEST_INVALID"),
        ("resource_specification", [], "REQUEST_INVALID"),
        ("resource_specification", {"num_nodes": 2}, "REQUEST_INVALID"),
    ],
)
def test_bad_submissions(service: LocalService, key: str, value: object, code: str) -> None:
    body = {"tasks": {UNKNOWN: ["x"]}, key: value}
    assert_refused(service.request("POST", submit_path(service), body), 422, code)


def test_a_submission_to_an_unknown_endpoint(service: LocalService) -> None:
    path = f"/v3/endpoints/{UNKNOWN}/submit"
    answer = service.request("POST", path, {"tasks": {UNKNOWN: ["x"]}})
    assert_refused(answer, 404, "ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize(
    ("task_ids", "code"),
    [
        (None, "REQUEST_INVALID"),
        (UNKNOWN, "REQUEST_INVALID"),
        ([1], "REQUEST_INVALID"),
        (["nonsense"], "INVALID_UUID"),
        ([UNKNOWN, ""], "INVALID_UUID"),
    ],
)
def test_bad_batches(service: LocalService, task_ids: object, code: str) -> None:
    answer = service.request("POST", "/v2/batch_status", {"task_ids": task_ids})
    assert_refused(answer, 422, code)
