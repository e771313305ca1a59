"""The cells of one notebook file, and no more of it than the table needs.

The layout is that of nbformat 4: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cell_outputs import CellOutputs, read_outputs
from .compute_source import ComputeSource, read_source
from .errors import NotebookError
from .foreign_text import joined, shortened
from .limits import MAX_CELLS, MAX_NOTEBOOK_BYTES, MAX_SOURCE_CHARACTERS

if TYPE_CHECKING:
    from pathlib import Path

_HEADING = re.compile(r"^#{1,6}[ \t]+(.*\S)", re.MULTILINE)
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_OLD_FORMAT = "It is of an old format: open it in JupyterLab and save it."
_BYTES_PER_MIB = 1024 * 1024


@dataclass(frozen=True)
class CodeCell:
    """A code cell. `id` is empty where it has none; `is_edited` is None where that is not known.

    `heading` is the text of the nearest heading above.
    """

    id: str
    heading: str
    source: ComputeSource
    outputs: CellOutputs
    is_run: bool
    is_edited: bool | None


def read_notebook(path: Path) -> list[CodeCell]:
    """Return the code cells of a notebook. Raises `NotebookError`."""
    try:
        notebook = json.loads(_content(path))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotebookError(f"It cannot be read: {reason}.") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotebookError("It is not a notebook: its JSON is broken. Collect it again.") from None
    if not isinstance(notebook, dict):
        raise NotebookError("It is not a notebook: its JSON is no object.")
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        if isinstance(notebook.get("worksheets"), list):
            raise NotebookError(_OLD_FORMAT)
        raise NotebookError("It is not a notebook: it has no list of cells.")
    return _code_cells(cells[:MAX_CELLS])


def _content(path: Path) -> bytes:
    """Return a regular file, no link and no pipe. Raises `OSError` and `NotebookError`."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotebookError("It is not a file.")
        if status.st_size > MAX_NOTEBOOK_BYTES:
            raise NotebookError(
                f"It is too large: {status.st_size // _BYTES_PER_MIB} MiB, and at most "
                f"{MAX_NOTEBOOK_BYTES // _BYTES_PER_MIB} are read. Clear its large outputs."
            )
        return file.read(MAX_NOTEBOOK_BYTES)


def _code_cells(cells: list[Any]) -> list[CodeCell]:
    found: list[CodeCell] = []
    heading = ""
    for cell in cells:
        if not isinstance(cell, dict):
            continue
        source = joined(cell.get("source"), MAX_SOURCE_CHARACTERS)
        if cell.get("cell_type") == "markdown":
            headings = _HEADING.findall(source)
            heading = shortened(headings[-1]) if headings else heading
        elif cell.get("cell_type") == "code":
            found.append(_code_cell(cell, source, heading))
    return found


def _code_cell(cell: dict[str, Any], source: str, heading: str) -> CodeCell:
    outputs = read_outputs(cell.get("outputs"))
    cell_id = cell.get("id")
    count = cell.get("execution_count")
    return CodeCell(
        id=cell_id if isinstance(cell_id, str) and _CELL_ID.fullmatch(cell_id) else "",
        heading=heading,
        source=read_source(source),
        outputs=outputs,
        is_run=bool(outputs.count) or (isinstance(count, int) and count > 0),
        is_edited=_is_edited(source, outputs),
    )


def _is_edited(source: str, outputs: CellOutputs) -> bool | None:
    """Whether the text is another than the one that was run, by the hash in the card."""
    if outputs.card is None or not outputs.card.source_hash:
        return None
    # Some editors add or take the last line break when they save.
    texts = (source, source.rstrip("\n"), source.rstrip("\n") + "\n")
    return all(
        hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()
        != outputs.card.source_hash
        for text in texts
    )
