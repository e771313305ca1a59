"""Run the example notebooks from a clean state, without JupyterLab, and keep them with outputs.

`python scripts/docs/run_examples.py FOLDER [NAME ...]` writes `FOLDER/NAME.ipynb` for each example,
or for those named; an example in a folder is named `folder/name`. Each has a Jupyter data folder,
and so a local service, of its own.

A cell that must fail is tagged `raises-exception`; that one fails which is not, or succeeds which
is, ends the program with code 1.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

EXAMPLES = Path(__file__).parents[2] / "examples"
TIMEOUT_S = 120
WORKERS = 2
MUST_FAIL = "raises-exception"
PASTE = "PASTE-THE-ID-HERE"
SHOWN_ID = re.compile(r"is registered: function ([0-9a-f-]{36})")
ENDS_WITH_ERROR = {"hello": "error"}
"""The cell at which an example stops on purpose, by its name."""

AUTOLOAD = 'c.InteractiveShellApp.extensions = ["jupyterlab_globus_compute"]\n'


class ExampleError(Exception):
    """An example did not do what it says."""


def main(arguments: Sequence[str]) -> int:
    """Run the examples and return the exit code."""
    folder, *names = arguments
    chosen = names or sorted(map(name_of, EXAMPLES.glob("**/*.ipynb")))
    with ThreadPoolExecutor(WORKERS) as pool:
        problems = list(pool.map(lambda name: run(name, folder), chosen))
    for problem in filter(None, problems):
        print(problem, file=sys.stderr)
    return 1 if any(problems) else 0


def name_of(path: Path) -> str:
    """Return what an example is called."""
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


def run(name: str, folder: str) -> str | None:
    """Run one example, keep it below `folder`, and return what was wrong with it."""
    notebook = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory(prefix="globus-compute-example-") as home:
        work = Path(shutil.copytree(EXAMPLES, Path(home) / "examples"))
        problem = None
        try:
            execute(name, notebook, (work / name).parent, environment(Path(home)))
        except ExampleError as error:
            problem = f"examples/{name}.ipynb: {error}"
    kept = Path(folder) / f"{name}.ipynb"
    kept.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook)
    # Tracebacks name files of Python's, which lie elsewhere for every reader.
    for prefix in (sys.prefix, sys.base_prefix):
        text = text.replace(prefix, "/usr")
    kept.write_text(text, "utf-8")
    return problem


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a newcomer whose IPython loads the magics by itself."""
    profile = home / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(AUTOLOAD, "utf-8")
    return {
        **os.environ,
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
    }


def execute(name: str, notebook: NotebookNode, folder: Path, env: dict[str, str]) -> None:
    """Run the cells, in place. Raises `ExampleError`."""

    def paste(cell: NotebookNode, cell_index: int) -> None:
        """Do what the example tells its reader to: copy the id from the card above."""
        if PASTE in cell.source:
            cell.source = cell.source.replace(PASTE, function_id(notebook.cells[:cell_index]))

    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=paste,
    )
    try:
        client.execute(env=env)
    except CellExecutionError as error:
        stopped_at = [cell.id for cell in notebook.cells if failed(cell)][-1]
        if stopped_at != ENDS_WITH_ERROR.get(name):
            raise ExampleError(f"cell {stopped_at} failed: {error}") from None
    else:
        if name in ENDS_WITH_ERROR:
            raise ExampleError("it did not end with the error that it plants")
    for cell in notebook.cells:
        if MUST_FAIL in cell.metadata.get("tags", ()) and not failed(cell):
            raise ExampleError(f"cell {cell.id} should have failed, and did not")


def function_id(cells: Sequence[NotebookNode]) -> str:
    """Return the function id that was shown last."""
    shown = [
        match
        for cell in cells
        for output in cell.get("outputs", ())
        for match in SHOWN_ID.findall(output.get("text", ""))
    ]
    if not shown:
        raise ExampleError("no cell shows the id of a function")
    return str(shown[-1])


def failed(cell: NotebookNode) -> bool:
    """Tell whether a cell ended with an error."""
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
