"""Notebooks that are renamed or moved, and their batches with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .transaction import Transaction

SHARED_DRIVE = "RTC:"
"""What stands before the path of a notebook that is edited together (`jupyter-collaboration`)."""


def move_notebooks(transaction: Transaction, root: str, old: str, new: str) -> int:
    """Give the batches of a notebook, or of all below a folder, their new path.

    Paths are relative to `root`, the folder of the Jupyter server that they were run in. Other
    servers share the vault and may have notebooks of the same name. Answers how many there are.
    """
    connection = transaction.connection
    moved = []
    for drive in ("", SHARED_DRIVE):
        before, after = drive + old, drive + new
        rows = connection.execute(
            "SELECT number, notebook_path FROM batches WHERE root IN ('', :root)"
            " AND (notebook_path = :path OR substr(notebook_path, 1, :length) = :path || '/')",
            {"root": root, "path": before, "length": len(before) + 1},
        ).fetchall()
        moved += [(after + path[len(before) :], number) for number, path in rows]
    connection.executemany("UPDATE batches SET notebook_path = ? WHERE number = ?", moved)
    transaction.touch(number for _, number in moved)
    return len(moved)
