"""Calls in words."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .namespace import Json

LONG_ARGUMENT = 20  # elements


class _Short(reprlib.Repr):
    """Short texts of arguments; of classes other than builtin ones only the name."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxlong = 2, 24, 24
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 3

    def repr_instance(self, x: Any, level: int) -> str:
        """Return the name of the class: a repr of somebody's class may take long."""
        if isinstance(x, (float, bool, complex, bytes, range, type(None))):
            return super().repr_instance(x, level)
        return getattr(x, "__name__", type(x).__name__)


SHORT = _Short()


def short(value: Any) -> str:
    """Return an argument in a few characters; of long containers only what and how many."""
    if isinstance(value, (list, tuple, set, frozenset, dict)) and len(value) > LONG_ARGUMENT:
        return f"<{type(value).__name__} of {len(value)}>"
    return SHORT.repr(value)


def label_of(name: str, args: tuple[Any, ...], kwargs: Json) -> str:
    """Return a call in words: `area(2)`, `area(r=2)`."""
    parts = [short(value) for value in args]
    parts += [f"{key}={short(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"
