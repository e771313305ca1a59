"""Cells as table rows: what ran before, the cell, and what it leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook, Run

NOTHING = object()


class Cell(NamedTuple):
    """One row. `source` is what stands below the magic line.

    The cell must leave `value` for the expression `shows`, or fail with `error` (a pattern of
    `Type: text`); `labels` are the tasks of each step, and `warning` a pattern of a warning.
    """

    name: str
    source: str
    shows: str = ""
    value: Any = NOTHING
    before: tuple[str, ...] = ()
    error: str = ""
    labels: list[list[str]] | None = None
    warning: str = ""
    options: dict[str, Any] = {}  # noqa: RUF012 - never changed


def check(notebook: Notebook, cell: Cell) -> Run:
    """Run the cell of a row and compare everything the row tells."""
    for source in cell.before:
        error, shown = notebook.execute(source)
        assert error is None, shown
    run = notebook.compute("%%compute\n" + cell.source, **cell.options)
    if cell.error:
        assert run.error is not None, f"no error, but {run.labels}"
        told = f"{type(run.error).__name__}: {run.error}"
        assert re.search(cell.error, told), told
    else:
        assert run.error is None, f"{run.error!r}\n{run.shown}"
    if cell.value is not NOTHING:
        assert notebook.value(cell.shows) == cell.value
    if cell.labels is not None:
        assert [labels for labels in run.labels if labels] == cell.labels
    if cell.warning:
        assert re.search(cell.warning, "\n".join(run.warnings)), run.warnings
    else:
        assert run.warnings == []
    assert not [name for name in notebook.space if name.startswith("_gc_")]
    return run
