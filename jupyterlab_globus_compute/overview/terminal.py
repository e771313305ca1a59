"""The table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .entry import describe
from .foreign_text import shortened

if TYPE_CHECKING:
    from .entry import Entry
    from .matrix import Matrix, Row

_MAX_NAME = 24
_MAX_TITLE = 60


def to_text(matrix: Matrix) -> str:
    """Return each student with a line for each exercise, and the counts below."""
    lines = []
    for row in matrix.rows:
        lines += [shortened(row.student), *_told(matrix, row), ""]
    lines += [_total(matrix, at) for at in range(len(matrix.exercises))]
    return "\n".join([*lines, *matrix.notes]).rstrip() + "\n"


def _told(matrix: Matrix, row: Row) -> list[str]:
    if row.problem:
        return [f"  {row.problem}"]
    titles = [shortened(title, _MAX_NAME).ljust(_MAX_NAME) for title in matrix.exercises]
    return [f"  {title}  {_line(entry)}" for title, entry in zip(titles, row.entries, strict=True)]


def _line(entry: Entry) -> str:
    parts = [describe(entry), shortened(entry.result or entry.error, _MAX_TITLE)]
    parts += [] if entry.seconds is None else [f"{entry.seconds:g} s"]
    return " · ".join(filter(None, [*parts, *entry.notes]))


def _total(matrix: Matrix, at: int) -> str:
    entries = [row.entries[at] for row in matrix.rows if row.entries]
    done = sum(entry.state == "done" for entry in entries)
    return f"{matrix.exercises[at]}: {done} of {len(matrix.rows)} done"
