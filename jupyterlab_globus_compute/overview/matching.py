"""Which cell of a notebook is which exercise.

Cells are moved, deleted, copied and rewritten; tools drop ids and metadata. So an exercise is
known by the strongest of: the cell's id, its `--name`, its function, the only exercise below a
heading, and at last the lines it shares with what was handed out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .compute_source import likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .exercise import Exercise
    from .notebook import CodeCell

_LEAST_LIKENESS = 0.5


@dataclass(frozen=True)
class Match:
    """The cell of an exercise, if there is one, and how many others are of the same exercise."""

    cell: CodeCell | None
    others: int


def match(exercises: Sequence[Exercise], cells: Sequence[CodeCell]) -> list[Match]:
    """Return the cell of each exercise."""
    found: list[list[tuple[int, CodeCell]]] = [[] for _ in exercises]
    rest: list[CodeCell] = []
    marks = [_marks(exercises, mark) for mark in (_id, _name, _function)]
    for cell in cells:
        is_compute = cell.source.is_compute
        # A plain cell is an exercise only where it is the very cell that was handed out.
        own = (cell.id, *((cell.source.name, cell.source.function) if is_compute else ()))
        places = [(marks[rank].get(text), rank) for rank, text in enumerate(own)]
        place, rank = next(((at, rank) for at, rank in places if at is not None), (None, 0))
        if place is not None:
            found[place].append((rank, cell))
        elif is_compute:
            rest.append(cell)
    _add_weaker(exercises, found, rest)
    return [_chosen(candidates) for candidates in found]


def _add_weaker(
    exercises: Sequence[Exercise], found: list[list[tuple[int, CodeCell]]], rest: list[CodeCell]
) -> None:
    """Give the cells that nothing names to exercises that have none."""
    headings = _marks(exercises, _heading)
    missing = {at for at, candidates in enumerate(found) if not candidates}
    for cell in rest:
        place = headings.get(cell.heading)
        if place in missing:
            found[place].append((3, cell))
            continue
        ranked = [(likeness(exercises[at].lines, cell.source.lines), -at) for at in missing]
        best, at = max(ranked, default=(0.0, 0))
        if best >= _LEAST_LIKENESS:
            found[-at].append((4, cell))


def _chosen(candidates: list[tuple[int, CodeCell]]) -> Match:
    """Choose the cell that was run; of those the one known best, of those the last."""
    if not candidates:
        return Match(None, 0)
    _, _, at = min((not cell.is_run, rank, -at) for at, (rank, cell) in enumerate(candidates))
    return Match(candidates[-at][1], len(candidates) - 1)


def _marks(exercises: Sequence[Exercise], mark: Callable[[Exercise], str]) -> dict[str, int]:
    """Return which exercise has a mark, for the marks that only one exercise has."""
    counted = Counter(map(mark, exercises))
    return {
        mark(exercise): at
        for at, exercise in enumerate(exercises)
        if mark(exercise) and counted[mark(exercise)] == 1
    }


def _id(exercise: Exercise) -> str:
    return exercise.id


def _name(exercise: Exercise) -> str:
    return exercise.name


def _function(exercise: Exercise) -> str:
    return exercise.function


def _heading(exercise: Exercise) -> str:
    return exercise.heading
