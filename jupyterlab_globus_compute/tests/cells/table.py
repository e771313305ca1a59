"""The table `cells.yaml`: its rows, and what a run must have come to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).with_name("cells.yaml")
ELSEWHERE = "00000000-0000-4000-8000-00000000beef"
"""Stands in a cell's text for the id of the function that the row registers elsewhere."""


class Row(NamedTuple):
    """A row of the table; the head of `cells.yaml` says what its fields mean."""

    name: str
    group: str
    cell: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    elsewhere: str = ""
    holds: str = ""
    shown: str = ""
    hidden: str = ""
    fails: str = ""
    notes: str = ""
    tasks: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()
    browser: bool = False
    slow: bool = False


class Outcome(NamedTuple):
    """What a cell came to, whoever ran it.

    `shown` is the text of all outputs, `error` is `Type: text` or empty, `labels` are the calls
    that were submitted.
    """

    shown: str
    error: str
    notes: list[str]
    labels: list[str]


class Runner(Protocol):
    """Runs the cells of a row, in a namespace that was emptied before."""

    def run(self, row: Row) -> Outcome:
        """Run the plain cells before, the cell, and the plain cells after it."""

    def evaluate(self, expression: str) -> str:
        """Return the repr of an expression's value in the notebook, or its error."""


def rows() -> list[Row]:
    """Read the table. Raises `TypeError` for a field that there is none of."""
    return list(read(yaml.safe_load(TABLE.read_text(encoding="utf-8"))))


def read(groups: dict[str, list[dict[str, Any]]]) -> Iterator[Row]:
    """Yield the rows of the table's groups."""
    for group, entries in groups.items():
        for entry in entries:
            fields = dict(entry)
            for name in ("before", "after", "needs", "tasks"):
                if isinstance(fields.get(name), str):
                    fields[name] = [fields[name]]
                if name in fields:
                    fields[name] = tuple(fields[name])
            cell = fields.pop("cell")
            if not cell.lstrip().startswith("%%compute"):
                cell = f"%%compute\n{cell}"
            yield Row(group=group, cell=cell, **fields)


def check(row: Row, outcome: Outcome, runner: Runner) -> None:
    """Compare a run with all that its row says."""
    if row.fails:
        assert re.search(row.fails, outcome.error), outcome
    else:
        assert outcome.error == "", outcome
    if row.shown:
        assert re.search(row.shown, outcome.shown), outcome
    if row.hidden:
        assert not re.search(row.hidden, outcome.shown), outcome
    if row.notes:
        assert re.search(row.notes, "\n".join(outcome.notes)), outcome
    else:
        assert outcome.notes == [], outcome
    if row.tasks is not None:
        assert outcome.labels == list(row.tasks), outcome
    if row.holds:
        assert runner.evaluate(row.holds) == "True", (row.holds, outcome)
