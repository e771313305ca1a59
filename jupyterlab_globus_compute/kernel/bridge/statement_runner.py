"""Statements of a cell, run here one after the other."""

from __future__ import annotations

import ast
import collections
import copy
import inspect
import types
from typing import TYPE_CHECKING, Any

from .delivery import Delivery
from .errors import NotReady
from .names import names_in_magics
from .operands import is_placing_method, is_stored
from .remote_functions import is_remote
from .running import execute
from .splitter import Splitter
from .tasks import PENDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .cell_text import CellText
    from .namespace import Json
    from .session import Session

PLAIN_CONTAINERS = (list, dict, set, collections.deque)


class StatementRunner:
    """Runs the statements below a cell's functions, each as far as results allow.

    `held` are the values of the parts of the statement at work, by their made-up names; `given`
    are further names for the statements to read.
    """

    def __init__(self, session: Session, cell: CellText, statements: list[ast.stmt]) -> None:
        self.held: Json = {}
        self.given: Json = {}
        self._session = session
        self._space = session.space
        self._cell = cell
        # Statements of a cell that awaits share one loop, or their tasks could not meet.
        code = cell.compiled(copy.deepcopy(statements))
        self._awaits = bool(code.co_flags & inspect.CO_COROUTINE)
        self._splitter: Splitter | None = None
        self._rest: ast.stmt | None = None

    def run(self, statement: ast.stmt, last: bool) -> bool:
        """Run one statement; return False if it has to wait for results first.

        The value of the last one, an expression, becomes the session's.
        """
        if self._splitter is None:
            if self._pending(self.names_read(statement, True), self._space):
                return False
            self._splitter = Splitter(self._is_remote, self._accepts)
            self._rest = self._splitter.split(copy.deepcopy(statement))
        if not self._run_fragments(self._splitter):
            return False
        assert self._rest is not None  # noqa: S101 - set with the splitter
        if isinstance(self._rest, ast.Expr):
            value = self._evaluate(self._cell.compiled(self._rest.value))
            self._session.value = value if last else None
        else:
            self._evaluate(self._cell.compiled([self._rest]))
        self._rest = self._splitter = None
        self.held.clear()
        return True

    def names_read(self, statement: ast.stmt, only_read: bool) -> set[str]:
        """Return the names a statement mentions, those its notebook functions mention included.

        With `only_read`, not the containers that it only puts something into.
        """
        skipped = set(self._filled_containers(statement)) if only_read else set()
        found: set[str] = set()
        todo = [
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name)
            and id(node) not in skipped
            and (isinstance(node.ctx, ast.Load) or not only_read)
        ]
        todo += names_in_magics(statement)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                value = self._space.get(name)
                if isinstance(value, types.FunctionType) and value.__globals__ is self._space:
                    todo += value.__code__.co_names
        return found

    def _run_fragments(self, splitter: Splitter) -> bool:
        """Evaluate what can be evaluated, in order; return False if results are needed first."""
        names = {fragment.name for fragment in splitter.fragments}
        blocked = False
        for fragment in splitter.fragments:
            if fragment.name in self.held:
                continue
            needs = fragment.needs & names
            ready = needs <= set(self.held) and not self._pending(needs, self.held)
            if ready and (fragment.early or not blocked):
                self.held[fragment.name] = self._evaluate(self._cell.compiled(fragment.code))
            else:
                blocked = True
        return not blocked and not self._pending(names - splitter.placed, self.held)

    def _pending(self, names: Iterable[str], space: Json) -> bool:
        if all(task.state != PENDING for task in self._session.tasks):
            return False
        delivery = Delivery(self._session)
        for name in names:
            if name in space:
                delivery.place(space[name])
        return bool(delivery.pending)

    def _evaluate(self, code: types.CodeType) -> Any:
        """Evaluate with the fragments' values at hand; report a touched placeholder in any case."""
        bridge, touched = self._session.bridge, self._session.touched
        touched.clear()
        self._space.update(self.held)
        self._space.update(self.given)
        try:
            value = execute(code, self._space, bridge.loop() if self._awaits else None)
        except NotReady:
            raise
        except Exception as error:
            if touched:  # a library may say something else of it
                raise touched[0].with_traceback(error.__traceback__) from None
            raise
        finally:
            for name in (*self.held, *self.given):
                self._space.pop(name, None)
        if touched:  # the cell may have caught it
            raise touched[0]
        return value

    def _is_remote(self, name: str) -> bool:
        return is_remote(self._space, name)

    def _accepts(self, target: ast.expr) -> bool:
        """Tell whether a target keeps any object as it is, so that a placeholder may go there."""
        base = target.value if isinstance(target, (ast.Subscript, ast.Attribute)) else target
        if not isinstance(base, ast.Name):
            return False
        holder = self._space.get(base.id)
        if isinstance(target, ast.Attribute):
            return type(holder).__module__.partition(".")[0] not in ("pandas", "numpy", "xarray")
        return isinstance(holder, PLAIN_CONTAINERS)

    def _filled_containers(self, statement: ast.stmt) -> Iterator[int]:
        for node in ast.walk(statement):
            base: ast.AST | None = None
            if isinstance(node, ast.Call) and is_placing_method(node.func):
                base = node.func.value
            elif isinstance(node, (ast.Subscript, ast.Attribute)) and is_stored(node):
                base = node.value
            if isinstance(base, ast.Name):
                holder = self._space.get(base.id)
                if type(holder) in PLAIN_CONTAINERS or isinstance(node, ast.Attribute):
                    yield id(base)
