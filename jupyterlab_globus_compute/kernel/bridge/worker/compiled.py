"""Source compiled in the worker."""

from __future__ import annotations
import __future__

import ast
import functools
import linecache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import types

FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


@functools.lru_cache(maxsize=256)
def compiled(label: str, text: str, lazy: bool) -> types.CodeType:
    """Compile a unit of source once per process; tracebacks and `inspect` find its lines."""
    linecache.cache[label] = (len(text), None, text.splitlines(True), label)
    flags = __future__.annotations.compiler_flag if lazy else 0
    code: types.CodeType = compile(text, label, "exec", flags, True)
    return code


@functools.lru_cache(maxsize=256)
def compiled_body(label: str, text: str, quiet: bool) -> list[types.CodeType]:
    """Compile a whole cell once per process: its statements, then its last expression if any."""
    linecache.cache[label] = (len(text), None, text.splitlines(True), label)
    tree = ast.parse(text, label)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not quiet:
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    codes = [compile(tree, label, "exec", flags, True)]
    if last is not None:
        codes.append(compile(last, label, "eval", codes[0].co_flags & FUTURES | flags, True))
    return codes
