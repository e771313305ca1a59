"""What the saved outputs of a cell say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .card import BATCH_MIME_TYPE, read_card
from .foreign_text import joined, plain, shortened
from .limits import MAX_COMPARED_CHARACTERS, MAX_OUTPUTS

if TYPE_CHECKING:
    from .card import Card


@dataclass(frozen=True)
class CellOutputs:
    """`value` is what the cell gave, in full; `result` the same for the table."""

    count: int = 0
    card: Card | None = None
    is_card_broken: bool = False
    error: str = ""
    value: str = ""
    result: str = ""


def read_outputs(outputs: object) -> CellOutputs:
    """Return what a cell's outputs say; of what is no output, nothing."""
    if not isinstance(outputs, list):
        return CellOutputs()
    entries = [entry for entry in outputs[:MAX_OUTPUTS] if isinstance(entry, dict)]
    # A cell has one card, above what it shows.
    cards = [data[BATCH_MIME_TYPE] for data in map(_data, entries) if BATCH_MIME_TYPE in data]
    card = read_card(cards[0]) if cards else None
    value = _value(entries)
    return CellOutputs(
        count=len(entries),
        card=card,
        is_card_broken=bool(cards) and card is None,
        error=next(filter(None, map(_error, entries)), ""),
        value=value,
        result=shortened(value) or ("picture" if any(map(_is_picture, entries)) else ""),
    )


def _value(entries: list[dict[str, Any]]) -> str:
    """Return the value of the cell; without one what it showed last, or else printed."""
    for kind in ("execute_result", "display_data"):
        for entry in reversed(entries):
            data = _data(entry)
            if entry.get("output_type") == kind and BATCH_MIME_TYPE not in data:
                text = _compared(data.get("text/plain"))
                if text:
                    return text
    printed = [
        joined(entry.get("text"), MAX_COMPARED_CHARACTERS)
        for entry in entries
        if entry.get("output_type") == "stream" and entry.get("name") == "stdout"
    ]
    return _compared("".join(printed))


def _compared(value: object) -> str:
    """Return text with its white space evened out."""
    return " ".join(plain(joined(value, MAX_COMPARED_CHARACTERS)).split())


def _error(entry: dict[str, Any]) -> str:
    """Return an error as `ZeroDivisionError: division by zero`; empty if the output is none."""
    if entry.get("output_type") != "error":
        return ""
    kind, message = entry.get("ename"), entry.get("evalue")
    text = f"{kind if isinstance(kind, str) else ''}: {message if isinstance(message, str) else ''}"
    return shortened(text.removesuffix(": ").removeprefix(": ")) or "error"


def _data(entry: dict[str, Any]) -> dict[str, Any]:
    data = entry.get("data")
    return data if isinstance(data, dict) else {}


def _is_picture(entry: dict[str, Any]) -> bool:
    return any(kind.startswith("image/") for kind in _data(entry))
