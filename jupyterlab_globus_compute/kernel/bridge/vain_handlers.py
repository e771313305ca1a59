"""`except` clauses that errors of tasks never reach."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .statements import calls_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TRIES = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))


def vain_handlers(statements: Iterable[ast.stmt], functions: Iterable[str]) -> Iterator[str]:
    """Tell of `try` statements around calls whose results come only after them."""
    known = list(functions)
    for statement in statements:
        for node in ast.walk(statement):
            if not isinstance(node, TRIES) or not node.handlers:
                continue
            name = calls_in(ast.Module(node.body, []), known)
            if name:
                line = node.handlers[0].lineno
                yield (
                    f"line {line}: this except hears nothing of errors in {name}(), whose result "
                    f"comes after the statement: let {name} catch them, or look at the result"
                )
