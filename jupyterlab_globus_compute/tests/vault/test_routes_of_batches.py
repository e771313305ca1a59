"""The routes of batches through a real Jupyter server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.gateway.support import Api
from jupyterlab_globus_compute.tests.vault.support import F, new_id

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Fetch


@pytest.fixture
def jp_server_config(tmp_path: Path) -> dict[str, Any]:
    """A server whose services are never needed."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_globus_compute": True}},
        "GlobusComputeExtension": {"vault_dir": str(tmp_path / "vault")},
    }


@pytest.fixture
def api(jp_fetch: Fetch) -> Api:
    """The gateway's routes."""
    return Api(jp_fetch)


def body(**changes: Any) -> dict[str, Any]:
    """A plan as the browser sends it."""
    return {
        "title": "area",
        "service": "local",
        "endpoint": {"id": new_id(), "name": "This computer"},
        "notebookPath": "a.ipynb",
        "cellId": "cell",
        "sourceHash": "0" * 64,
        "created": 7.0,
        "calls": [{"index": 0, "label": "area(0)", "line": 3, "functionId": F}],
        **changes,
    }


async def test_a_batch_by_its_routes(api: Api, jp_fetch: Fetch) -> None:
    batch_id, client = new_id(), new_id()
    path = f"batches/{batch_id}"
    put = await api.call("PUT", path, body())
    assert (put.status, put.json["state"], put.json["counts"]["total"]) == (200, "sending", 1)
    assert (await api.call("GET", path)).json == put.json
    listed = await api.call("GET", "batches", params={"notebook": "a.ipynb", "limit": "5"})
    assert listed.json["batches"] == [put.json]
    assert listed.json["sequence"] >= put.json["sequence"]
    assert (await api.call("GET", "batches", params={"notebook": "b"})).json["batches"] == []
    assert (await api.call("GET", "batches", params={"before": batch_id})).json["batches"] == []
    tasks = (await api.call("GET", f"{path}/tasks", params={"offset": "0"})).json
    assert (tasks["total"], tasks["tasks"][0]["label"]) == (1, "area(0)")

    async def land(action: str, who: str = client) -> Any:
        return (await api.call("POST", f"{path}/landing", {"client": who, "action": action})).json

    assert await land("claim") == {"granted": True}
    assert await land("claim", new_id()) == {"granted": False}
    assert await land("landed") == {"granted": True}
    response = await jp_fetch("globus-compute", f"{path}/export")
    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert response.headers["Content-Disposition"].startswith("attachment")
    first, second = map(json.loads, response.body.splitlines())
    assert first["batch"]["landed"] is True
    assert (second["label"], second["answer"]) == ("area(0)", None)
    assert (await api.call("DELETE", path)).status == 204
    (await api.call("GET", path)).assert_error(404, "BATCH_NOT_FOUND")
    assert (await api.call("POST", f"{path}/restore", {})).json["id"] == batch_id


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("PUT", "batches/{id}", {}, 422),
        ("PUT", "batches/{id}", body(created="x"), 422),
        ("PUT", "batches/{id}", body(sourceHash="x"), 422),
        ("PUT", "batches/{id}", body(calls=[{"index": -1}]), 422),
        ("PUT", "batches/{id}", body(calls=body()["calls"] * 2), 422),
        ("PUT", "batches/{id}", body(title="\ud800"), 422),
        ("PUT", "batches/{id}", body(taskGroupId="x"), 422),
        ("POST", "batches/{id}/landing", {"client": F, "action": "seize"}, 422),
        ("POST", "batches/{id}/landing", {"client": F, "action": "claim"}, 404),
        ("POST", "batches/{id}/restore", {}, 404),
        ("DELETE", "batches/{id}", None, 404),
        ("GET", "batches/{id}/tasks", None, 404),
        ("GET", "batches/{id}/export", None, 404),
        ("GET", "batches/not-an-id", None, 404),
        ("POST", "follow", {"service": "local"}, 422),
        ("POST", "follow", {"service": "local", "taskIds": []}, 422),
        ("POST", "follow", {"service": "nowhere", "taskIds": [F]}, 404),
    ],
)
async def test_bad_requests_about_batches(
    api: Api, method: str, path: str, sent: Any, status: int
) -> None:
    answer = await api.call(method, path.format(id=new_id()), sent)
    answer.assert_error(status, answer.json["code"])
