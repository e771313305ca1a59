"""Cells whose functions run there."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

from .call_sources import CallSources
from .delivery import Delivery
from .errors import CellError, NotReady
from .labels import label_of
from .lazy_calls import lazy_warnings
from .names import stored_names
from .pickling import buffer, bytecode_warning, pack_buffers, pickled, pickling_problem
from .remote_functions import is_remote
from .session import Session
from .statement_runner import StatementRunner
from .statements import flattened
from .tasks import PENDING, Placeholder, Task
from .upper_part import UpperPart

if TYPE_CHECKING:
    import types
    from collections.abc import Iterator

    from .cell_text import CellText
    from .namespace import Json
    from .remote_functions import RemoteFunction
    from .session import Host
    from .source import Source


class CallSession(Session):
    """Functions above run there; what stands below runs here and calls them."""

    def __init__(self, bridge: Host, request: Json, cell: CellText, upper: list[ast.stmt]) -> None:
        super().__init__(bridge, request)
        self._cell = cell
        self._upper = UpperPart(cell, upper)
        self._lower = flattened(cell.tree.body[len(upper) :])
        self._queue = list(self._lower)
        self._runner = StatementRunner(self, cell, self._lower)
        self._call_sources = CallSources(self, self._upper.origin)
        self._functions = list(dict.fromkeys(self._upper.functions))
        self._remote_lines = [cell.first_line, self._upper.last_line] if upper else None
        if not any(self._mentions_function(statement) for statement in self._lower):
            self.form = "register"
        self.quiet = cell.quiet
        self._title = ", ".join(self._functions)

    def prepare(self) -> None:
        """Refuse what cannot work, and let definitions take effect here. Raises `CellError`."""
        if self.options.get("inputs") or self.options.get("outputs"):
            raise CellError(
                "-i and -o send and bring back variables of a cell that runs there as a whole: "
                "add --body, or pass values as arguments and return them"
            )
        self._upper.check()
        self._upper.check_names(self._lower)
        self._call_sources.check()
        self._upper.take_effect(self.space, self.bridge)
        self._upper.check_uses(self._lower)

    def advance(self) -> bool:
        """Run statements until one needs results, or results are all that is missing."""
        try:
            while self._queue:
                if not self._runner.run(self._queue[0], last=len(self._queue) == 1):
                    return False
                self._queue.pop(0)
        except BaseException as error:
            self.close(f"the cell stopped at line {self._queue[0].lineno}: {type(error).__name__}")
            raise
        if any(task.state == PENDING for task in self.tasks):
            return False
        self.warn(lazy_warnings(self._last_values(), self.space))
        return True

    def call(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Placeholder:
        """Make a task of a call. Raises `TypeError`, `CellError` for its arguments."""
        function.check(args, kwargs)
        name = function.__name__
        try:
            packed = [pickled(args), pickled(kwargs)]
        except NotReady:
            raise
        except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
            raise unsendable(function, args, kwargs, error) from None
        met = packed[0].names | packed[1].names
        if any(part.bytecode for part in packed):
            self.warn([bytecode_warning(f"an argument of {name}")])
        if met and not self.options.get("capture", True):
            raise CellError(
                f"--no-capture cannot send {sorted(met)[0]}, which this notebook defines: the bare "
                "function runs where nothing knows it. Leave out --no-capture"
            )
        payload = pack_buffers([buffer(part.data) for part in packed])
        task = Task(self, name, label_of(name, args, kwargs), payload, self._line())
        with self.bridge.lock:
            self._call_sources.note(function, met)
        self.add_task(task)
        return Placeholder(task)

    def receive(self) -> None:
        """Put values in the places of their placeholders."""
        delivery = Delivery(self)
        names = set().union(
            *(self._runner.names_read(statement, False) for statement in self._lower)
        )
        for name in names:
            if name in self.space:
                old = self.space[name]
                new = delivery.place(old)
                if new is not old:
                    self.space[name] = new
        for name, held in self._runner.held.items():
            self._runner.held[name] = delivery.place(held)
        self.value = delivery.place(self.value)
        self.warn(delivery.problems)

    def source_for(self, name: str) -> Source:
        """Return the source of a function, with what it and its arguments need."""
        return self._call_sources.of(name)

    def _mentions_function(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Name)
            and (inner.id in self._functions or is_remote(self.space, inner.id))
            for inner in ast.walk(node)
        )

    def _told(self, state: str) -> Json:
        told = super()._told(state)
        if self.form == "register":
            for name in self._functions:
                self._key_of(name, told["functions"])
        if not self._title:
            told["name"] = (
                self.options.get("name") or ", ".join(self._call_sources.called) or "cell"
            )
        return told

    def _line(self) -> int:
        """Return the line of the cell that is making a call."""
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._cell.file:
                return frame.f_lineno
            frame = frame.f_back
        return self._queue[0].lineno

    def _last_values(self) -> Iterator[tuple[str, Any]]:
        """Yield what the cell leaves behind, by what it is called."""
        names = set().union(*map(stored_names, self._lower)) if self._lower else set()
        yield from ((name, self.space.get(name)) for name in sorted(names))
        yield "the last value", self.value


def unsendable(
    function: RemoteFunction, args: tuple[Any, ...], kwargs: Json, error: Exception
) -> CellError:
    """Return an error that names the argument that cannot be sent."""
    for name, value in [*zip(function.argument_names(args), args), *kwargs.items()]:
        reason = pickling_problem(value)
        if reason:
            kind = type(value).__name__
            return CellError(
                f"argument {name!r} of {function.__name__} cannot be sent: {kind}: {reason}"
            )
    return CellError(f"the arguments of {function.__name__} cannot be sent: {error}")
