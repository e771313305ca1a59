"""One person at a notebook: runs its cells from the top.

As `python -m … [--accept] PATH [ID-TO-SKIP …]`; with `--accept` they accept the class file first.
"""

from __future__ import annotations

import argparse
import io
import runpy
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

_CLASS_FILE = "jupyterlab_globus_compute.class_file"
_CELL_TIMEOUT_S = 300


def accept(folder: Path) -> None:
    """Look at the class file and accept it: `python -m`, without a process of its own."""
    command = [_CLASS_FILE, "--accept", str(folder)]
    with patch.object(sys, "argv", command), patch.object(sys, "stdin", io.StringIO("y\n")):
        try:
            runpy.run_module(_CLASS_FILE, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            if end.code:
                raise


def sit(path: Path, skipped: list[str]) -> None:
    """Run the code cells of a notebook, errors or not, and save it."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    # Several people sit down at once: between choosing TCP ports and using them another kernel
    # may take one. The path of a socket has about 100 characters at most.
    with TemporaryDirectory(prefix="sit-") as sockets:
        config = Config()
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{sockets}/kernel"
        client = NotebookClient(
            notebook,
            timeout=_CELL_TIMEOUT_S,
            allow_errors=True,
            resources=resources,
            config=config,
        )
        with client.setup_kernel():
            for at, cell in enumerate(notebook.cells):
                if cell.cell_type == "code" and cell.id not in skipped:
                    client.execute_cell(cell, at)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("path", type=Path)
    parser.add_argument("skipped", nargs="*")
    given = parser.parse_args()
    if given.accept:
        accept(given.path.parent)
    sit(given.path, given.skipped)
