"""Operands of expressions, and what they do with values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeGuard

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
PLACING_METHODS = frozenset({"append", "appendleft", "add", "extend", "insert"})


def is_placing_method(function: ast.expr) -> TypeGuard[ast.Attribute]:
    """Tell whether this is `container.append` or the like."""
    return isinstance(function, ast.Attribute) and function.attr in PLACING_METHODS


def is_stored(node: ast.Subscript | ast.Attribute) -> bool:
    """Tell whether something is put into this."""
    return isinstance(node.ctx, ast.Store)


def is_stable(node: ast.expr) -> bool:
    """Tell whether evaluating this later gives the same."""
    inner = node.value if isinstance(node, ast.Starred) else node
    return isinstance(inner, (ast.Constant, ast.Name, ast.Lambda))


def operands(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where the operands are that Python evaluates in any case, in its order."""
    if isinstance(node, ast.Call):
        yield node, "func"
        yield from ((node.args, at) for at in range(len(node.args)))
        yield from ((word, "value") for word in node.keywords)
    elif isinstance(node, ast.Dict):
        for at, key in enumerate(node.keys):
            if key is not None:
                yield node.keys, at
            yield node.values, at
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from ((node.elts, at) for at in range(len(node.elts)))
    elif isinstance(node, ast.JoinedStr):
        yield from ((part, "value") for part in node.values if isinstance(part, ast.FormattedValue))
    elif isinstance(node, COMPREHENSIONS):
        yield node.generators[0], "iter"
    elif isinstance(node, ast.Compare):
        yield node, "left"
        yield node.comparators, 0
    elif isinstance(node, ast.BoolOp):
        yield node.values, 0
    else:
        fields = {
            ast.BinOp: ("left", "right"),
            ast.UnaryOp: ("operand",),
            ast.Attribute: ("value",),
            ast.Subscript: ("value", "slice"),
            ast.Slice: ("lower", "upper", "step"),
            ast.IfExp: ("test",),
            ast.NamedExpr: ("value",),
            ast.Await: ("value",),
        }.get(type(node), ())
        yield from ((node, field) for field in fields if getattr(node, field) is not None)
