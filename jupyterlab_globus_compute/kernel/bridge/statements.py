"""What the statements of a cell are."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]
BLOCKS = tuple(
    getattr(ast, name) for name in ("If", "Try", "TryStar", "With") if hasattr(ast, name)
)
DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
            ast.Pass, *filter(None, [getattr(ast, "TypeAlias", None)]))  # fmt: skip


def is_main_guard(statement: ast.stmt) -> bool:
    """Tell whether this is `if __name__ == "__main__":`."""
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and isinstance(statement.test.left, ast.Name)
        and statement.test.left.id == "__name__"
    )


def blocks_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Return the statements inside an `if`, `try` or `with`, which bind names of the module."""
    if isinstance(statement, BLOCKS) and not is_main_guard(statement):
        for field in ("body", "handlers", "orelse", "finalbody"):
            for inner in getattr(statement, field, ()):
                if isinstance(inner, ast.ExceptHandler):
                    yield from inner.body
                else:
                    yield inner


def flattened(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements with `if __name__ == "__main__":` opened: here it always holds."""
    result: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If) and is_main_guard(statement) and not statement.orelse:
            result += statement.body
        else:
            result.append(statement)
    return result


def definitions_in(statement: ast.stmt) -> list[Definition]:
    """Return the functions and classes that a statement binds in the module."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement]
    return [found for inner in blocks_of(statement) for found in definitions_in(inner)]


def functions_in(statement: ast.stmt) -> list[str]:
    """Return the names of the functions that a statement binds in the module."""
    return [
        found.name for found in definitions_in(statement) if not isinstance(found, ast.ClassDef)
    ]


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is made of constants only."""
    allowed = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp,
               ast.operator, ast.unaryop, ast.expr_context)  # fmt: skip
    return all(isinstance(inner, allowed) for inner in ast.walk(node))


def takes_effect(statement: ast.stmt) -> bool:
    """Tell whether a statement of the upper part takes effect here too."""
    if isinstance(statement, BLOCKS):
        return all(map(takes_effect, blocks_of(statement)))
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and is_literal(statement.value)
    return not isinstance(statement, (ast.AugAssign, ast.Expr))


def star_imports(tree: ast.AST) -> set[str]:
    """Return the modules that code imports everything of."""
    return {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    }


def calls_in(node: ast.AST, names: Iterable[str]) -> str | None:
    """Return the name of the first of these functions that the code calls, if any."""
    called = (
        inner.func.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
    )
    return next((name for name in called if name in names), None)


def source_of(text: str, node: ast.stmt) -> str:
    """Return the lines of a statement, decorators included, without common indentation."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    return textwrap.dedent("\n".join(text.split("\n")[first - 1 : node.end_lineno])) + "\n"


def short_source(text: str, node: ast.stmt) -> str:
    """Return a statement in a few characters, for a message."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return f"{ast.unparse(node.value.func)}(...)"
    line = (ast.get_source_segment(text, node) or "").partition("\n")[0]
    return line if len(line) <= 40 else line[:37] + "..."  # noqa: PLR2004 - fits a message
