"""What the kernel knows of the notebook."""

from __future__ import annotations

import ast
import contextlib
import inspect
import linecache
import sys
import types
from typing import TYPE_CHECKING, Any, NamedTuple

from .namespace import MAIN
from .statements import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .namespace import Json


class Binding(NamedTuple):
    """The newest statement of the notebook that bound a name."""

    text: str
    statement: ast.stmt


class Notebook:
    """What the kernel knows of the notebook: its namespace, and the cells that ran."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.space: Json = shell.user_ns
        self._own: dict[int, str] = {}
        self._index: dict[int, tuple[str, dict[str, Binding], list[ast.ImportFrom]]] = {}

    def remember(self, count: int, text: str) -> None:
        """Take the text of a `%%compute` cell: history holds only the call of the magic."""
        self._own[count] = text

    def binding(self, name: str) -> Binding | None:
        """Return the statement that bound a name: where its code says, else the newest."""
        text = "".join(linecache.getlines(file_of(self.space.get(name))))
        if text:
            names, _ = indexed(text)
            if name in names:
                return names[name]
        for text, names, stars in self._cells():
            if name in names:
                return names[name]
            for star in stars:
                module = sys.modules.get(star.module or "")
                if name in self.space and getattr(module, name, None) is self.space[name]:
                    return Binding(text, star)
        return None

    def _cells(self) -> Iterator[tuple[str, dict[str, Binding], list[ast.ImportFrom]]]:
        history = self.shell.history_manager.input_hist_parsed
        for count in sorted({*range(len(history)), *self._own}, reverse=True):
            text = self._own.get(count) or (history[count] if count < len(history) else "")
            known = self._index.get(count)
            if known is None or known[0] != text:
                known = self._index[count] = (text, *indexed(text))
            yield known


def file_of(value: Any) -> str:
    """Return the file that a function, or a class with methods, of the notebook says it is of."""
    if isinstance(value, type):
        value = next(filter(inspect.isfunction, vars(value).values()), None)
    plain = inspect.unwrap(value) if callable(value) else value
    if isinstance(plain, types.FunctionType) and plain.__module__ == MAIN:
        return plain.__code__.co_filename
    return ""


def indexed(text: str) -> tuple[dict[str, Binding], list[ast.ImportFrom]]:
    """Return the statements of a cell that bind names, by name, and its star imports."""
    names: dict[str, Binding] = {}
    stars: list[ast.ImportFrom] = []

    def visit(statements: Iterable[ast.stmt], text: str) -> None:
        for statement in statements:
            binding = Binding(text, statement)
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for alias in statement.names:
                    if alias.name == "*" and isinstance(statement, ast.ImportFrom):
                        stars.insert(0, statement)
                    name = alias.asname or alias.name
                    whole = isinstance(statement, ast.Import) and not alias.asname
                    names[name.partition(".")[0] if whole else name] = binding
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names[statement.name] = binding
            elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names[node.id] = binding
            elif isinstance(statement, ast.Expr):
                body = magic_body(statement.value)
                with contextlib.suppress(SyntaxError):
                    visit(ast.parse(body).body, body)
            visit(blocks_of(statement), text)

    with contextlib.suppress(SyntaxError, ValueError):
        visit(ast.parse(text).body, text)
    return names, stars


def magic_body(node: ast.expr) -> str:
    """Return the cell's text inside IPython's call of a cell magic such as `%%time`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        last = node.args[-1]
        if node.func.attr == "run_cell_magic" and isinstance(last, ast.Constant):
            return str(last.value)
    return ""
