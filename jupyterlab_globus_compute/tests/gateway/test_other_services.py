"""A service of another computer behind a real Jupyter server."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.gateway.remote_stand_in import RemoteStandIn
from jupyterlab_globus_compute.tests.gateway.support import UUID, Api

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import StandIn


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """Where the token is."""
    path = tmp_path / "token"
    path.write_text("s3cret", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def remote() -> RemoteStandIn:
    """The service, which each test starts."""
    return RemoteStandIn("s3cret")


@pytest.fixture
def extension_traits(
    extension_traits: dict[str, Any], remote: RemoteStandIn, token_file: Path
) -> dict[str, Any]:
    """The extension's configuration: the service is the default."""
    lab = {"url": remote.url, "label": "Our lab", "token_file": str(token_file)}
    return {**extension_traits, "services": {"lab": lab}, "default_service": "lab"}


def replace_token(path: Path, token: str) -> None:
    """Put another token into the file, or none."""
    path.write_text(token, encoding="utf-8")


async def test_it_is_listed_without_its_address_and_token(
    api: Api, remote: RemoteStandIn, token_file: Path
) -> None:
    answer = await api.call("GET", "services")
    assert answer.json["default"] == "lab"
    assert answer.json["services"][2] == {
        "name": "lab",
        "label": "Our lab",
        "kind": "other",
        "needsAccount": True,
        "features": {"cancel": False, "events": False},
    }
    text = json.dumps(answer.json)
    assert remote.url not in text
    assert str(token_file) not in text


async def test_requests_go_there_with_its_token_and_nowhere_else(
    api: Api, remote: RemoteStandIn, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    remote.answers["GET /v2/endpoints"] = (200, [])
    async with remote:
        answer = await api.call("GET", "services/lab/v2/endpoints")
    assert (answer.status, answer.json) == (200, [])
    assert stand_in.starts() == []
    assert "s3cret" not in caplog.text


async def test_a_token_that_was_replaced_is_read_again(
    api: Api, remote: RemoteStandIn, token_file: Path
) -> None:
    remote.answers["GET /v2/endpoints"] = (200, [])
    async with remote:
        assert (await api.call("GET", "services/lab/v2/endpoints")).status == 200
        remote.token = "new"
        # Refused once: the same token is not tried again.
        refused = await api.call("GET", "services/lab/v2/endpoints")
        refused.assert_error(502, "SERVICE_REFUSED_TOKEN")
        assert len(remote.requests) == 2
        replace_token(token_file, "new")
        assert (await api.call("GET", "services/lab/v2/endpoints")).status == 200


async def test_a_token_that_is_missing_is_explained(
    api: Api, remote: RemoteStandIn, token_file: Path
) -> None:
    replace_token(token_file, "")
    async with remote:
        answer = await api.call("GET", "services/lab/v2/endpoints")
    answer.assert_error(503, "TOKEN_MISSING")
    assert remote.requests == []


async def test_what_it_does_not_offer_is_not_asked_of_it(api: Api, remote: RemoteStandIn) -> None:
    async with remote:
        answer = await api.call("DELETE", f"services/lab/v3/tasks/{UUID}")
    answer.assert_error(404, "NOT_OFFERED")
    assert remote.requests == []


async def test_neither_the_batch_nor_the_query_token_travels(
    api: Api, remote: RemoteStandIn
) -> None:
    path = f"v3/endpoints/{UUID}/submit"
    remote.answers[f"POST /{path}"] = (403, {"code": "FORBIDDEN", "reason": "no"})
    async with remote:
        plan = {
            "title": "t",
            "service": "lab",
            "endpoint": {"id": UUID, "name": "e"},
            "notebookPath": "a.ipynb",
            "cellId": "c",
            "sourceHash": "0" * 64,
            "created": 1.0,
            "calls": [{"index": 0, "label": "f()", "line": 1, "functionId": UUID}],
        }
        assert (await api.call("PUT", f"batches/{UUID}", plan)).status == 200
        body = {"tasks": {UUID: ["x"]}}
        headers = {"X-Globus-Compute-Batch": UUID}
        answer = await api.call("POST", f"services/lab/{path}", body, headers=headers)
    assert (answer.status, answer.json) == (403, {"code": "FORBIDDEN", "reason": "no"})
    (request,) = remote.requests
    assert "X-Globus-Compute-Batch" not in request.headers
    told = await api.call("GET", f"batches/{UUID}")
    assert "refused" in told.json["note"]


async def test_a_batch_that_is_no_uuid_is_refused(api: Api, remote: RemoteStandIn) -> None:
    async with remote:
        answer = await api.call(
            "POST",
            f"services/lab/v3/endpoints/{UUID}/submit",
            {"tasks": {}},
            headers={"X-Globus-Compute-Batch": "../x"},
        )
    answer.assert_error(400, "INVALID_UUID")
    assert remote.requests == []
