"""Calls that the options of the magic line ask for."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from .errors import CellError
from .grid import GRID

if TYPE_CHECKING:
    from typing import TypeGuard

    from .namespace import Json


def asked_call(options: Json, name: str | None, line: int) -> ast.Expr | None:
    """Return the statement that --args, --kwargs and --over ask for; None if they ask for none.

    `name` is the function to call, `line` the magic line. Raises `CellError`.
    """
    over, args, kwargs = options.get("over") or [], options.get("args"), options.get("kwargs")
    given = [f"--{key}" for key in ("args", "kwargs", "over") if options.get(key)]
    if not given:
        return None
    if name is None:
        raise CellError(
            f"{given[0]} calls a function of the cell, and this one defines none: define one with "
            "def, or name one with --function"
        )
    refuse_doubles(over)
    arguments = positional(args) if args else []
    words = keywords(kwargs) if kwargs else []
    if over:
        values = [parsed("--over", text, f"({text}\n)") for _, text in over]
        call = ast.Call(ast.Name(GRID, ast.Load()), [ast.Tuple(values, ast.Load()), *arguments],
                        words)  # fmt: skip
    else:
        call = ast.Call(ast.Name(name, ast.Load()), arguments, words)
    for node in ast.walk(call):
        if isinstance(node, (ast.expr, ast.keyword)):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = 0
    return ast.Expr(call, lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)


def refuse_doubles(over: list[list[str]]) -> None:
    """Refuse a parameter of --over that is none, or given twice."""
    names = [name for name, _ in over]
    for name in names:
        if not name.isidentifier():
            raise CellError(f"--over {name}=...: {name!r} is not the name of a parameter")
        if names.count(name) > 1:
            raise CellError(f"--over gives {name} twice")


def positional(text: str) -> list[ast.expr]:
    """Return the arguments that --args means: `3,4`, `(3, 4)`, `*pair`."""
    call = parsed("--args", text, f"_({text}\n)")
    if not is_call(call) or call.keywords:
        raise CellError(f"--args {text}: it takes arguments as in a call, such as 3, 4")
    if len(call.args) == 1 and isinstance(call.args[0], ast.Tuple):
        return call.args[0].elts
    return call.args


def keywords(text: str) -> list[ast.keyword]:
    """Return the arguments that --kwargs means: `dict(a=1)`, `a=1`, or JSON."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        text = repr(found)
    for code in (f"_(**{text}\n)", f"_({text}\n)"):
        try:
            call = ast.parse(code, mode="eval").body
        except SyntaxError:
            continue
        if is_call(call) and not call.args:
            return call.keywords
    raise CellError(f"--kwargs {text}: it takes a dictionary, such as dict(a=1) or JSON")


def is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    """Tell whether this is still the call that an option's text was put into."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"


def parsed(option: str, text: str, code: str) -> ast.expr:
    """Parse an option's expression. Raises `CellError`."""
    try:
        return ast.parse(code, mode="eval").body
    except SyntaxError as error:
        raise CellError(f"{option} {text}: {error.msg}") from None
