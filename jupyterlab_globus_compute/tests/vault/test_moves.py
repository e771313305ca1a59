"""Batches of notebooks that are renamed or moved."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.vault.vault import Vault
from jupyterlab_globus_compute.tests.gateway.support import Api
from jupyterlab_globus_compute.tests.vault.support import F, new_id, plan

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.gateway.support import Fetch
    from jupyterlab_globus_compute.tests.vault.support import Clock

PATHS = ("a.ipynb", "sub/a.ipynb", "sub/deep/b.ipynb", "subway.ipynb", "RTC:sub/c.ipynb", "")


async def paths_after(vault: Vault, old: str, new: str) -> list[str]:
    """Where the batches of `PATHS` are after a move."""
    plans = [plan(F, notebook_path=path) for path in PATHS]
    for made in plans:
        await vault.note_plan(made)
    await vault.move_notebooks(old, new)
    return [(await vault.batch(made.batch_id))["notebookPath"] for made in plans]


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ("a.ipynb", "sub/z.ipynb", {0: "sub/z.ipynb"}),
        ("sub", "new", {1: "new/a.ipynb", 2: "new/deep/b.ipynb", 4: "RTC:new/c.ipynb"}),
        ("sub/c.ipynb", "c.ipynb", {4: "RTC:c.ipynb"}),
        ("sub/deep", "100%_[x]", {2: "100%_[x]/b.ipynb"}),
        ("nowhere", "z", {}),
    ],
)
async def test_what_is_moved(vault: Vault, old: str, new: str, moved: dict[int, str]) -> None:
    expected = [moved.get(at, path) for at, path in enumerate(PATHS)]
    assert await paths_after(vault, old, new) == expected


async def test_others_are_told_of_what_moved_and_of_nothing_else(vault: Vault) -> None:
    moved, stays = plan(F, notebook_path="a.ipynb"), plan(F, notebook_path="b.ipynb")
    await vault.note_plan(moved)
    await vault.note_plan(stays)
    before = await vault.sequence()
    assert await vault.move_notebooks("a.ipynb", "c.ipynb") == 1
    changes = await vault.changes(before)
    assert [batch["id"] for batch in changes.batches] == [moved.batch_id]
    before = await vault.sequence()
    assert await vault.move_notebooks("a.ipynb", "c.ipynb") == 0
    assert await vault.sequence() == before


async def test_a_notebook_of_another_folder_stays(folder: Path, clock: Clock) -> None:
    here, there = Vault(folder, clock, root="/here"), Vault(folder, clock, root="/there")
    try:
        mine, theirs = plan(F, notebook_path="a.ipynb"), plan(F, notebook_path="a.ipynb")
        await here.note_plan(mine)
        await there.note_plan(theirs)
        assert await here.move_notebooks("a.ipynb", "b.ipynb") == 1
        assert (await there.batch(mine.batch_id))["notebookPath"] == "b.ipynb"
        assert (await there.batch(theirs.batch_id))["notebookPath"] == "a.ipynb"
    finally:
        await here.close()
        await there.close()


@pytest.fixture
def jp_server_config(tmp_path: Path) -> dict[str, Any]:
    """A server whose services are never needed."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab_globus_compute": True}},
        "GlobusComputeExtension": {"vault_dir": str(tmp_path / "vault")},
    }


async def test_renaming_in_jupyter_moves_the_batches(jp_fetch: Fetch, jp_root_dir: Path) -> None:
    api, batch_id = Api(jp_fetch), new_id()
    (jp_root_dir / "sub").mkdir()
    (jp_root_dir / "sub" / "Untitled.ipynb").write_text("{}")
    planned = {
        "title": "area",
        "service": "local",
        "endpoint": {"id": new_id(), "name": "This computer"},
        "notebookPath": "sub/Untitled.ipynb",
        "cellId": "cell",
        "sourceHash": "0" * 64,
        "created": 7.0,
        "calls": [{"index": 0, "label": "area(0)", "line": 3, "functionId": F}],
    }
    await api.call("PUT", f"batches/{batch_id}", planned)

    async def rename(old: str, new: str) -> None:
        body = json.dumps({"path": new})
        await jp_fetch("api", "contents", *old.split("/"), method="PATCH", body=body)

    async def path() -> str:
        return str((await api.call("GET", f"batches/{batch_id}")).json["notebookPath"])

    for old, new, expected in (
        ("sub/Untitled.ipynb", "sub/area.ipynb", "sub/area.ipynb"),
        ("sub", "moved", "moved/area.ipynb"),
    ):
        await rename(old, new)
        while await path() != expected:  # noqa: ASYNC110 - the test has a timeout
            await asyncio.sleep(0.01)
    listed = await api.call("GET", "batches", params={"notebook": "moved/area.ipynb"})
    assert [batch["id"] for batch in listed.json["batches"]] == [batch_id]
