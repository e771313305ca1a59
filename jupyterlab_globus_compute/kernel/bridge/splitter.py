"""Statements that make calls and use their values, taken apart."""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from .operands import COMPREHENSIONS, is_placing_method, is_stable, operands

if TYPE_CHECKING:
    from collections.abc import Callable

CONTAINERS = frozenset({"list", "tuple", "dict", "set", "frozenset"})
ITERATORS = frozenset({"map", "zip", "enumerate", "reversed"})
PURE = CONTAINERS | ITERATORS | {"range", "len"}


class Fragment(NamedTuple):
    """A part of a statement that is evaluated before the rest, and kept under `name`.

    `early` tells that nothing else can notice when it is evaluated.
    """

    name: str
    code: ast.expr
    needs: frozenset[str]
    early: bool


class Splitter:
    """Takes the calls out of a statement, where Python would evaluate them in any case.

    What stays is the statement itself, reading the fragments' names: their values are awaited
    first. Calls that only put their results in places (assigned, or in a list) stay where they
    are. Nothing is taken out of operands that may not be evaluated, lambdas, loops.
    """

    def __init__(self, remote: Callable[[str], bool], accepts: Callable[[ast.expr], bool]) -> None:
        self.fragments: list[Fragment] = []
        self.placed: set[str] = set()
        self._numbers = itertools.count()
        self._remote = remote
        self._accepts = accepts

    def split(self, statement: ast.stmt) -> ast.stmt:
        """Return what stays of the statement; the fragments are in `fragments`."""
        for field in {
            ast.Expr: ("value",),
            ast.Assign: ("value",),
            ast.AnnAssign: ("value",),
            ast.AugAssign: ("value",),
            ast.Assert: ("test",),
            ast.Raise: ("exc",),
            ast.If: ("test",),
            ast.For: ("iter",),
        }.get(type(statement), ("subject",)):
            value = getattr(statement, field, None)
            if isinstance(value, ast.expr):
                place = self._takes_place(statement, value)
                setattr(statement, field, self._place(value) if place else self._value(value))
        if isinstance(statement, ast.With):
            first = statement.items[0]
            first.context_expr = self._value(first.context_expr)
        return statement

    def _takes_place(self, statement: ast.stmt, value: ast.expr) -> bool:
        """Tell whether the statement only puts the value somewhere."""
        if not self._is_place(value):
            return False
        if isinstance(statement, ast.Expr):
            return True
        if isinstance(statement, ast.AugAssign):
            grows = isinstance(statement.op, ast.Add) and isinstance(statement.target, ast.Name)
            return (
                grows
                and isinstance(value, (ast.List, ast.ListComp))
                and self._accepts(statement.target)
            )
        if isinstance(statement, ast.Assign):
            return all(self._target_takes(target, value) for target in statement.targets)
        return isinstance(statement, ast.AnnAssign) and self._target_takes(statement.target, value)

    def _target_takes(self, target: ast.expr, value: ast.expr) -> bool:
        if isinstance(target, (ast.Tuple, ast.List)):
            return isinstance(value, (ast.Tuple, ast.List, ast.ListComp)) and all(
                self._target_takes(inner, value) for inner in target.elts
            )
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            return self._accepts(target)
        return isinstance(target, (ast.Name, ast.Starred))

    def _calls(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
            and self._remote(inner.id)
            for inner in ast.walk(node)
        )  # fmt: skip

    def _is_remote_call(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and self._remote(node.func.id)
        )

    def _is_lazy_map(self, node: ast.AST) -> bool:
        """Tell whether this is `map(remote function, ...)`."""
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "map"
            and bool(node.args)
            and isinstance(node.args[0], ast.Name)
            and self._remote(node.args[0].id)
        )

    def _is_place(self, node: ast.expr) -> bool:
        """Tell whether an expression makes calls and only puts their results in places."""
        if not self._calls(node):
            return False
        places = False
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Await)):
            places = True
        elif isinstance(node, ast.NamedExpr):
            places = self._is_place(node.value)
        elif isinstance(node, ast.IfExp):
            places = self._quiet_or_place(node.body) and self._quiet_or_place(node.orelse)
        elif isinstance(node, ast.BoolOp):
            quiet = not any(map(self._calls, node.values[1:-1]))
            places = quiet and self._is_place(node.values[-1])
        elif isinstance(node, COMPREHENSIONS):
            places = self._is_placing_comprehension(node)
        elif isinstance(node, ast.Call):
            values = [*node.args, *(word.value for word in node.keywords)]
            stores = self._only_places(node.func) and all(map(self._quiet_or_place, values))
            places = stores or self._is_remote_call(node) or self._is_lazy_map(node)
        return places

    def _only_places(self, function: ast.expr) -> bool:
        """Tell whether a local function only stores its arguments."""
        if isinstance(function, ast.Name):
            return function.id in CONTAINERS | ITERATORS
        return is_placing_method(function) and self._accepts(function.value)

    def _quiet_or_place(self, node: ast.expr) -> bool:
        return not self._calls(node) or self._is_place(node)

    def _is_placing_comprehension(self, node: Any) -> bool:
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        later = [test for loop in node.generators for test in loop.ifs]
        later += [loop.iter for loop in node.generators[1:]]
        return (
            any(map(self._is_place, parts))
            and all(map(self._quiet_or_place, parts))
            and not any(map(self._calls, later))
        )

    def _hoist(self, node: ast.expr, needs_list: bool = False) -> ast.expr:
        """Make a fragment of an expression, and return the name that stands for it."""
        if isinstance(node, ast.Starred):
            node.value = self._hoist(node.value)
            return node
        code = node
        if isinstance(node, ast.GeneratorExp):
            code = ast.ListComp(node.elt, node.generators)
        elif needs_list:
            code = ast.Call(ast.Name("list", ast.Load()), [node], [])
        name = f"_gc_{next(self._numbers)}"
        early = all(self._is_pure(inner) for inner in ast.walk(node))
        needs = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        self.fragments.append(Fragment(name, code, frozenset(needs - self.placed), early))
        ast.copy_location(code, node)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def _is_pure(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            known = isinstance(node.func, ast.Name) and node.func.id in PURE
            return known or self._is_remote_call(node)
        return not isinstance(node, (ast.Await, ast.NamedExpr))

    def _value(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression whose value is needed."""
        if not self._calls(node):
            return node
        if isinstance(node, ast.Starred):
            node.value = self._value(node.value)
            return node
        if self._is_place(node):
            lazy = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ITERATORS
            return self._hoist(self._place(node), needs_list=lazy)
        return self._inside(node, self._value)

    def _place(self, node: ast.expr) -> ast.expr:
        """Rewrite what an expression that only places results needs first."""
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            return self._inside(node, self._placed_element)
        if isinstance(node, ast.IfExp):
            node.test = self._value(node.test)
            return node
        if isinstance(node, ast.NamedExpr):
            node.value = self._place(node.value)
            return node
        stores = isinstance(node, ast.Call) and self._only_places(node.func)
        if stores and not self._is_lazy_map(node):
            return self._inside(node, self._placed_element)
        return node if isinstance(node, ast.Await) else self._inside(node, self._value)

    def _placed_element(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Starred) and not self._is_remote_call(node.value):
            node.value = self._placed_element(node.value)
            return node
        return self._place(node) if self._is_place(node) else self._value(node)

    def _inside(self, node: ast.expr, rewrite: Callable[[ast.expr], ast.expr]) -> ast.expr:
        """Rewrite the operands that are evaluated in any case, keeping their order."""
        slots = list(operands(node))
        done: list[tuple[Any, Any, ast.expr]] = []
        for owner, key in slots:
            start = len(self.fragments)
            old = owner[key] if isinstance(owner, list) else getattr(owner, key)
            new = rewrite(old)
            if len(self.fragments) > start:
                late = self.fragments[start:]
                del self.fragments[start:]
                done = [(o, k, self._hoisted_before(e, rewrite)) for o, k, e in done]
                self.fragments += late
            done.append((owner, key, new))
        for owner, key, new in done:
            if isinstance(owner, list):
                owner[key] = new
            else:
                setattr(owner, key, new)
        return node

    def _hoisted_before(self, node: ast.expr, rewrite: Callable[[ast.expr], ast.expr]) -> ast.expr:
        """Make a fragment of an operand that Python evaluates before one that is a fragment."""
        if is_stable(node):
            return node
        placed = rewrite == self._placed_element and self._is_place(node)
        name = self._hoist(node)
        if placed and isinstance(name, ast.Name):
            self.placed.add(name.id)
        return name
