"""Notebooks that somebody made to break or to fool the table."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.overview import notebook as notebook_module
from jupyterlab_globus_compute.overview.card import BATCH_MIME_TYPE
from jupyterlab_globus_compute.overview.csv_form import to_csv
from jupyterlab_globus_compute.overview.matrix import Matrix, make_matrix
from jupyterlab_globus_compute.overview.terminal import to_text
from jupyterlab_globus_compute.tests.overview.samples import (
    AREA,
    card_of,
    code,
    error,
    ran,
    released,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS = ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3+cmd", "@SUM(1)", "\t=1", "＝1+1", "%0A=1"]  # noqa: RUF001
STEERING = "\x1b[2J\x07\u202egnp.exe\u200b"


def of(tmp_path: Path, *cells: Any) -> Matrix:
    """The table of a class of one, with three exercises."""
    write(tmp_path / "class" / "ann.ipynb", list(cells))
    return make_matrix(tmp_path / "class", write(tmp_path / "release.ipynb", released()))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "its JSON is broken"),
        (b"{", "its JSON is broken"),
        (b"\xff\xfe\x00", "its JSON is broken"),
        (b"[" * 200_000, "its JSON is broken"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "its JSON is broken"),
        (b"9" * 5000, "its JSON is broken"),
        (b"[]", "its JSON is no object"),
        (b"null", "its JSON is no object"),
        (b"{}", "it has no list of cells"),
        (b'{"cells": {"0": 1}}', "it has no list of cells"),
        (b'{"worksheets": []}', "of an old format"),
    ],
)
def test_a_broken_notebook_is_a_row_that_says_so(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    write(tmp_path / "ben.ipynb", [ran(AREA, "ex-area")])
    (tmp_path / "ann.ipynb").write_bytes(content)
    ann, ben = make_matrix(tmp_path).rows
    assert problem in ann.problem
    assert (ann.entries, ben.problem, ben.entries[0].state) == ((), "", "done")


def test_a_huge_notebook_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook_module, "MAX_NOTEBOOK_BYTES", 1024 * 1024)
    write(tmp_path / "ben.ipynb", [ran(AREA, "ex-area")])
    write(tmp_path / "ann.ipynb", [ran(AREA, "ex-area", "x" * 2 * 1024 * 1024)])
    ann, ben = make_matrix(tmp_path).rows
    assert "too large: 2 MiB, and at most 1 are read" in ann.problem
    assert ben.entries[0].state == "done"


@pytest.mark.parametrize(
    "cell",
    [
        None,
        7,
        [],
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "id": "ex-area", "source": {"a": 1}, "outputs": "no"},
        {"cell_type": "code", "id": ["ex-area"], "source": [1], "outputs": [None, 1, [], {}]},
        {"cell_type": "code", "id": "<script>", "source": AREA, "execution_count": "1"},
        code(AREA, "ex-area", {"output_type": "stream", "text": {"a": 1}}, count=-1),
        code(AREA, "ex-area", {"output_type": "error", "ename": [], "evalue": 1}),
        code(AREA, "ex-area", {"output_type": "display_data", "data": []}),
    ],
)
def test_odd_cells_break_nothing(tmp_path: Path, cell: Any) -> None:
    matrix = of(tmp_path, cell, ran(AREA, "ex-area", "ok"))
    assert matrix.rows[0].entries[0].result == "ok"
    json.dumps(matrix.as_json())
    to_text(matrix)


@pytest.mark.parametrize(
    "forged",
    [
        {"counts": {"total": 1, "waiting": 0, "running": 0, "done": 5, "failed": 0}},
        {"counts": {"total": 1, "waiting": 0, "running": 0, "done": True, "failed": 0}},
        {"counts": {"total": 10**30, "waiting": 0, "running": 0, "done": 10**30, "failed": 0}},
        {"counts": [1]},
        {"state": "excellent"},
        {"state": ["done"]},
        {"id": 7},
        {"created": float("nan")},
        {"created": 1e300},
        {"created": "yesterday"},
        {"version": "1"},
    ],
)
def test_a_card_that_no_program_of_ours_saved_is_none(tmp_path: Path, forged: Any) -> None:
    entry = of(tmp_path, code(AREA, "ex-area", card_of(AREA, **forged))).rows[0].entries[0]
    assert (entry.state, entry.seconds, entry.done) == ("unclear", None, 0)


@pytest.mark.parametrize(
    "cell",
    [
        # What failed is not mended by a card that says "done", wherever it stands.
        code(AREA, "ex-area", card_of(AREA, failed=1), card_of(AREA)),
        code(AREA, "ex-area", card_of(AREA, state="done"), error()),
        code(AREA, "ex-area", card_of(AREA, failed=1, state="done")),
    ],
)
def test_a_card_does_not_outshout_a_failure(tmp_path: Path, cell: Any) -> None:
    assert of(tmp_path, cell).rows[0].entries[0].state == "failed"


def test_a_card_elsewhere_is_no_card(tmp_path: Path) -> None:
    data = card_of(AREA)["data"]
    cell = code(AREA, "ex-area")
    cell["metadata"] = {"outputs": [data], **data}
    cell[BATCH_MIME_TYPE] = data[BATCH_MIME_TYPE]
    note = {"cell_type": "markdown", "id": "ex-area", "source": AREA, "outputs": [card_of(AREA)]}
    assert of(tmp_path, note, cell).rows[0].entries[0].state == "not-run"


def test_a_time_that_runs_backwards_gives_no_duration(tmp_path: Path) -> None:
    entry = of(tmp_path, ran(AREA, "ex-area", ended=5.0)).rows[0].entries[0]
    assert (entry.state, entry.seconds) == ("done", None)


def test_text_is_text(tmp_path: Path) -> None:
    matrix = of(tmp_path, ran(AREA, "ex-area", STEERING + "\ud800" + "<b>x</b>" + "y" * 9999))
    result = matrix.rows[0].entries[0].result
    assert result.startswith("gnp.exe?<b>x</b>yyy")
    assert len(result) == 160
    for shown in (to_text(matrix), to_csv(matrix), json.dumps(matrix.as_json())):
        shown.encode()
        assert "\x1b" not in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula(tmp_path: Path, formula: str) -> None:
    folder = tmp_path / "class"
    cells = [
        ran(AREA, "ex-area", formula),
        code(AREA.replace("area", "b"), "b", card_of(AREA), error(formula, "")),
    ]
    name = formula.replace("/", "").strip()
    write(folder / f"{name}.ipynb", cells)
    release = write(tmp_path / "r.ipynb", [code(AREA, "ex-area"), code("%%compute", "b")])
    table = list(csv.reader(io.StringIO(to_csv(make_matrix(folder, release)))))
    texts = [text for line in table for text in line]
    assert not [text for text in texts if text.startswith(tuple("=+-@\t\r%＝"))]  # noqa: RUF001
    assert sum(text.startswith("'") for text in texts) >= 3


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    for value in ("-3.5", "+1e-9", "42"):
        table = list(csv.reader(io.StringIO(to_csv(of(tmp_path, ran(AREA, "ex-area", value))))))
        assert table[1][table[0].index("1. area: result")] == value


def test_many_cells_and_outputs_are_looked_at_in_part(tmp_path: Path) -> None:
    many = [code(f"%%compute\n{at}", None, *[error()] * 3) for at in range(3000)]
    crowded = ran(AREA, "ex-area", "ok")
    crowded["outputs"] += [error()] * 5000
    matrix = of(tmp_path, crowded, *many)
    assert matrix.rows[0].entries[0].state == "failed"
    assert len(json.dumps(matrix.as_json())) < 5000
