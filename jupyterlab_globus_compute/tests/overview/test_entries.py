"""What the saved outputs of a cell are taken to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.overview.matrix import make_matrix
from jupyterlab_globus_compute.tests.overview.samples import (
    AREA,
    card_of,
    code,
    error,
    ran,
    result,
    task_failure,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

STREAM = {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]}
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aGk="}}


def entry_of(tmp_path: Path, cell: dict[str, Any], teachers: dict[str, Any] | None = None) -> Any:
    """The only entry of a table of one student and one exercise, as the browser takes it."""
    write(tmp_path / "class" / "ann.ipynb", [cell])
    release = write(tmp_path / "release.ipynb", [teachers or code(AREA, "a")])
    [student] = make_matrix(tmp_path / "class", release).as_json()["students"]
    [entry] = student["entries"]
    return entry


@pytest.mark.parametrize(
    ("cell", "state", "said"),
    [
        (code(AREA, "a"), "not-run", {}),
        (ran(AREA, "a"), "done", {"result": "12", "seconds": 1.5, "edited": False, "done": 1}),
        (code(AREA, "a", card_of(AREA), STREAM), "done", {"result": "one two"}),
        (code(AREA, "a", card_of(AREA), PICTURE), "done", {"result": "picture"}),
        (code(AREA + "\n", "a", card_of(AREA)), "done", {"edited": False}),
        (code(AREA.replace("3", "4"), "a", card_of(AREA)), "done", {"edited": True}),
        (code("", "a", card_of(AREA)), "done", {"edited": True}),
        (
            code(AREA, "a", card_of(AREA, failed=1, tasks=[task_failure("KeyError", "'x'")])),
            "failed",
            {"error": "KeyError: 'x'", "failed": 1, "edited": False},
        ),
        (code(AREA, "a", card_of(AREA), error()), "failed", {"error": "ValueError: no"}),
        (code(AREA, "a", error("CellError", "x")), "unsent", {"error": "CellError: x"}),
        (
            code(AREA, "a", card_of(AREA, state="problem", note="offline")),
            "unsent",
            {"error": "offline"},
        ),
        (code(AREA, "a", card_of(AREA, state="running")), "waiting", {}),
        (code(AREA, "a", card_of(AREA, state="sending")), "waiting", {}),
        (
            code(AREA, "a", result("12")),
            "done",
            {"result": "12", "notes": ("ran without sending anything",)},
        ),
        (
            code("area(2)", "a", result("12")),
            "done",
            {"notes": ("%%compute was taken out: it ran in the notebook",)},
        ),
        (code(AREA, "a", count=7), "done", {"notes": ("ran without sending anything",)}),
        (
            code(AREA, "a", card_of(AREA, version=2)),
            "unclear",
            {"notes": ("its card cannot be read",)},
        ),
    ],
)
def test_states(tmp_path: Path, cell: dict[str, Any], state: str, said: dict[str, Any]) -> None:
    entry = entry_of(tmp_path, cell)
    assert (entry["state"], {key: entry.get(key) for key in said}) == (state, said)


@pytest.mark.parametrize(
    ("value", "expected"), [("12", True), ("12\n ", True), ("13", False), ("", False)]
)
def test_a_result_is_compared_with_the_teachers(tmp_path: Path, value: str, expected: bool) -> None:
    teachers = ran(AREA, "a", id="of the teacher")
    assert entry_of(tmp_path, ran(AREA, "a", value), teachers)["expected"] is expected


def test_nothing_is_compared_where_the_teacher_has_no_result(tmp_path: Path) -> None:
    assert "expected" not in entry_of(tmp_path, ran(AREA, "a"))
    failed = code(AREA, "a", card_of(AREA, failed=1, id="t"), error())
    assert "expected" not in entry_of(tmp_path, ran(AREA, "a"), failed)


def test_the_result_that_was_handed_out_is_not_the_students(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, ran(AREA, "a"), ran(AREA, "a"))
    assert entry["state"] == "not-run"
    assert entry["notes"] == ("shows the result of the notebook that was handed out",)
