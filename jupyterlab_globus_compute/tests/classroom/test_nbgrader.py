"""Release, collect and autograde of the real nbgrader, with `%%compute` cells."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyterlab_globus_compute.overview.matrix import make_matrix
from jupyterlab_globus_compute.tests.classroom.deeds import EXCEPTION, RIGHT, WRONG
from jupyterlab_globus_compute.tests.classroom.nbgrader_course import COURSE, Course
from jupyterlab_globus_compute.tests.classroom.person import Sitting, accept_class
from jupyterlab_globus_compute.tests.classroom.sheet import (
    EXERCISES,
    hand_out_class,
    nbgrader_source,
)

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.classroom.deeds import Deed

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="nbgrader and the local service need Linux or macOS"
)

ANN = (RIGHT, RIGHT, RIGHT)
BEN = (WRONG, EXCEPTION, RIGHT)


@pytest.mark.timeout(600)
def test_autograde_runs_compute_cells(tmp_path: Path) -> None:
    course = course_of(tmp_path)
    answer(course.folder / "release", course.folder / "submitted" / "ben", BEN)
    course.teach("autograde", "ps1")
    assert course.scores("ps1") == {"ben": 1.0}
    check_states(course, "submitted", {"ben": "not-run not-run not-run"})
    check_states(course, "autograded", {"ben": "done failed done"})


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_an_assignment_from_release_to_scores(tmp_path: Path) -> None:
    course = course_of(tmp_path)
    course.teach("release_assignment", "ps1")
    for student, deeds in (("ann", ANN), ("ben", BEN)):
        folder = course.study(student, "fetch_assignment", "ps1", "--course", COURSE)
        answer(folder, folder, deeds)
        if student == "ann":
            path = folder / "ps1" / "sheet.ipynb"
            Sitting(path, [], course.environment_of(student)).end(200)
        course.submit(student, "ps1")
    course.teach("collect", "ps1")
    check_states(course, "submitted", {"ann": "done done done", "ben": "not-run not-run not-run"})
    course.teach("autograde", "ps1")
    assert course.scores("ps1") == {"ann": 3.0, "ben": 1.0}
    check_states(course, "autograded", {"ann": "done done done", "ben": "done failed done"})


def course_of(tmp_path: Path) -> Course:
    """A course whose sheet is made for students."""
    course = Course(tmp_path)
    write(course.folder / "source" / "ps1" / "sheet.ipynb", nbgrader_source())
    hand_out_class(course.folder / "source" / "ps1")
    # Whoever grades runs the cells, and so needs what the class file offers.
    accept_class(course.folder / "source" / "ps1", course.environment_of("teacher"))
    course.teach("generate_assignment", "ps1")
    released = nbformat.read(course.folder / "release" / "ps1" / "sheet.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    assert text.count("%%compute") == len(EXERCISES)
    assert not any(exercise.solution in text for exercise in EXERCISES)
    return course


def answer(source: Path, target: Path, deeds: tuple[Deed, ...]) -> None:
    """Write what a student answers into the sheet that they were handed out."""
    notebook = nbformat.read(source / "ps1" / "sheet.ipynb", as_version=4)
    texts = {
        exercise.id: deed.source(exercise) for deed, exercise in zip(deeds, EXERCISES, strict=True)
    }
    for cell in notebook.cells:
        cell.source = texts.get(cell.id, cell.source)
    write(target / "ps1" / "sheet.ipynb", notebook)


def check_states(course: Course, folder: str, wanted: dict[str, str]) -> None:
    """Check what the overview of a folder of nbgrader says."""
    release = course.folder / "release" / "ps1" / "sheet.ipynb"
    matrix = make_matrix(course.folder / folder, release)
    assert matrix.exercises == tuple(exercise.title for exercise in EXERCISES)
    told = {row.student: " ".join(entry.state for entry in row.entries) for row in matrix.rows}
    assert told == wanted


def write(path: Path, notebook: Any) -> None:
    """Write a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
