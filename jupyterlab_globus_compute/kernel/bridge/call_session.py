"""Cells whose functions run there."""

from __future__ import annotations

import ast
import functools
import inspect
import pickle
import sys
import weakref
from typing import TYPE_CHECKING, Any

from .arguments import packed_call
from .asked_calls import asked_call
from .call_sources import CallSources
from .delivery import Delivery
from .errors import CellError
from .grid import GRID, Grid, GridTable
from .labels import label_of
from .lazy_calls import refuse_lazy_calls
from .names import stored_names
from .pickling import bytecode_warning
from .remote_functions import RemoteFunction, is_remote
from .running import completed
from .serializers import captures, missing_capture, sends_source
from .session import Session
from .statement_runner import StatementRunner
from .statements import flattened
from .stragglers import deliver_stragglers
from .tasks import PENDING, Placeholder, Task
from .upper_part import UpperPart
from .vain_handlers import vain_handlers
from .worker.entry import travelling

if TYPE_CHECKING:
    import types
    from collections.abc import Iterator

    from .arguments import PackedCall
    from .cell_text import CellText
    from .namespace import Json
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
        given = [name for name, _ in self.options.get("functions") or ()]
        self._target = next(reversed(self._functions or given), None)
        self._asked = asked_call(self.options, self._target, cell.first_line - 1)
        self._remote_lines = [cell.first_line, self._upper.last_line] if upper else None
        registers = bool(self.options.get("registerOnly"))
        if registers or not (self._asked or any(map(self._mentions_function, self._lower))):
            self.form = "register"
        if registers and self._lower:
            line = self._lower[0].lineno
            self.warn([f"--register-only: line {line} and those below it did not run"])
            self._lower, self._queue = [], []
        self._given: list[weakref.ref[Placeholder]] = []
        self.quiet = cell.quiet
        self._title = ", ".join(self._functions)

    def prepare(self) -> None:
        """Refuse what cannot work, and let definitions take effect here. Raises `CellError`."""
        self._check_options()
        self._upper.check()
        self._upper.check_names(self._lower)
        self._call_sources.check()
        for name, uuid in self.options.get("functions") or ():
            problem = "it was registered elsewhere (--function), so its source is not known here"
            self.space[name] = RemoteFunction(self.bridge, name, None, None, problem, uuid)
        self._upper.take_effect(self.space, self.bridge, bool(self.options.get("local")))
        self._upper.check_uses(self._lower)
        remote = [name for name in self.space if is_remote(self.space, name)]
        self.warn(vain_handlers(self._lower, remote))
        if self._asked is not None:
            assert self._target is not None  # noqa: S101 - asked_call refuses without
            parameters = [name for name, _ in self.options.get("over") or ()]
            self._runner.given[GRID] = Grid(self.space[self._target], parameters)
            self._queue.append(self._asked)

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
        if self._asked is not None:
            self._keep_value()
        refuse_lazy_calls(self._last_values(), self.space)
        return True

    def call(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Placeholder:
        """Make a task of a call. Raises `TypeError`, `CellError` for its arguments."""
        function.check(args, kwargs)
        name = function.__name__
        packed = packed_call(function, args, kwargs)
        if packed.bytecode:
            self.warn([bytecode_warning(f"an argument of {name}")])
        self._check_reach(function, packed.names)
        task = Task(self, name, label_of(name, args, kwargs), packed.payload, self._line())
        if self.options.get("local"):
            task.here = functools.partial(self._run_here, function, packed)
        with self.bridge.lock:
            self._call_sources.note(function, packed.names)
        self.add_task(task)
        placeholder = Placeholder(task)
        self._given.append(weakref.ref(placeholder))
        return placeholder

    def receive(self) -> None:
        """Put values in the places of their placeholders."""
        self._deliver()  # whose own references are gone after it
        self.warn(deliver_stragglers(self._given, self))
        self._given = [reference for reference in self._given if reference() is not None]

    def _deliver(self) -> None:
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

    def fail(self) -> None:
        """Bind and show the table of a grid: some of its calls may have succeeded."""
        if self._asked is not None and not self._queue:
            self._keep_value()
            if self.options.get("over"):
                self.show_value()

    def source_for(self, name: str) -> Source:
        """Return the source of a function, with what it and its arguments need."""
        return self._call_sources.of(name)

    def stopped_at(self) -> int | None:
        """Return the line of the first statement that did not run to its end."""
        return self._queue[0].lineno if self._queue else None

    def _check_options(self) -> None:
        options = self.options
        if options.get("inputs") or (options.get("outputs") and self._asked is None):
            raise CellError(
                "-i and -o send and bring back variables of a cell that runs there as a whole: "
                "add --body, or pass values as arguments and return them"
            )
        if self._asked is not None and len(options.get("outputs") or ()) > 1:
            raise CellError("-o takes one name here, for what the call gives")
        if self._asked is not None and options.get("registerOnly"):
            raise CellError("--register-only makes no call: leave out --args, --kwargs and --over")
        note = missing_capture(options)
        if note and self.form != "register":
            self.warn([note])

    def _check_reach(self, function: RemoteFunction, names: set[str]) -> None:
        """Refuse arguments made with definitions that the function cannot find there."""
        if not names or (function.uuid is None and captures(self.options)):
            return
        if function.uuid is not None:
            raise CellError(
                f"{function.__name__} was registered elsewhere and does not know "
                f"{min(names)}, which this notebook defines: pass plain values"
            )
        option = "--no-capture"
        if self.options.get("capture", True):
            source = sends_source(self.options)
            option = "--result-serializer" if source else "--serializer"
        raise CellError(
            f"{option} cannot send {min(names)}, which this notebook defines: the bare "
            f"function runs where nothing knows it. Leave out {option}"
        )

    def _run_here(self, function: RemoteFunction, packed: PackedCall) -> Any:
        """Make a call in this kernel, with copies of the arguments as they were."""
        args, kwargs = (pickle.loads(part.data) for part in packed.parts)
        value = function.local(*args, **kwargs)
        if inspect.isawaitable(value):

            async def wait() -> Any:
                return await value

            value = completed(wait(), self.bridge.loop())
        return travelling(value)

    def _keep_value(self) -> None:
        """Make the table of a grid, and bind the name that -o gives."""
        if isinstance(self.value, GridTable):
            self.value = self.value.as_frame()
        for name in self.options.get("outputs") or ():
            self.space[name] = self.value

    def _mentions_function(self, node: ast.AST) -> bool:
        known = {*self._functions, *(name for name, _ in self.options.get("functions") or ())}
        return any(
            isinstance(inner, ast.Name) and (inner.id in known or is_remote(self.space, inner.id))
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
