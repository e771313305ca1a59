"""Notebooks as students hand them in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.overview.card import BATCH_MIME_TYPE

if TYPE_CHECKING:
    from pathlib import Path

Json = dict[str, Any]

AREA = "%%compute\ndef area(r):\n    return 3 * r * r\n\narea(2)"
SUM = "%%compute --name 'sum of squares'\nsum(x * x for x in range(10))"
ROOT = "%%compute\nimport math\nmath.sqrt(2)"


def markdown(source: str) -> Json:
    """A markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source: str, cell_id: str | None = None, *outputs: Json, count: int | None = None) -> Json:
    """A code cell."""
    cell: Json = {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs),
            "execution_count": count or (1 if outputs else None)}  # fmt: skip
    return {**cell, "id": cell_id} if cell_id else cell


def ran(source: str, cell_id: str | None = None, value: str = "12", **card: Any) -> Json:
    """A compute cell that gave a value."""
    return code(source, cell_id, card_of(source, **card), result(value))


def card_of(source: str, **changes: Any) -> Json:
    """The output that shows the card of a cell that was run."""
    total = changes.pop("total", 1)
    failed = changes.pop("failed", 0)
    state = changes.get("state", "failed" if failed else "done")
    done = total - failed if state in ("done", "failed") else 0
    counts = {"total": total, "waiting": total - failed - done, "running": 0,
              "done": done, "failed": failed}  # fmt: skip
    data = {
        "version": 1,
        "id": "11111111-1111-1111-1111-111111111111",
        "title": "area",
        "state": state,
        "service": "local",
        "endpoint": {"id": "e", "name": "This computer"},
        "functionIds": [],
        "created": 1_700_000_000.0,
        "ended": 1_700_000_001.5,
        "counts": counts,
        "tasks": [],
        "sourceHash": hashlib.sha256(source.encode()).hexdigest(),
        **changes,
    }
    return {"output_type": "display_data", "metadata": {}, "data": {BATCH_MIME_TYPE: data}}


def result(text: str) -> Json:
    """The value of a cell."""
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {},
            "data": {"text/plain": [text]}}  # fmt: skip


def error(kind: str = "ValueError", message: str = "no") -> Json:
    """The error of a cell."""
    return {"output_type": "error", "ename": kind, "evalue": message, "traceback": []}


def task_failure(kind: str, message: str) -> Json:
    """A task that failed, as a card tells it."""
    failure = {"type": kind, "message": message, "traceback": ""}
    return {"index": 0, "label": "f()", "state": "failed", "failure": failure}


def released() -> list[Json]:
    """What the teacher hands out: three exercises."""
    return [
        markdown("# Sheet 1\n\nRead this."),
        markdown("## The area\n\nHow large?"),
        code(AREA, "ex-area"),
        markdown("## A sum"),
        code(SUM, "ex-sum"),
        markdown("## A root"),
        code(ROOT, "ex-root"),
    ]


def write(path: Path, cells: list[Json]) -> Path:
    """Write a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
