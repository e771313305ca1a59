"""Exercises are found again, whatever was done to the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.overview.matrix import make_matrix
from jupyterlab_globus_compute.tests.overview.samples import (
    AREA,
    ROOT,
    SUM,
    code,
    markdown,
    ran,
    released,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

DONE = [ran(AREA, "ex-area", "A"), ran(SUM, "ex-sum", "S"), ran(ROOT, "ex-root", "R")]
PROSE = [cell for cell in released() if cell["cell_type"] == "markdown"]


def without_ids(cells: list[Json]) -> list[Json]:
    """The cells as an editor saves them that drops ids."""
    return [{key: value for key, value in cell.items() if key != "id"} for cell in cells]


def sections(*cells: Json) -> list[Json]:
    """The prose of the release, with a cell below each of its sections."""
    return [PROSE[0], *(part for pair in zip(PROSE[1:], cells, strict=True) for part in pair)]


@pytest.mark.parametrize(
    ("cells", "results"),
    [
        pytest.param(DONE, "A S R", id="as handed out"),
        pytest.param(DONE[::-1], "A S R", id="moved"),
        pytest.param(without_ids(DONE), "A S R", id="without ids: name, function, lines"),
        pytest.param(without_ids(DONE)[::-1], "A S R", id="without ids, and moved"),
        pytest.param(DONE[:1] + DONE[2:], "A - R", id="deleted"),
        pytest.param([], "- - -", id="all deleted"),
        pytest.param([code(AREA, "ex-area"), ran(AREA, "copy", "B"), *DONE[1:]], "B S R",
                     id="a copy was run, and not the cell itself"),
        pytest.param([ran(AREA, "copy", "B"), *DONE], "A S R", id="a copy was run too"),
        pytest.param([*DONE, ran(AREA, "ex-area", "B")], "B S R", id="an id twice: the last"),
        pytest.param(
            without_ids(sections(ran("%%compute\nx = 1", None, "A"), *DONE[1:])), "A S R",
            id="rewritten: by its heading",
        ),
        pytest.param(
            without_ids([ran(ROOT.replace("2", "3"), None, "R"), *DONE[:2]]), "A S R",
            id="changed, moved: by its lines",
        ),
        pytest.param([ran("%%compute\n1 + 1", None, "X"), *DONE], "A S R", id="an own cell"),
        pytest.param([ran("def area(r): ...\narea(1)", "own", "X")], "- - -",
                     id="a plain cell with the function"),
        pytest.param([{"cell_type": "raw", "id": "ex-area", "source": AREA}], "- - -",
                     id="made a raw cell"),
    ],
)  # fmt: skip
def test_cells_are_found(tmp_path: Path, cells: list[Json], results: str) -> None:
    write(tmp_path / "class" / "ann.ipynb", cells)
    release = write(tmp_path / "release.ipynb", released())
    matrix = make_matrix(tmp_path / "class", release)
    assert matrix.exercises == ("1. area", "2. sum of squares", "3. A root")
    shown = [entry.result or "-" for entry in matrix.rows[0].entries]
    assert " ".join(shown) == results


def test_other_cells_of_an_exercise_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "class" / "ann.ipynb", [ran(AREA, "copy", "B"), *DONE])
    matrix = make_matrix(tmp_path / "class", write(tmp_path / "release.ipynb", released()))
    assert matrix.rows[0].entries[0].notes == ("1 more cell of this exercise",)


def test_marks_that_several_exercises_have_say_nothing(tmp_path: Path) -> None:
    one, two = AREA, AREA.replace("3 *", "4 *") + "\n# second"
    release = write(tmp_path / "r.ipynb", [code(one, "one"), code(two, "two")])
    write(tmp_path / "class" / "ann.ipynb", without_ids([ran(two, None, "2"), ran(one, None, "1")]))
    entries = make_matrix(tmp_path / "class", release).rows[0].entries
    assert [entry.result for entry in entries] == ["1", "2"]


def test_without_a_release_the_exercises_are_what_notebooks_share(tmp_path: Path) -> None:
    own = ran("%%compute\ndef mine():\n    return 1\n\nmine()", "own", "X")
    write(tmp_path / "ann.ipynb", sections(*DONE))
    write(tmp_path / "ben.ipynb", [own, *without_ids(sections(DONE[0], own, DONE[2]))])
    write(tmp_path / "cem.ipynb", [markdown("# nothing")])
    write(tmp_path / "dia.ipynb", sections(*DONE[:2], code("%%compute\n1")))
    matrix = make_matrix(tmp_path)
    assert matrix.exercises == ("1. area", "2. sum of squares", "3. A root")
    shown = {row.student: [entry.result or entry.state for entry in row.entries]
             for row in matrix.rows}  # fmt: skip
    assert shown == {
        "ann": ["A", "S", "R"],
        "ben": ["A", "X", "R"],
        "cem": ["missing"] * 3,
        "dia": ["A", "S", "not-run"],
    }
