"""The worker's part as it travels with each function."""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .namespace import Json
    from .units import Unit

# A file's docstring, its imports from other files and of types, `if TYPE_CHECKING`.
UNSENT = (ast.Expr, ast.ImportFrom, ast.If)

# In this order; they share one namespace there, so a name may be bound in one of them only.
WORKER_FILES = (
    "shortened",
    "streams",
    "budget",
    "report",
    "packing",
    "mime",
    "capture",
    "compiled",
    "publishing",
    "shell",
    "body",
    "entry",
)


@functools.lru_cache(maxsize=1)
def worker_runtime() -> tuple[str, str]:
    """Return the worker's files as one text, without comments and types, and its hash."""
    modules: set[str] = set()
    body: list[ast.stmt] = []
    for name in WORKER_FILES:
        for statement in ast.parse(text_of_file(name)).body:
            if isinstance(statement, ast.Import):
                modules.update(alias.name for alias in statement.names)
            elif not isinstance(statement, UNSENT):
                body.append(bare(statement))
    text = ast.unparse(ast.Module(body, []))
    # It travels with every task: a quarter of it would be indentation. No string spans lines.
    text = re.sub(r"^ +", lambda spaces: spaces[0][::4], text, flags=re.MULTILINE)
    runtime = f"import {', '.join(sorted(modules))}\n{text}"
    return runtime, hashlib.sha256(runtime.encode()).hexdigest()[:12]


def text_of_file(name: str) -> str:
    """Return the text of a file of the worker, wherever this package was loaded from."""
    module = f"{__package__}.worker.{name}"
    spec = importlib.util.find_spec(module)
    text = spec.loader.get_source(module) if spec and spec.loader else None  # type: ignore[attr-defined]
    if text is None:
        raise ImportError(f"the text of {module} is not to be found", name=module)
    return str(text)


def bare(statement: ast.stmt) -> ast.stmt:
    """Take types and docstrings out of a statement."""
    for node in ast.walk(statement):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            del node.body[0]
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node.annotation = ast.Constant(None)
    return statement


def wrapped(units: Sequence[Unit], name: str, options: Json) -> str:
    """Return source that defines `_gc_entry`: the function in its wrapper."""
    runtime, mark = worker_runtime()
    return (
        '__name__ = "__main__"\n'
        "import sys as _gc_sys\n"
        f"_gc_runtime = _gc_sys.modules.get('_gc_runtime_{mark}')\n"
        "if _gc_runtime is None:\n"
        f"    _gc_runtime = type(_gc_sys)('_gc_runtime_{mark}')\n"
        f"    exec({runtime!r}, _gc_runtime.__dict__)\n"
        "    _gc_sys.modules[_gc_runtime.__name__] = _gc_runtime\n"
        f"_gc_entry = _gc_runtime.entry(globals(), {[tuple(unit) for unit in units]!r}, "
        f"{name!r}, {options!r})\n"
    )
