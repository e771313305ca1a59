"""Forty students with one class file, each on their own local service, and the table of what they
hand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyterlab_globus_compute.gateway.class_record import ClassRecord
from jupyterlab_globus_compute.overview.card import BATCH_MIME_TYPE
from jupyterlab_globus_compute.overview.matrix import make_matrix
from jupyterlab_globus_compute.tests.classroom.deeds import (
    EDITED,
    MISSING,
    NOT_RUN,
    accepts,
    deeds_of,
)
from jupyterlab_globus_compute.tests.classroom.person import Sitting, environment
from jupyterlab_globus_compute.tests.classroom.sheet import (
    EXERCISES,
    hand_out_class,
    sheet,
    solutions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WAVE = 4
TIMEOUT_S = 240.0


@pytest.mark.timeout(300)
def test_four_students(tmp_path: Path) -> None:
    check_class(tmp_path, 4)


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_forty_students(tmp_path: Path) -> None:
    check_class(tmp_path, 40)


def check_class(tmp_path: Path, size: int) -> None:
    """Let a class of a size work on the sheet, and check the table of what they hand in."""
    reference = tmp_path / "teacher" / "sheet.ipynb"
    homes = tmp_path / "homes"
    write(reference, sheet(*solutions()))
    hand_out_class(reference.parent)
    Sitting(reference, [], environment(homes / "teacher")).end(TIMEOUT_S)
    for first in range(0, size, WAVE):
        wave = range(first, min(first + WAVE, size))
        sittings = [begin(tmp_path / "submitted", homes, number) for number in wave]
        for sitting in sittings:
            sitting.end(TIMEOUT_S)
    for number in range(size):
        edit_afterwards(path_of(tmp_path / "submitted", number), number)

    matrix = make_matrix(tmp_path / "submitted", reference)
    assert matrix.exercises == tuple(exercise.title for exercise in EXERCISES)
    assert [row.student for row in matrix.rows] == [name_of(number) for number in range(size)]
    for number, row in enumerate(matrix.rows):
        assert row.problem == ""
        wanted = [
            deed.told(exercise) for deed, exercise in zip(deeds_of(number), EXERCISES, strict=True)
        ]
        pairs = zip(row.entries, deeds_of(number), strict=True)
        assert [told(entry, deed.error) for entry, deed in pairs] == wanted, row.student
        assert all(entry.seconds is not None for entry in row.entries if entry.tasks)
    paths = [path_of(tmp_path / "submitted", number) for number in range(size)]
    check_services_are_their_own(paths)
    for number, path in enumerate(paths):
        check_class_was_heeded(path, homes / name_of(number), accepts(number))


def begin(submitted: Path, homes: Path, number: int) -> Sitting:
    """Let a student open the sheet, write what they write, and run it."""
    deeds = deeds_of(number)
    pairs = list(zip(deeds, EXERCISES, strict=True))
    notebook = sheet(*(deed.source(exercise) for deed, exercise in pairs))
    gone = [exercise.id for deed, exercise in pairs if deed is MISSING]
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    path = path_of(submitted, number)
    write(path, notebook)
    hand_out_class(path.parent)
    skipped = [exercise.id for deed, exercise in pairs if deed is NOT_RUN]
    home = environment(homes / name_of(number))
    return Sitting(path, skipped, home, accepts=accepts(number))


def edit_afterwards(path: Path, number: int) -> None:
    """Edit what the student edits after it ran, and drop what some editors drop: all metadata."""
    notebook = nbformat.read(path, as_version=4)
    edited = [exercise.id for deed, exercise in zip(deeds_of(number), EXERCISES, strict=True)
              if deed is EDITED]  # fmt: skip
    for cell in notebook.cells:
        cell.metadata.clear()
        if cell.id in edited:
            cell.source = f"{cell.source}  # better"
    write(path, notebook)


def told(entry: Any, begin: str) -> dict[str, Any]:
    """What the table says, as `Deed.told`; of an error that begins as wanted, the beginning."""
    is_wanted = begin and entry.error.startswith(begin)
    return {
        "state": entry.state,
        "expected": entry.expected,
        "edited": entry.edited,
        "result": entry.result,
        "error": begin if is_wanted else entry.error,
    }


def check_services_are_their_own(paths: Iterable[Path]) -> None:
    """Every student's cards name one endpoint, and no two students the same."""
    endpoints = [{card["endpoint"]["id"] for card in cards_of(path)} for path in paths]
    assert all(len(one) == 1 for one in endpoints)
    assert len(set.union(*endpoints)) == len(endpoints)


def check_class_was_heeded(path: Path, home: Path, is_accepted: bool) -> None:
    """Every task was counted for the class where the student accepted it, and none elsewhere.

    That its function was called shows in the table: nobody else rounds the area.
    """
    seen = ClassRecord(home / "data" / "globus-compute" / "vault").look(path.parent)
    assert seen is not None
    sent = sum(card["counts"]["total"] for card in cards_of(path))
    assert (seen.state, seen.tasks) == (("accepted", sent) if is_accepted else ("new", 0))
    notes = [output.text for output in outputs_of(path) if output.get("name") == "stderr"]
    told = [note for note in notes if "has no effect until you accept it" in note]
    assert len(told) == (0 if is_accepted else 1)


def cards_of(path: Path) -> list[dict[str, Any]]:
    """The cards of a notebook."""
    return [output.data[BATCH_MIME_TYPE] for output in outputs_of(path)
            if BATCH_MIME_TYPE in output.get("data", {})]  # fmt: skip


def outputs_of(path: Path) -> list[Any]:
    """The outputs of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def name_of(number: int) -> str:
    """The name of a student."""
    return f"student-{number + 1:02}"


def path_of(submitted: Path, number: int) -> Path:
    """The notebook that a student hands in."""
    return submitted / name_of(number) / "sheet1" / "sheet.ipynb"


def write(path: Path, notebook: Any) -> None:
    """Write a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
