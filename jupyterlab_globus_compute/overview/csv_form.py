"""The table as a file for a spreadsheet (RFC 4180)."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from .entry import describe
from .foreign_text import shortened

if TYPE_CHECKING:
    from .entry import Entry
    from .matrix import Matrix

# What makes a formula of a text, in the spreadsheets that are in use:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = "=+-@\t\r\n|%＝＋－＠"  # noqa: RUF001 - full-width signs count too
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
_COLUMNS = ("state", "result", "error", "ran at", "seconds", "notes")


def to_csv(matrix: Matrix) -> str:
    """Return a line for each student, with six columns for each exercise.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    titles = [f"{title}: {column}" for title in matrix.exercises for column in _COLUMNS]
    writer.writerow(map(_harmless, ["student", "notebook", "problem", *titles]))
    for row in matrix.rows:
        cells = [text for entry in row.entries for text in _cells(entry)]
        blanks = [""] * (len(titles) - len(cells))
        known = [row.student, matrix.prefix + row.path if row.path else "", row.problem]
        writer.writerow(map(_harmless, [*known, *cells, *blanks]))
    return file.getvalue()


def _cells(entry: Entry) -> list[str]:
    return [
        describe(entry),
        entry.result,
        entry.error,
        iso_date(entry.ran_at) if entry.ran_at is not None else "",
        "" if entry.seconds is None else f"{entry.seconds:g}",
        "; ".join(entry.notes),
    ]


def iso_date(seconds: float) -> str:
    """Return a time since the epoch in ISO 8601, UTC; empty if no calendar has it."""
    try:
        return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""


def _harmless(text: str) -> str:
    shown = shortened(text, 300)
    is_formula = shown.startswith(tuple(_FORMULA)) and not _NUMBER.fullmatch(shown)
    return f"'{shown}" if is_formula else shown
