"""The command line of the overview."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .csv_form import to_csv
from .errors import OverviewError
from .matrix import make_matrix
from .terminal import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .matrix import Matrix

_PROGRAM = "python -m jupyterlab_globus_compute.overview"
_STANDARD_OUTPUT = "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the overview of a folder; return 0, or 1 if there is nothing to show."""
    # Names and results are in any script, whatever the terminal's encoding.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = _parser().parse_args(arguments)
    try:
        matrix = make_matrix(given.folder, given.release, given.assignment)
        _write(matrix, given)
    except OverviewError as error:
        print(f"{_PROGRAM}: {error}", file=sys.stderr)
        return 1
    return 0


def _write(matrix: Matrix, given: argparse.Namespace) -> None:
    if given.csv == _STANDARD_OUTPUT:
        sys.stdout.write(to_csv(matrix))
    elif given.json:
        json.dump(matrix.as_json(), sys.stdout)
    else:
        sys.stdout.write(to_text(matrix))
    if given.csv not in (None, _STANDARD_OUTPUT):
        try:
            # With a mark, for spreadsheets that else take UTF-8 for something else.
            Path(given.csv).write_text(to_csv(matrix), encoding="utf-8-sig", newline="")
        except OSError as error:
            raise OverviewError(f"{given.csv} cannot be written: {error.strerror}.") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Show what a class did, from collected notebooks: who ran which %%compute "
        "cell, with what result. Reads what is saved in the files; runs nothing.",
    )
    parser.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="the notebooks: <student>.ipynb, <student>/<notebook>.ipynb, or nbgrader's "
        "submitted/<student>/<assignment>/<notebook>.ipynb",
    )
    parser.add_argument(
        "--release",
        type=Path,
        metavar="NOTEBOOK",
        help="the notebook that was handed out: its %%compute cells are the exercises. Where it "
        "holds results, those of the students are compared with them",
    )
    parser.add_argument(
        "--assignment", default="", metavar="NAME", help="which of several assignments to show"
    )
    parser.add_argument("--csv", metavar="FILE", help="write the table to a file; -: print it")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    return parser
