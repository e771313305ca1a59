"""The table: a row for each student, a column for each exercise."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .collection import collect
from .entry import Entry, read_entry
from .errors import NotebookError, OverviewError
from .exercise import common_exercises, released_exercises
from .foreign_text import shortened
from .limits import MAX_NOTEBOOKS, MAX_STUDENTS
from .matching import match
from .notebook import read_notebook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .collection import Collection, Found
    from .exercise import Exercise
    from .matching import Match
    from .notebook import CodeCell


@dataclass(frozen=True)
class Row:
    """A student. `problem` says why there are no entries; `path` is below the folder."""

    student: str
    path: str = ""
    problem: str = ""
    others: int = 0
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """The whole table. `prefix` leads from the folder that was named to the notebooks."""

    prefix: str
    assignment: str
    assignments: tuple[str, ...]
    exercises: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as the browser takes it."""
        return {
            "assignment": self.assignment,
            "assignments": list(self.assignments),
            "exercises": list(self.exercises),
            "notes": list(self.notes),
            "students": [
                {
                    "student": shortened(row.student),
                    "path": self.prefix + row.path if row.path else "",
                    "problem": row.problem,
                    "others": row.others,
                    "entries": [entry.as_json() for entry in row.entries],
                }
                for row in self.rows
            ],
        }


@dataclass(frozen=True)
class _Read:
    """A notebook that was read, or why it was not."""

    found: Found
    cells: Sequence[CodeCell] | None
    problem: str = ""


def make_matrix(folder: Path, release: Path | None = None, assignment: str = "") -> Matrix:
    """Read the notebooks of a folder.

    `release` is the notebook that was handed out, or the teacher's own with results; without it
    the exercises are what the notebooks have in common. `assignment` chooses one of several.

    Raises `OverviewError` if there is nothing to show.
    """
    collection = collect(folder)
    assignments = collection.assignments
    if assignment and assignment not in assignments:
        known = ", ".join(map(shortened, assignments)) or "none"
        raise OverviewError(f"There is no assignment {shortened(assignment)}. There are: {known}.")
    chosen = assignment or (assignments[0] if assignments else "")
    read = [
        _read(collection.root, found)
        for found in collection.notebooks
        if not found.assignment or found.assignment == chosen
    ]
    exercises = _exercises(release, read)
    rows = [_row(student, exercises, read) for student in collection.students[:MAX_STUDENTS]]
    return Matrix(
        prefix="" if collection.root == folder else f"{collection.root.name}/",
        assignment=chosen,
        assignments=tuple(assignments),
        exercises=tuple(exercise.title for exercise in exercises),
        rows=tuple(_with_shared_runs(rows)),
        notes=tuple(_notes(collection)),
    )


def _read(root: Path, found: Found) -> _Read:
    try:
        return _Read(found, read_notebook(root / found.path))
    except NotebookError as error:
        return _Read(found, None, str(error))


def _exercises(release: Path | None, read: Sequence[_Read]) -> list[Exercise]:
    """Return the exercises. Raises `OverviewError`."""
    if release is not None:
        try:
            exercises = released_exercises(read_notebook(release.resolve()))
        except NotebookError as error:
            raise OverviewError(f"The released notebook: {error}") from None
        if not exercises:
            raise OverviewError(
                "The released notebook has no %%compute cell, so there are no exercises. "
                "Name the notebook that was handed out."
            )
        return exercises
    return common_exercises([one.cells for one in read if one.cells is not None])


def _row(student: str, exercises: Sequence[Exercise], read: Sequence[_Read]) -> Row:
    """Return what a student did, by that of their notebooks which has the most of it."""
    own = [one for one in read if one.found.student == student]
    if not own:
        return Row(student, problem="There is no notebook.")
    readable = [(one, match(exercises, one.cells)) for one in own if one.cells is not None]
    others = len(own) - 1
    if not readable:
        return Row(student, own[0].found.path, own[0].problem, others)
    best, matches = max(readable, key=lambda pair: _merit(pair[1]))
    entries = tuple(read_entry(*pair) for pair in zip(exercises, matches, strict=True))
    return Row(student, best.found.path, "", others, entries)


def _merit(matches: Sequence[Match]) -> tuple[int, int]:
    cells = [one.cell for one in matches if one.cell is not None]
    return sum(cell.is_run for cell in cells), len(cells)


def _with_shared_runs(rows: Sequence[Row]) -> list[Row]:
    """Note where two students show the same run: every run has an id of its own."""
    students: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for batch in {entry.batch for entry in row.entries if entry.batch}:
            students[batch].append(row.student)
    return [
        replace(row, entries=tuple(_noted(entry, row.student, students) for entry in row.entries))
        for row in rows
    ]


def _noted(entry: Entry, student: str, students: dict[str, list[str]]) -> Entry:
    others = [other for other in students.get(entry.batch, ()) if other != student]
    if not others:
        return entry
    note = shortened(f"the same run as in the notebook of {', '.join(others[:3])}")
    return replace(entry, notes=(*entry.notes, note))


def _notes(collection: Collection) -> list[str]:
    notes = []
    if collection.is_cut:
        notes.append(f"Only the first {MAX_NOTEBOOKS:,} notebooks were looked at.")
    if len(collection.students) > MAX_STUDENTS:
        notes.append(f"Only the first {MAX_STUDENTS:,} students are shown.")
    return notes
