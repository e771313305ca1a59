"""A cell that would run there as a whole, run here: `--body --local`."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

from .running import execute

if TYPE_CHECKING:
    import asyncio

    from .cell_text import CellText
    from .namespace import Json


def run_here(cell: CellText, space: Json, loop: asyncio.AbstractEventLoop) -> Any:
    """Run a cell in a namespace; return the value of its last expression. Raises what it raises."""
    body = list(cell.tree.body)
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    code = cell.compiled(body)
    value = execute(code, space, loop if code.co_flags & inspect.CO_COROUTINE else None)
    if isinstance(last, ast.Expr):
        code = cell.compiled(last.value)
        value = execute(code, space, loop if code.co_flags & inspect.CO_COROUTINE else None)
    return value if last is not None and not cell.quiet else None
