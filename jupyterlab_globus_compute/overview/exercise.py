"""The exercises of a class: the `%%compute` cells of the notebook that was handed out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from .limits import MAX_EXERCISES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .notebook import CodeCell


@dataclass(frozen=True)
class Exercise:
    """An exercise, with what its cell can be known by. `cell` is that of the teacher, if known."""

    title: str
    id: str
    name: str
    function: str
    heading: str
    lines: frozenset[str]
    cell: CodeCell | None = None


def released_exercises(cells: Sequence[CodeCell]) -> list[Exercise]:
    """Return the exercises of a notebook that was handed out, in its order."""
    compute = [cell for cell in cells if cell.source.is_compute]
    return [_exercise(number, cell, cell) for number, cell in enumerate(compute[:MAX_EXERCISES], 1)]


def common_exercises(notebooks: Sequence[Sequence[CodeCell]]) -> list[Exercise]:
    """Return what several notebooks have in common, where nobody says what was handed out.

    Cells belong together by `--name`, function or heading. A cell that only one of several
    notebooks has is somebody's own.
    """
    alike: dict[str, list[tuple[int, CodeCell]]] = {}
    computing = [[cell for cell in cells if cell.source.is_compute] for cells in notebooks]
    for compute in computing:
        seen = set()
        for position, cell in enumerate(compute):
            key = _key(cell)
            if key and key not in seen:
                seen.add(key)
                alike.setdefault(key, []).append((position, cell))
    least = min(2, sum(map(bool, computing)))
    common = [members for members in alike.values() if len(members) >= least]
    common.sort(key=lambda members: median(position for position, _ in members))
    return [
        _exercise(number, _typical([cell for _, cell in members]), None)
        for number, members in enumerate(common[:MAX_EXERCISES], 1)
    ]


def _key(cell: CodeCell) -> str:
    source = cell.source
    for kind, text in (("name", source.name), ("function", source.function)):
        if text:
            return f"{kind} {text}"
    return f"heading {cell.heading}" if cell.heading else ""


def _typical(cells: Sequence[CodeCell]) -> CodeCell:
    """Return a cell with the id that most of them have: the one that was handed out."""
    ids = Counter(cell.id for cell in cells if cell.id)
    common = max(ids, key=lambda one: ids[one], default="")
    return next((cell for cell in cells if cell.id == common), cells[0])


def _exercise(number: int, cell: CodeCell, teachers: CodeCell | None) -> Exercise:
    source = cell.source
    return Exercise(
        title=f"{number}. {source.key or cell.heading or 'cell'}",
        id=cell.id,
        name=source.name,
        function=source.function,
        heading=cell.heading,
        lines=source.lines,
        cell=teachers,
    )
