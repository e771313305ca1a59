"""Every example is run from a clean state, and does what it says."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME, read_class_file
from jupyterlab_globus_compute.headless.advice import advice_on, known_failures
from jupyterlab_globus_compute.tests.docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = sorted((ROOT / "examples").glob("**/*.ipynb"))

PLANTED = {
    "variable": "interest reads the notebook variable 'rate'",
    "open-file": "a file handle cannot be sent",
    "above": "calls double, a function of this cell, above the last function",
    "shell": "is IPython syntax, which does not exist there",
    "plain": "double runs on Globus Compute",
    "zero": "ZeroDivisionError: division by zero",
    "module": "ModuleNotFoundError: No module named 'rdkit_of_your_dreams'",
    "part": "ImportError: cannot import name 'slope_of'",
    "name": "NameError: name 'uppercase' is not defined",
    "file": "FileNotFoundError: [Errno 2] No such file or directory",
    "network": "URLError: <urlopen error",
    "time": "TimeoutExpired: Command",
    "result": "cannot pickle 'sqlite3.Connection' object",
    "large": "MaxResultSizeExceeded:",
    "memory": "MemoryError",
    "crash": "the worker process died",
    "timeout": "Stopped waiting: the time of --timeout is over",
}
"""What the cells of `errors-on-purpose` must end with."""

ELSEWHERE = {
    "WorkerLost": "only an endpoint on Parsl says it",
    "TaskPayloadTooLarge": "a call that large is refused before it is sent",
    "DeserializationError": "needs another Python there than here",
    "SystemError": "needs another Python there than here",
    "SerializationError": "the local service says what cannot be packed",
    "ResultLost": "the local service keeps results for 30 days",
    "TaskFailed: Function": "the local service of a student has no list of allowed functions",
    "PermissionError": "who runs the tests may be allowed everything",
}
"""Failures with a remedy that a notebook cannot plant everywhere, and why."""


def name_of(path: Path) -> str:
    """What an example is called."""
    return path.relative_to(ROOT / "examples").with_suffix("").as_posix()


def cells_of(folder: Path, name: str) -> dict[str, Any]:
    """The cells of an example as it was run, by their ids."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    return {cell.id: cell for cell in notebook.cells}


def told(cell: Any) -> str:
    """All that the outputs of a cell say."""
    return html.unescape(json.dumps(cell.outputs, ensure_ascii=False).replace('\\"', '"'))


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_examples_do_what_they_say(path: Path, executed: Path) -> None:
    """That all cells succeed but those that must not is checked where they are run."""
    cells = cells_of(executed, name_of(path))
    ran = [cell for cell in cells.values() if cell.cell_type == "code" and cell.outputs]
    assert len(ran) >= 3
    nbformat.validate(nbformat.read(executed / f"{name_of(path)}.ipynb", as_version=4))


def test_errors_on_purpose(executed: Path) -> None:
    cells = cells_of(executed, "errors-on-purpose")
    tagged = {
        name for name, cell in cells.items() if "raises-exception" in cell.metadata.get("tags", ())
    }
    assert tagged == set(PLANTED)
    for name, words in PLANTED.items():
        assert words in told(cells[name]), name
        assert f"fix-{name}" in cells or name == "timeout"
    assert "here at last" in told(cells["fetched"])


def test_every_failure_with_a_remedy_is_planted_and_its_remedy_shown(executed: Path) -> None:
    cells = cells_of(executed, "errors-on-purpose")
    shown = [told(cell) for cell in cells.values() if cell.cell_type == "code"]
    for known in known_failures():
        if not known["seen"].startswith(tuple(ELSEWHERE)):
            advice = known["advice"].replace("%1", "This computer").split("%2")[0]
            assert any(advice in text for text in shown), known["seen"]
    for start in ELSEWHERE:
        assert any(known["seen"].startswith(start) for known in known_failures()), start


def test_the_exercise_of_a_class(executed: Path) -> None:
    cells = cells_of(executed, "class-exercise/birthdays")
    assert "[False, False, True]" in told(cells["room"])
    assert "12 done" in told(cells["rooms"])
    assert "25" in told(cells["answer"])


def test_the_class_file_of_the_exercise() -> None:
    folder = ROOT / "examples" / "class-exercise"
    read = read_class_file((folder / CLASS_FILE_NAME).read_text("utf-8"))
    assert read.service == "local"
    assert read.limits.tasks == 500


def test_results_of_the_other_examples(executed: Path) -> None:
    sweep = cells_of(executed, "parameter-sweep")
    assert "39 done" in told(sweep["sweep"])
    for angle in (45, 40, 30):
        assert f"     {angle}  " in told(sweep["table"])
    assert "π is 3.14" in told(cells_of(executed, "monte-carlo")["estimate"])
    sharing = cells_of(executed, "sharing-a-function")
    assert "{'Ada': 20.1, 'Grace': 22.8, 'Alan': 22.4}" in told(sharing["use"])


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_examples_are_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id
    assert notebook.cells[0].source.startswith("# ")


def test_advice_is_told_of_the_endpoint() -> None:
    """So that the test above compares with the words a person reads."""
    failure = {"type": "MemoryError", "message": "", "traceback": ""}
    assert str(advice_on(failure, "This computer", None)).startswith("A worker on This computer")
