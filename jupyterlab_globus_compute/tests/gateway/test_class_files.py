"""Class files through a real Jupyter server: read, accepted, and their limits kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME, hash_of
from jupyterlab_globus_compute.tests.gateway.support import UUID
from jupyterlab_globus_compute.tests.vault.support import F, new_id
from jupyterlab_globus_compute.tests.vault.test_routes_of_batches import body

from .test_class_file import CLASS, class_text

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Api, StandIn


@pytest.fixture
def folder(jp_root_dir: Path) -> Path:
    """The folder of the notebooks."""
    made = jp_root_dir / "class"
    made.mkdir()
    return made


def names_in(folder: Path) -> list[str]:
    """The names of a folder's files."""
    return [path.name for path in folder.iterdir()]


async def described(api: Api) -> Any:
    """What the gateway says of the folder's class file."""
    answer = await api.call("GET", "class-file", params={"folder": "class"})
    assert answer.status == 200
    return answer.json["file"]


async def accept(api: Api, text: str) -> Any:
    """Accept a text that was seen."""
    return await api.call(
        "POST", "class-file/acceptance", {"folder": "class", "hash": hash_of(text)}
    )


async def test_a_folder_without_one(api: Api, folder: Path) -> None:
    assert await described(api) is None
    (folder / CLASS_FILE_NAME).mkdir()
    assert await described(api) is None
    refused = await accept(api, class_text())
    assert (refused.status, refused.json["code"]) == (404, "CLASS_FILE_NOT_FOUND")


async def test_from_new_to_accepted_to_changed(api: Api, folder: Path, stand_in: StandIn) -> None:
    file, first, second = folder / CLASS_FILE_NAME, class_text(), class_text(title="B")
    file.write_text(first)
    assert await described(api) == {
        "path": f"class/{CLASS_FILE_NAME}",
        "hash": hash_of(first),
        "state": "new",
        "problems": [],
        "content": json.loads(first),
        "tasks": 0,
    }
    accepted = await accept(api, first)
    assert accepted.json["file"]["state"] == "accepted"
    assert await described(api) == accepted.json["file"]
    # What is accepted is what was seen, to the letter.
    file.write_text(second)
    assert (await described(api))["state"] == "changed"
    stale = await accept(api, first)
    assert (stale.status, stale.json["code"]) == (409, "CLASS_FILE_CHANGED")
    file.write_text(f"{first} ")
    assert (await described(api))["state"] == "changed"
    file.write_text(first)
    assert (await described(api))["state"] == "accepted"
    assert (await api.call("DELETE", f"class-file/acceptance/{hash_of(first)}")).status == 204
    assert (await described(api))["state"] == "new"
    # Nothing stands in the folder but the file, and no service heard of any of this.
    assert names_in(folder) == [CLASS_FILE_NAME]
    assert stand_in.starts() == []


async def test_what_cannot_be_accepted(api: Api, folder: Path) -> None:
    file = folder / CLASS_FILE_NAME
    invalid = class_text(url="https://evil.example")
    file.write_text(invalid)
    seen = await described(api)
    assert (seen["state"], seen["content"]) == ("invalid", None)
    assert "'url' was unexpected" in seen["problems"][0]
    refused = await accept(api, invalid)
    assert (refused.status, refused.json["code"]) == (422, "CLASS_FILE_INVALID")
    elsewhere = class_text(service="nowhere")
    file.write_text(elsewhere)
    refused = await accept(api, elsewhere)
    assert (refused.status, refused.json["code"]) == (422, "CLASS_SERVICE_NOT_FOUND")
    assert "has: local" in refused.json["reason"]
    assert (await described(api))["state"] == "new"


async def test_checks_what_is_about_to_be_saved(api: Api) -> None:
    good = await api.call("POST", "class-file/check", {"content": json.loads(class_text())})
    assert good.json == {"problems": []}
    bad = await api.call("POST", "class-file/check", {"content": {"version": 1}})
    assert "'id' is a required property" in " ".join(bad.json["problems"])
    assert (await api.call("POST", "class-file/check", {})).json["problems"]


async def test_its_limits_travel_with_the_submit(api: Api, folder: Path, stand_in: StandIn) -> None:
    target = f"v3/endpoints/{UUID}/submit"
    receipt = {"task_group_id": new_id(), "tasks": {F: [new_id()]}}
    watched = {"GET v3/events": {"status": 404}, "POST v2/batch_status": {"status": 503}}
    stand_in.plan({f"POST {target}": {"body": json.dumps(receipt)}, **watched})
    text = class_text(limits={"tasks": 2, "payloadBytes": 1024, "walltimeSeconds": 60})
    (folder / CLASS_FILE_NAME).write_text(text)
    batch_id = new_id()
    planned = body(classHash=hash_of(text))
    refused = await api.call("PUT", f"batches/{batch_id}", planned)
    assert (refused.status, refused.json["code"]) == (409, "CLASS_NOT_ACCEPTED")
    await accept(api, text)
    assert (await api.call("PUT", f"batches/{batch_id}", planned)).status == 200
    submit = {"tasks": {F: ["payload"]}}
    headers = {"X-Globus-Compute-Batch": batch_id}
    answer = await api.call("POST", f"services/local/{target}", submit, headers=headers)
    assert answer.status == 200
    (sent,) = stand_in.requests(f"/{target}")
    assert json.loads(sent["body"])["class_limits"] == {
        "class_id": CLASS,
        "tasks": 2,
        "payload_bytes": 1024,
        "walltime_s": 60,
    }
    assert (await described(api))["tasks"] == 1
    # Larger arguments than the class allows do not leave the gateway.
    large = {"tasks": {F: ["x" * 2000]}}
    second = new_id()
    await api.call("PUT", f"batches/{second}", planned)
    headers = {"X-Globus-Compute-Batch": second}
    refused = await api.call("POST", f"services/local/{target}", large, headers=headers)
    assert (refused.status, refused.json["code"]) == (413, "CLASS_PAYLOAD_TOO_LARGE")
    assert len(stand_in.requests(f"/{target}")) == 1
    assert (await api.call("GET", f"batches/{second}")).json["state"] == "problem"
