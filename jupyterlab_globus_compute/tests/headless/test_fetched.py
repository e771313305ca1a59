"""`%compute_result` with what JupyterLab fetched."""

from __future__ import annotations

import base64
import json
import pickle
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.tests.kernel.conftest import notebook, shell, worker

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

__all__ = ["notebook", "shell", "worker"]


def bring(notebook: Notebook, **record: Any) -> None:
    """Bring a batch as JupyterLab does, in two pieces."""
    whole = {"asked": "areas", "problem": None, "card": None, "tasks": [], **record}
    text = json.dumps(whole).encode()
    for piece, last in ((text[:10], False), (text[10:], True)):
        notebook.bridge.bring(base64.b64encode(piece).decode(), last)


def succeeded(value: Any, **envelope: Any) -> dict[str, Any]:
    """Return the outcome of a task of a cell."""
    whole = {"gc": 1, "value": pickle.dumps(value), "out": "", "err": "", **envelope}
    data = base64.b64encode(pickle.dumps(whole)).decode()
    return {"index": 0, "ok": True, "data": f"00\n{data}"}


def test_it_binds_and_shows(notebook: Notebook) -> None:
    bring(notebook, tasks=[succeeded(3, out="printed\n")])
    error, shown = notebook.execute("%compute_result areas -o area")
    assert (error, shown) == (None, "printed\n")
    assert notebook.shell.user_ns["area"] == 3
    failed = {"index": 1, "ok": False, "data": "ValueError: bad"}
    bring(notebook, tasks=[succeeded(3), failed])
    notebook.execute("values = %compute_result areas")
    assert repr(notebook.shell.user_ns["values"]) == "[3, <failed: ValueError: bad>]"


def test_a_whole_cell_brings_its_names(notebook: Notebook) -> None:
    bring(notebook, tasks=[succeeded(None, outputs={"x": pickle.dumps(1)})])
    notebook.execute("%compute_result areas -o got")
    assert notebook.shell.user_ns["got"] == {"x": 1}


def test_it_says_why_there_is_nothing(notebook: Notebook) -> None:
    bring(notebook, problem="there is no batch areas")
    for line, message in (
        ("areas", "there is no batch areas"),
        ("areas", "was not fetched"),  # what was taken is gone
        ("", "NAME-OR-ID"),
        ("a b", "NAME-OR-ID"),
        ("areas -o 1x", "'1x' is none"),
        ("'areas", "opened and not closed"),
    ):
        error, _ = notebook.execute(f"%compute_result {line}")
        assert message in str(error)
