"""Pieces of source that the worker runs."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Unit(NamedTuple):
    """Source that the worker runs: what tracebacks call it, its file name there, its text."""

    where: str
    label: str
    text: str
    lazy: bool


def unit_of(where: str, name: str, text: str, lazy: bool) -> Unit:
    """Name a unit after its text, so that the worker compiles it once."""
    mark = hashlib.sha256(f"{lazy}{text}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return Unit(where, f"<{name} {mark}>", text, lazy)
