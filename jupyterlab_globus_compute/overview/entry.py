"""One cell of the table: what a student did in one exercise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .foreign_text import shortened

if TYPE_CHECKING:
    from .card import Card
    from .exercise import Exercise
    from .matching import Match
    from .notebook import CodeCell

STATES = {
    "missing": "No cell",
    "not-run": "Not run",
    "unsent": "Not sent",
    "waiting": "No result yet",
    "failed": "Failed",
    "done": "Done",
    "unclear": "Unclear",
}
"""The states, with the words that people read."""

_CARD_STATES = {
    "sending": "waiting",
    "waiting": "waiting",
    "running": "waiting",
    "failed": "failed",
    "problem": "unsent",
}


@dataclass(frozen=True)
class Entry:
    """A student's exercise.

    `edited` is None where the notebook does not tell, `expected` (whether the result is the
    teacher's) where there is nothing to compare with. `ran_at` is in seconds since the epoch.
    """

    state: str
    edited: bool | None = None
    result: str = ""
    expected: bool | None = None
    error: str = ""
    ran_at: float | None = None
    seconds: float | None = None
    tasks: int = 0
    done: int = 0
    failed: int = 0
    cell_id: str = ""
    batch: str = ""
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as the browser takes it; what is not known is left out."""
        names = {"ran_at": "ranAt", "cell_id": "cellId"}
        told = {names.get(key, key): value for key, value in asdict(self).items()}
        del told["batch"]
        return {key: value for key, value in told.items() if value is not None and value != ""}


def read_entry(exercise: Exercise, match: Match) -> Entry:
    """Return what a student's cell says of an exercise."""
    cell = match.cell
    if cell is None:
        return Entry("missing")
    card, outputs = cell.outputs.card, cell.outputs
    notes = [*_notes(cell), *_others(match.others)]
    if card is not None and _is_the_teachers(exercise, card):
        notes = ["shows the result of the notebook that was handed out"]
        return Entry("not-run", cell_id=cell.id, notes=tuple(notes))
    state = _state(cell)
    error = "" if state == "done" else (card.failure if card else "") or outputs.error
    if state == "unsent" and card is not None:
        error = error or card.note
    has_ended = card is not None and card.ended is not None and card.ended >= card.created
    return Entry(
        state=state,
        edited=cell.is_edited,
        result=outputs.result if state == "done" else "",
        expected=_is_expected(exercise, cell) if state == "done" else None,
        error=error,
        ran_at=card.created if card else None,
        seconds=round(card.ended - card.created, 3) if card and card.ended and has_ended else None,
        tasks=card.total if card else 0,
        done=card.done if card else 0,
        failed=card.failed if card else 0,
        cell_id=cell.id,
        batch=card.id if card else "",
        notes=tuple(notes),
    )


def _state(cell: CodeCell) -> str:
    outputs, card = cell.outputs, cell.outputs.card
    if outputs.is_card_broken:
        return "unclear"
    if card is None:
        # What failed before it had a card was sent nowhere.
        plain = "done" if cell.is_run else "not-run"
        return ("unsent" if cell.source.is_compute else "failed") if outputs.error else plain
    if card.failed or (outputs.error and card.state == "done"):
        return "failed"
    if card.state == "done" and card.done < card.total:
        return "unclear"
    return _CARD_STATES.get(card.state, "done")


def _notes(cell: CodeCell) -> list[str]:
    notes = []
    if cell.outputs.is_card_broken:
        notes.append("its card cannot be read")
    if cell.is_run and not cell.outputs.is_card_broken and cell.outputs.card is None:
        if not cell.source.is_compute:
            notes.append("%%compute was taken out: it ran in the notebook")
        elif not cell.outputs.error:
            notes.append("ran without sending anything")
    return notes


def _others(others: int) -> list[str]:
    cells = "cell" if others == 1 else "cells"
    return [f"{others} more {cells} of this exercise"] if others else []


def _is_the_teachers(exercise: Exercise, card: Card) -> bool:
    own = exercise.cell.outputs.card if exercise.cell else None
    return own is not None and own.id == card.id


def _is_expected(exercise: Exercise, cell: CodeCell) -> bool | None:
    """Whether the result is the teacher's; None where the teacher's notebook has none."""
    own = exercise.cell.outputs if exercise.cell else None
    if own is None or own.error or not own.value or (own.card is not None and own.card.failed):
        return None
    return own.value == cell.outputs.value


def describe(entry: Entry) -> str:
    """Return a state in words, as `Done, edited since it ran`."""
    words = [STATES[entry.state]]
    words += ["edited since it ran"] if entry.edited else []
    words += ["another result than the teacher's"] if entry.expected is False else []
    return shortened(", ".join(words))
