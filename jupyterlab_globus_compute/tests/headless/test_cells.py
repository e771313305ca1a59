"""The table of cells, run by the magic without JupyterLab, on the local service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.cells.table import ELSEWHERE, Outcome, check, rows
from jupyterlab_globus_compute.tests.headless.lab import ANSI

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.cells.table import Row
    from jupyterlab_globus_compute.tests.headless.lab import Lab, Ran
    from jupyterlab_globus_compute.tests.local.service_process import LocalService

NOTE = "Note: "


class HeadlessRunner:
    """A kernel with the extension loaded."""

    def __init__(self, lab: Lab, service: LocalService) -> None:
        self._lab = lab
        self._service = service

    def run(self, row: Row) -> Outcome:
        """Run the cells of a row as they stand there."""
        source = row.cell
        if row.elsewhere:
            source = source.replace(ELSEWHERE, self._service.register(row.elsewhere))
        for plain in row.before:
            self._lab.ok(plain)
        ran = self._lab.run(source)
        labels = [task["label"] for card in ran.cards for task in card["tasks"]]
        outcome = Outcome(shown_by(ran), error_of(ran), notes_of(ran), labels)
        for plain in row.after:
            after = self._lab.run(plain)
            error = outcome.error or error_of(after)
            outcome = outcome._replace(shown=outcome.shown + shown_by(after), error=error)
        return outcome

    def evaluate(self, expression: str) -> str:
        """Return the repr of an expression."""
        return self._lab.evaluate(expression)


def shown_by(ran: Ran) -> str:
    """The text of all outputs but the card, which JupyterLab shows besides."""
    texts: list[str] = []
    for output in ran.outputs:
        if "text" in output:
            texts.append(output["text"])
        elif "traceback" in output:
            texts.append(ANSI.sub("", "\n".join(output["traceback"])) + "\n")
        elif output not in ran.card_outputs:
            data: dict[str, Any] = output["data"]
            mark = "[image/png]" if "image/png" in data else ""
            texts.append(f"{data.get('text/plain', '')}{mark}\n")
    return "".join(texts)


def error_of(ran: Ran) -> str:
    """`Type: text` of its error; empty if it has none."""
    errors = [f"{out['ename']}: {out['evalue']}" for out in ran.outputs if "traceback" in out]
    return errors[0] if errors else ""


def notes_of(ran: Ran) -> list[str]:
    """What it noted."""
    lines = ran.stderr.splitlines()
    return [line.removeprefix(NOTE) for line in lines if line.startswith(NOTE)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.group}: {row.name}")
def test_cell(lab: Lab, service: LocalService, row: Row) -> None:
    runner = HeadlessRunner(lab, service)
    check(row, runner.run(row), runner)
