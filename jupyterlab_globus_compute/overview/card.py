"""The card of a batch, as it is saved in an output: `IBatchSnapshot` of `src/tokens/batch.ts`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .foreign_text import shortened

BATCH_MIME_TYPE = "application/vnd.globus-compute.batch+json"

_STATES = ("sending", "waiting", "running", "done", "failed", "problem")
_COUNTS = ("total", "waiting", "running", "done", "failed")
_MAX_COUNT = 10**9
_MAX_SECONDS = 10**11
_MAX_TASKS = 1100


@dataclass(frozen=True)
class Card:
    """What a card says. Times are seconds since the epoch; `failure` is empty if none is told."""

    id: str
    title: str
    state: str
    created: float
    ended: float | None
    total: int
    done: int
    failed: int
    failure: str
    note: str
    source_hash: str


def read_card(data: object) -> Card | None:
    """Return a card with every field checked; None if the data is none."""
    if not isinstance(data, dict) or data.get("version") != 1:
        return None
    counts = data.get("counts")
    if not isinstance(counts, dict) or not all(_is_count(counts.get(name)) for name in _COUNTS):
        return None
    parts = ("waiting", "running", "done", "failed")
    if sum(counts[part] for part in parts) != counts["total"]:
        return None
    if data.get("state") not in _STATES or not isinstance(data.get("id"), str):
        return None
    created, ended = _seconds(data.get("created")), _seconds(data.get("ended"))
    if created is None:
        return None
    return Card(
        id=data["id"][:100],
        title=_text(data.get("title")),
        state=data["state"],
        created=created,
        ended=ended,
        total=counts["total"],
        done=counts["done"],
        failed=counts["failed"],
        failure=_first_failure(data.get("tasks")),
        note=_text(data.get("note")),
        source_hash=data["sourceHash"] if isinstance(data.get("sourceHash"), str) else "",
    )


def _first_failure(tasks: object) -> str:
    """Return the first failure as `ZeroDivisionError: division by zero`."""
    for task in tasks[:_MAX_TASKS] if isinstance(tasks, list) else ():
        failure: Any = task.get("failure") if isinstance(task, dict) else None
        if isinstance(failure, dict):
            kind, message = _text(failure.get("type")), _text(failure.get("message"))
            return shortened(f"{kind}: {message}".removesuffix(": "))
    return ""


def _text(value: object) -> str:
    return shortened(value) if isinstance(value, str) else ""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_COUNT


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= _MAX_SECONDS else None
