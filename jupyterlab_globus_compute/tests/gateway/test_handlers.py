"""The routes through a real Jupyter server, over the stand-in service."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.gateway import Gateway
from jupyterlab_globus_compute.tests.gateway.support import (
    JSON,
    UUID,
    Api,
    Fetch,
    StandIn,
    eventually,
)

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

SUBMIT = f"v3/endpoints/{UUID}/submit"


async def test_lists_the_services_without_starting_one(api: Api, stand_in: StandIn) -> None:
    answer = await api.call("GET", "services")
    assert answer.status == 200
    assert answer.json == {
        "services": [
            {
                "name": "local",
                "label": "This computer",
                "kind": "local",
                "needsAccount": False,
                "features": {"cancel": True, "events": True},
            },
            {
                "name": "cloud",
                "label": "Globus Compute",
                "kind": "cloud",
                "needsAccount": True,
                "features": {"cancel": False, "events": False},
            },
        ],
        "default": "local",
    }
    assert stand_in.starts() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "v3/functions", {"function_name": "f", "function_code": "ü\u2028"}),
        ("POST", SUBMIT, {"tasks": {UUID: ["payload"]}}),
        ("POST", "v2/batch_status", {"task_ids": [UUID]}),
        ("GET", f"v2/tasks/{UUID}", None),
        ("DELETE", f"v2/functions/{UUID}", None),
        ("DELETE", f"v3/tasks/{UUID}", None),
    ],
)
async def test_passes_requests_and_answers_through(
    api: Api, stand_in: StandIn, method: str, path: str, body: Any
) -> None:
    stand_in.plan({f"{method} {path}": {"status": 207, "body": '{"a":  [1, "\\u00fc"]}'}})
    answer = await api.local(method, path, body)
    assert (answer.status, answer.json) == (207, {"a": [1, "ü"]})
    assert answer.headers["Content-Type"].startswith(JSON)
    (request,) = stand_in.requests()
    assert (request["method"], request["target"]) == (method, f"/{path}")
    assert request["body"] == (json.dumps(body) if body else "")


async def test_passes_the_bytes_of_an_answer_through(jp_fetch: Fetch, stand_in: StandIn) -> None:
    text = '{ "status" : "Failed",\n"code": 7, "reason": "no <b>such</b> thing" }'
    stand_in.plan({f"GET v2/tasks/{UUID}": {"status": 404, "body": text}})
    path = f"globus-compute/services/local/v2/tasks/{UUID}"
    response = await jp_fetch(path, raise_error=False)
    assert (response.code, response.body.decode()) == (404, text)


async def test_passes_the_query_through_without_jupyters_arguments(
    api: Api, stand_in: StandIn, jp_serverapp: ServerApp
) -> None:
    stand_in.plan({"GET v2/endpoints": {"body": []}})
    token = jp_serverapp.identity_provider.token
    arguments = {"role": "any", "token": token, "_xsrf": "x", "no_track_activity": "1", "e": ""}
    answer = await api.local("GET", "v2/endpoints", params=arguments)
    assert answer.status == 200
    assert [request["target"] for request in stand_in.requests()] == ["/v2/endpoints?role=any&e="]


async def test_neither_cookies_nor_tokens_travel_to_the_service(
    api: Api, stand_in: StandIn
) -> None:
    stand_in.plan({"POST v2/batch_status": {}})
    headers = {
        "Cookie": "session=s3cret",
        "X-XSRFToken": "s3cret",
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json, */*",
        "X-Forwarded-For": "10.0.0.1",
        "Referer": "http://127.0.0.1/lab",
    }
    await api.local("POST", "v2/batch_status", {"task_ids": []}, headers=headers)
    (request,) = stand_in.requests()
    names = {name for name, _ in request["headers"]}
    assert names == {
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }
    values = dict(request["headers"])
    assert values["content-type"] == headers["Content-Type"]
    assert values["accept"] == headers["Accept"]
    assert values["authorization"].startswith("Bearer ")
    assert "s3cret" not in json.dumps(request)


async def test_no_headers_but_the_type_travel_back(api: Api, stand_in: StandIn) -> None:
    planned = {
        "Set-Cookie": "a=b",
        "Retry-After": "soon",
        "X-Secret": "s",
        "Access-Control-Allow-Origin": "*",
    }
    stand_in.plan({"GET v2/endpoints": {"body": [], "headers": planned}})
    answer = await api.local("GET", "v2/endpoints")
    assert answer.status == 200
    assert not set(planned.items()) & set(answer.headers.get_all())
    assert "a=b" not in str(answer.headers)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("retry_after", ["7", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_when_to_come_back_travels_back(
    api: Api, stand_in: StandIn, retry_after: str
) -> None:
    error = {"code": "TOO_MANY_REQUESTS", "reason": "slowly", "http_status_code": 429}
    planned = {"status": 429, "body": error, "headers": {"Retry-After": retry_after}}
    stand_in.plan({"GET v2/endpoints": planned})
    answer = await api.local("GET", "v2/endpoints")
    assert (answer.status, answer.json) == (429, error)
    assert answer.headers["Retry-After"] == retry_after


async def test_the_service_token_shows_nowhere(
    api: Api, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.plan({f"POST {SUBMIT}": {"act": "die"}})
    answer = await api.local("POST", SUBMIT, {"tasks": {}})
    await eventually(lambda: len(stand_in.starts()) > 1, "the restart")
    answer.assert_error(502, "SUBMIT_OUTCOME_UNKNOWN")
    values = dict(stand_in.requests()[0]["headers"])
    token = values["authorization"].removeprefix("Bearer ")
    await eventually(lambda: "my token is [token]" in caplog.text, "what the service wrote")
    assert token not in caplog.text
    assert token not in json.dumps(answer.json) + str(list(answer.headers.items()))


@pytest.mark.parametrize(
    ("planned", "code"),
    [
        ({"body": "<script>", "headers": {"Content-Type": "text/html"}}, "INVALID_ANSWER"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, "INVALID_ANSWER"),
        ({"headers": {"Content-Length": str(257 * 2**20)}}, "ANSWER_TOO_LARGE"),
    ],
)
async def test_answers_that_are_not_the_api_are_refused(
    api: Api, stand_in: StandIn, planned: dict[str, Any], code: str
) -> None:
    stand_in.plan({"GET v2/endpoints": planned})
    (await api.local("GET", "v2/endpoints")).assert_error(502, code)
    assert len(stand_in.requests()) == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "services/elsewhere/v2/version", 404, "SERVICE_NOT_FOUND"),
        ("GET", "services/local/v2/nothing", 404, "NOT_FOUND"),
        ("PUT", "services/local/v2/nothing", 404, "NOT_FOUND"),
        ("GET", "services/local/v2/tasks/12", 404, "NOT_FOUND"),
        ("GET", "services/local/v2/tasks/%2e%2e/version", 404, "NOT_FOUND"),
        ("GET", "services/local/", 404, "NOT_FOUND"),
        ("DELETE", "services/local/v2/version", 405, "METHOD_NOT_ALLOWED"),
        ("PATCH", "services/local/v2/version", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "services/local/v2/batch_status", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "services", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "nothing", 404, "NOT_FOUND"),
        ("POST", "nothing", 404, "NOT_FOUND"),
    ],
)
async def test_what_is_not_passed_on_is_refused_in_the_apis_shape(
    api: Api, stand_in: StandIn, method: str, path: str, status: int, code: str
) -> None:
    answer = await api.call(method, path, {} if method == "POST" else None)
    answer.assert_error(status, code)
    assert stand_in.starts() == []


async def test_head_is_refused(api: Api) -> None:
    answer = await api.local("HEAD", "v2/version")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "MALFORMED_JSON"),
        (b"{", 400, "MALFORMED_JSON"),
        (b"[]", 422, "INVALID_BODY"),
        (b'{"a": "' + b"x" * (11 * 2**20) + b'"}', 413, "TASK_PAYLOAD_TOO_LARGE"),
    ],
    ids=["empty", "malformed", "array", "oversized"],
)
async def test_bodies_that_no_service_takes_are_refused(
    api: Api, stand_in: StandIn, raw: bytes, status: int, code: str
) -> None:
    answer = await api.local("POST", "v2/batch_status", raw=raw)
    answer.assert_error(status, code)
    assert stand_in.starts() == []


async def test_a_bug_is_answered_in_the_apis_shape_without_details(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def relay(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("inner workings")

    monkeypatch.setattr(Gateway, "relay", relay)
    answer = await api.local("GET", "v2/version")
    answer.assert_error(500, "INTERNAL_SERVER_ERROR")
    assert "inner workings" not in json.dumps(answer.json)
    assert "inner workings" in caplog.text


class TestAtTheRoot:
    """All other tests run under a base URL."""

    @pytest.fixture
    def jp_base_url(self) -> str:
        return "/"

    async def test_passes_requests_on(self, api: Api, jp_base_url: str) -> None:
        answer = await api.local("GET", "v2/version")
        assert (answer.status, answer.json) == (200, "1.0.0")
