"""Definitions where pickle looks for them."""

from __future__ import annotations

import sys
from typing import Any


def publish(space: dict[str, Any]) -> None:
    """Copy functions and classes to the worker's `__main__`, where pickle looks for them.

    Names that the worker's own main program uses stay as they are.
    """
    main = sys.modules["__main__"].__dict__
    ours = main.setdefault("_gc_published", set())
    for name, value in list(space.items()):
        defined = callable(value) and getattr(value, "__module__", None) == "__main__"
        if defined and (name in ours or name not in main):
            ours.add(name)
            main[name] = value
