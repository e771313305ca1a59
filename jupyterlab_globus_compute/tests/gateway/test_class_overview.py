"""The overview of a class through a real Jupyter server."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth import Authorizer

from jupyterlab_globus_compute.gateway.class_overview import ClassOverview
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.tests.overview.samples import AREA, ran, released, write

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_server.serverapp import ServerApp

    from jupyterlab_globus_compute.tests.gateway.support import Api, Fetch


class NoFiles(Authorizer):
    """Lets people do everything but read files."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        """Answer by the resource."""
        return resource != "contents"


@pytest.fixture
def sheet(jp_root_dir: Path) -> Path:
    """A class of two in the server's folder, and what it was handed out."""
    write(jp_root_dir / "sheet" / "submitted" / "ann" / "ps1" / "s.ipynb", [ran(AREA, "ex-area")])
    write(jp_root_dir / "sheet" / "submitted" / "ben" / "ps1" / "s.ipynb", [])
    write(jp_root_dir / "release.ipynb", released()[:3])
    return jp_root_dir / "sheet"


async def test_a_table(api: Api, sheet: Path) -> None:
    query = {"folder": "sheet", "release": "release.ipynb"}
    answer = await api.call("GET", "overview", params=query)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert (answer.json["exercises"], answer.json["assignment"]) == (["1. area"], "ps1")
    ann, ben = answer.json["students"]
    assert (ann["student"], ann["path"]) == ("ann", "submitted/ann/ps1/s.ipynb")
    assert (ann["entries"][0]["state"], ann["entries"][0]["cellId"]) == ("done", "ex-area")
    assert ben["entries"] == [{"state": "missing", "tasks": 0, "done": 0, "failed": 0, "notes": []}]


async def test_a_file_for_spreadsheets(jp_fetch: Fetch, sheet: Path) -> None:
    query = {"folder": "sheet", "assignment": "ps1", "format": "csv"}
    response = await jp_fetch("globus-compute", "overview", params=query)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="overview.csv"'
    head, *rows = csv.reader(response.body.decode("utf-8-sig").splitlines())
    assert head[:4] == ["student", "notebook", "problem", "1. area: state"]
    assert [row[0] for row in rows] == ["ann", "ben"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"folder": "nowhere"}, 404, "FOLDER_NOT_FOUND"),
        ({"folder": "release.ipynb"}, 404, "FOLDER_NOT_FOUND"),
        ({"folder": ".hidden"}, 404, "FOLDER_NOT_FOUND"),
        ({"folder": "../outside"}, 404, "NOT_FOUND"),
        ({"folder": "sheet/../../outside"}, 404, "NOT_FOUND"),
        ({"folder": "/etc"}, 404, "FOLDER_NOT_FOUND"),
        ({"folder": "sheet", "release": "sheet"}, 404, "NOTEBOOK_NOT_FOUND"),
        ({"folder": "sheet", "release": "../outside/x.ipynb"}, 404, "NOT_FOUND"),
        ({"folder": "empty"}, 422, "NO_OVERVIEW"),
        ({"folder": "sheet", "assignment": "--help"}, 422, "NO_OVERVIEW"),
        ({"folder": "sheet", "release": "text.txt"}, 422, "NO_OVERVIEW"),
    ],
)
async def test_what_is_refused(
    api: Api, sheet: Path, jp_root_dir: Path, query: dict[str, str], status: int, code: str
) -> None:
    (jp_root_dir / "empty").mkdir()
    (jp_root_dir / "text.txt").write_text("no notebook")
    write(jp_root_dir / ".hidden" / "ann.ipynb", [])
    write(jp_root_dir.parent / "outside" / "x.ipynb", [])
    answer = await api.call("GET", "overview", params=query)
    answer.assert_error(status, code)
    assert str(jp_root_dir) not in answer.json["reason"]


async def test_the_reason_is_that_of_the_program(api: Api, sheet: Path) -> None:
    answer = await api.call("GET", "overview", params={"folder": "sheet", "assignment": "ps9"})
    assert answer.json["reason"] == "There is no assignment ps9. There are: ps1."


async def test_who_may_not_read_files_sees_no_table(
    api: Api, sheet: Path, jp_serverapp: ServerApp
) -> None:
    jp_serverapp.web_app.settings["authorizer"] = NoFiles(parent=jp_serverapp)
    answer = await api.call("GET", "overview", params={"folder": "sheet"})
    answer.assert_error(403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("program", "timeout_s", "status"),
    [("import time; time.sleep(600)", 0.5, 504), ("import os; os.abort()", 60.0, 500)],
)
async def test_a_reader_that_breaks_leaves_the_server_alone(
    program: str, timeout_s: float, status: int
) -> None:
    overview = ClassOverview(command=[sys.executable, "-c", program], timeout_s=timeout_s)
    with pytest.raises(GatewayError) as caught:
        await overview.make("/", release="", assignment="", as_csv=False)
    assert caught.value.status == status
