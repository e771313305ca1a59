"""Which notebooks are looked at, and whose they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.overview.errors import OverviewError
from jupyterlab_globus_compute.overview.matrix import make_matrix
from jupyterlab_globus_compute.tests.overview.samples import AREA, code, ran, released, write

if TYPE_CHECKING:
    from pathlib import Path

CELLS = [ran(AREA, "ex-area")]


def test_a_flat_folder(tmp_path: Path) -> None:
    for name in ("Ben", "ann", "Zoë"):
        write(tmp_path / f"{name}.ipynb", CELLS)
    write(tmp_path / ".ipynb_checkpoints" / "ann-checkpoint.ipynb", CELLS)
    (tmp_path / "pictures").mkdir()
    matrix = make_matrix(tmp_path)
    assert [(row.student, row.path) for row in matrix.rows] == [
        ("ann", "ann.ipynb"),
        ("Ben", "Ben.ipynb"),
        ("Zoë", "Zoë.ipynb"),
    ]
    assert matrix.assignments == ()


def test_nbgraders_folder_and_the_course_above_it(tmp_path: Path) -> None:
    submitted = tmp_path / "submitted"
    for student in ("ann", "ben"):
        write(submitted / student / "ps1" / "sheet.ipynb", CELLS)
    write(submitted / "ann" / "ps2" / "sheet.ipynb", [])
    (submitted / "cem").mkdir()
    for folder, prefix in ((submitted, ""), (tmp_path, "submitted/")):
        shown = make_matrix(folder).as_json()
        assert (shown["assignment"], shown["assignments"]) == ("ps1", ["ps1", "ps2"])
        assert [(row["student"], row["path"], row["problem"]) for row in shown["students"]] == [
            ("ann", f"{prefix}ann/ps1/sheet.ipynb", ""),
            ("ben", f"{prefix}ben/ps1/sheet.ipynb", ""),
            ("cem", "", "There is no notebook."),
        ]
    assert [row.problem for row in make_matrix(submitted, assignment="ps2").rows] == [
        "",
        "There is no notebook.",
        "There is no notebook.",
    ]
    with pytest.raises(OverviewError, match=r"no assignment ps3\. There are: ps1, ps2"):
        make_matrix(submitted, assignment="ps3")


def test_of_several_notebooks_the_one_with_the_most_counts(tmp_path: Path) -> None:
    write(tmp_path / "ann" / "draft.ipynb", [code(AREA, "ex-area")])
    write(tmp_path / "ann" / "final.ipynb", CELLS)
    write(tmp_path / "ann" / "notes.ipynb", [])
    (tmp_path / "ann" / "wreck.ipynb").write_text("{")
    [row] = make_matrix(tmp_path).rows
    assert (row.path, row.others, row.entries[0].state) == ("ann/final.ipynb", 3, "done")


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret" / "teacher.ipynb", CELLS)
    folder = tmp_path / "class"
    write(folder / "ann.ipynb", CELLS)
    (folder / "ben.ipynb").symlink_to(secret)
    (folder / "cem").symlink_to(secret.parent)
    os.mkfifo(folder / "dia.ipynb")
    rows = {row.student: row.problem for row in make_matrix(folder).rows}
    assert rows == {"ann": "", "dia": "It is not a file."}


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(OverviewError, match="There is no such folder"):
        make_matrix(tmp_path / "nowhere")
    with pytest.raises(OverviewError, match="There is no notebook in this"):
        make_matrix(tmp_path)
    write(tmp_path / "ann.ipynb", released())
    with pytest.raises(OverviewError, match="no %%compute cell"):
        make_matrix(tmp_path, write(tmp_path / "r" / "r.ipynb", [code("1", "a")]))
    with pytest.raises(OverviewError, match="No such file"):
        make_matrix(tmp_path, tmp_path / "none.ipynb")


def test_one_run_in_two_notebooks_is_pointed_out(tmp_path: Path) -> None:
    write(tmp_path / "ann.ipynb", CELLS)
    write(tmp_path / "ben.ipynb", CELLS)
    write(tmp_path / "cem.ipynb", [ran(AREA, "ex-area", id="another")])
    notes = {row.student: row.entries[0].notes for row in make_matrix(tmp_path).rows}
    assert notes == {
        "ann": ("the same run as in the notebook of ben",),
        "ben": ("the same run as in the notebook of ann",),
        "cem": (),
    }
