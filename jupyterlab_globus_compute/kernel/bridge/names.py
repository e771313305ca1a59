"""Names that code reads and binds."""

from __future__ import annotations
import __future__

import ast
import dis
import inspect
import re
import types
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
LAZY_ANNOTATIONS = __future__.annotations.compiler_flag
READS = frozenset(
    {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "DELETE_NAME", "DELETE_GLOBAL"}
)


class Names(NamedTuple):
    """Names of a module's text: `free` maps those it reads from elsewhere to who reads them."""

    free: dict[str, str]
    bound: set[str]


def names_of(tree: ast.Module, lazy: bool) -> Names:
    """Return the names that running this code, and the functions in it, reads and binds."""
    code = compile(tree, "<cell>", "exec", FLAGS | (LAZY_ANNOTATIONS if lazy else 0), True)
    early: dict[str, str] = {}
    late: dict[str, str] = {}
    bound: set[str] = set()

    def visit(code: types.CodeType, reader: str, top: bool) -> None:
        instructions = list(dis.get_instructions(code))
        own: set[str] = set()
        if not top and not code.co_flags & inspect.CO_OPTIMIZED:  # a class reads its own names
            own = {step.argval for step in instructions if step.opname == "STORE_NAME"}
            own |= {"__name__", "__qualname__", "__module__", "__classdict__"}
        for step in instructions:
            if step.opname in READS and step.argval not in own:
                if not top:
                    late.setdefault(step.argval, reader)
                elif step.argval not in bound:
                    early.setdefault(step.argval, "")
            elif step.opname == "STORE_GLOBAL" or (top and step.opname == "STORE_NAME"):
                bound.add(step.argval)
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                name = "" if inner.co_name.startswith("<") else inner.co_name
                visit(inner, reader or name, False)

    visit(code, "", True)
    free = {**{name: who for name, who in late.items() if name not in bound}, **early}
    return Names(free, bound)


def stored_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds in the module."""
    try:
        tree = ast.Module([statement], [])
        return names_of(tree, True).bound
    except SyntaxError:
        return set()


def dotted_names(tree: ast.AST) -> set[str]:
    """Return the dotted names that code reads: `xml.etree.ElementTree`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and parts:
            found.add(".".join([inner.id, *reversed(parts)]))
    return found


def names_in_magics(statement: ast.stmt) -> Iterator[str]:
    """Yield the names in the text that a statement gives to magics and commands, as `%time`."""
    first = {"run_line_magic": 1, "run_cell_magic": 1, "system": 0, "getoutput": 0}
    for node in ast.walk(statement):
        name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in first:
            for part in node.args[first[name] :]:
                if isinstance(part, ast.Constant):
                    yield from re.findall(r"[^\W\d]\w*", str(part.value))
