"""The part of a cell that runs there."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from .names import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .names import Names


class Origin(NamedTuple):
    """Where functions come from: the part of a cell that runs there.

    `text` has line n of the cell as line n; `tree` is its parse and `names` what it reads and
    binds; `functions` are those it defines; `lazy` tells that annotations are not evaluated;
    `first_line` is where it starts.
    """

    text: str
    tree: ast.Module
    names: Names
    functions: tuple[str, ...]
    lazy: bool
    first_line: int


def origin_of(text: str, functions: Iterable[str], first_line: int) -> Origin:
    """Read the part of a cell that runs there."""
    tree = ast.parse(text)
    # A class may look at its annotations while it is made: dataclasses do.
    lazy = not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
    return Origin(text, tree, names_of(tree, lazy), tuple(functions), lazy, first_line)
