"""One person at a notebook: runs its cells from the top, as `python -m … PATH [ID-TO-SKIP …]`."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_CELL_TIMEOUT_S = 300


def sit(path: Path, skipped: list[str]) -> None:
    """Run the code cells of a notebook, errors or not, and save it."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook, timeout=_CELL_TIMEOUT_S, allow_errors=True, resources=resources
    )
    with client.setup_kernel():
        for at, cell in enumerate(notebook.cells):
            if cell.cell_type == "code" and cell.id not in skipped:
                client.execute_cell(cell, at)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    sit(Path(sys.argv[1]), sys.argv[2:])
