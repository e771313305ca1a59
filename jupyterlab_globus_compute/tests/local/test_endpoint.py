"""The endpoint: what may run there, and the calls that programs of endpoints make."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from .service_process import LocalService
from .test_api import assert_refused, submit_path

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = "00000000-0000-0000-0000-00000000dead"
SOURCE = "def f():\n    return 'allowed'\n"


@pytest.mark.parametrize("query", ["", "?role=owner", "?role=any"])
def test_it_is_the_callers_own(service: LocalService, query: str) -> None:
    (endpoint,) = service.request("GET", f"/v2/endpoints{query}").body
    assert endpoint["uuid"] == service.endpoint_id


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_lock_changes_nothing(service: LocalService, version: str) -> None:
    answer = service.request("POST", f"/{version}/endpoints/{service.endpoint_id}/lock")
    assert answer.body["endpoint_id"] == service.endpoint_id
    until = datetime.fromisoformat(answer.body["lock_expiration_timestamp"])
    assert until > datetime.now(timezone.utc)
    assert service.value(service.call(SOURCE)) == "allowed"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v2/endpoints"),
        ("POST", "/v3/endpoints"),
        ("PUT", f"/v3/endpoints/{UNKNOWN}"),
        ("POST", "/v2/containers/build"),
    ],
)
def test_what_has_no_use_on_one_computer(service: LocalService, method: str, path: str) -> None:
    answer = service.request(method, path, {"endpoint_name": "another"})
    assert_refused(answer, 403, "NOT_SUPPORTED")


def test_a_deleted_endpoint_is_gone_and_another_comes(own_service: LocalService) -> None:
    first = own_service.endpoint_id
    function_id = own_service.register(SOURCE)
    ids = own_service.submit(function_id, [()] * 20)
    assert own_service.request("DELETE", f"/v2/endpoints/{first}").body == {"result": 302}
    assert own_service.request("GET", "/v2/endpoints").body == []
    for method, path in [
        ("GET", f"/v2/endpoints/{first}"),
        ("GET", f"/v2/endpoints/{first}/status"),
        ("DELETE", f"/v2/endpoints/{first}"),
    ]:
        assert_refused(own_service.request(method, path), 404, "ENDPOINT_NOT_FOUND")
    body = {"tasks": {function_id: [own_service.payload()]}}
    answer = own_service.request("POST", submit_path(own_service), body)
    assert_refused(answer, 404, "ENDPOINT_NOT_FOUND")
    # What was accepted runs on.
    assert len([task for task in own_service.finished(ids) if task["status"] == "success"]) == 20
    own_service.stop()
    own_service.start()
    assert own_service.endpoint_id != first
    own_service.finished(own_service.submit(function_id))


def test_only_allowed_functions_run(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with LocalService(data_dir) as service:
        allowed, other = service.register(SOURCE), service.register(SOURCE)
        service.stop()
    settings = tmp_path / "settings"
    settings.write_text(f"--allowed-function\n{allowed.upper()}\n--allowed-function={uuid.uuid4()}")
    with LocalService(data_dir, arguments=[f"@{settings}"]) as service:
        path = f"/v3/endpoints/{service.endpoint_id}/allowed_functions"
        answer = service.request("GET", path).body
        assert answer["restricted"] is True
        assert len(answer["functions"]) == 2
        assert answer["functions"][0] == allowed
        service.finished(service.submit(allowed))
        tasks = {"tasks": {allowed: [service.payload()], other: [service.payload()]}}
        refused = service.request("POST", submit_path(service), tasks)
        assert_refused(refused, 403, "FUNCTION_NOT_PERMITTED")
        assert refused.body["error_args"] == [other, service.endpoint_id]


def test_a_container_is_kept(service: LocalService) -> None:
    body = {"name": "numpy", "type": "docker", "location": "example/numpy", "description": None}
    container_id = service.request("POST", "/v2/containers", body).body["container_id"]
    container = service.request("GET", f"/v2/containers/{container_id}/docker").body
    assert container["container_uuid"] == container_id
    assert {key: container[key] for key in body} == body
    status = service.request("GET", f"/v2/containers/build/{container_id}").body
    assert status == {"container_id": container_id, "status": "provided"}


@pytest.mark.parametrize("missing", ["name", "type", "location"])
def test_bad_containers(service: LocalService, missing: str) -> None:
    body = {"name": "numpy", "type": "docker", "location": "example/numpy"}
    del body[missing]
    assert_refused(service.request("POST", "/v2/containers", body), 422, "REQUEST_INVALID")


def test_what_a_submission_says_of_the_endpoint_is_kept(own_service: LocalService) -> None:
    """It has no use here, and is not refused: the same call works at other endpoints."""
    function_id = own_service.register(SOURCE)
    body = {
        "tasks": {function_id: [own_service.payload()]},
        "user_endpoint_config": {"worker_init": "module load"},
        "resource_specification": {},
    }
    answer = own_service.request("POST", submit_path(own_service), body)
    own_service.finished(answer.body["tasks"][function_id])
    with sqlite3.connect(own_service.data_dir / "service.db") as connection:
        row = connection.execute("SELECT user_endpoint_config FROM tasks").fetchone()
    assert row == ('{"worker_init": "module load"}',)
