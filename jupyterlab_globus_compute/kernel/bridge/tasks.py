"""Tasks, and the placeholders of their results."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from .errors import NotReady, NotReadyAttribute

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

LIBRARIES = frozenset({"pandas", "numpy", "scipy", "sklearn", "functools"})
PENDING, DONE, FAILED, CLOSED = "pending", "done", "failed", "closed"


class TaskOwner(Protocol):
    """The run of a cell that makes tasks; `touched` takes the errors of whoever needs a value."""

    touched: list[NotReady]


class Task:
    """One call: what is sent, and what became of it. `index` counts up over the session.

    `here` makes the call in this kernel, for --local.
    """

    __slots__ = ("function", "here", "index", "label", "line", "payload", "reason", "session",
                 "state", "value")  # fmt: skip

    def __init__(self, session: TaskOwner, function: str, label: str, payload: str, line: int):
        self.session, self.function, self.label = session, function, label
        self.payload, self.line = payload, line
        self.index = -1
        self.here: Callable[[], Any] | None = None
        self.state = PENDING
        self.reason = ""
        self.value: Any = None

    def settle(self, state: str, value: Any) -> None:
        """Take the outcome; what was sent is needed no more."""
        self.state, self.value, self.payload, self.here = state, value, "", None

    def close(self, reason: str) -> None:
        """Give up waiting, for a reason that whoever needs the value is told."""
        if self.state == PENDING:
            self.state, self.reason, self.payload = CLOSED, reason, ""


class Placeholder:
    """Stands where the result of a call will be.

    It may be stored anywhere. `done()`, `result()`, `task_index`, `repr`, hash and `is` work;
    whatever else needs the value and raises `NotReady`.
    """

    __slots__ = ("__weakref__", "_task")

    def __init__(self, task: Task) -> None:
        self._task = task

    @property
    def task_index(self) -> int:
        """Number of the task among those of its cell, from 0."""
        return self._task.index

    def done(self) -> bool:
        """Tell whether the result, or the error, is here."""
        return self._task.state in (DONE, FAILED)

    def result(self) -> Any:
        """Return the value.

        Raises `TaskFailed` if the task failed, `NotReady` if its result is not here.
        """
        task = self._task
        if task.state == FAILED:
            raise task.value
        if task.state != DONE:
            raise NotReady(self._missing("result()"))
        return task.value

    def __repr__(self) -> str:
        return f"<result of {self._task.label}>"

    __hash__ = object.__hash__

    def __await__(self) -> Generator[None, None, Placeholder]:
        # `await f()` and `asyncio.gather` place the result, as an assignment does.
        yield from ()
        return self

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # asked by libraries to see what a value can do
            raise AttributeError(name)
        raise NotReadyAttribute(self._missing(f".{name}"))

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        self._needed("sending it to another task")

    def _needed(self, what: str) -> NoReturn:
        library = str(sys._getframe(2).f_globals.get("__name__", "")).partition(".")[0]
        error = NotReady(self._missing(what, library))
        self._task.session.touched.append(error)
        raise error

    def _missing(self, what: str, library: str = "") -> str:
        task = self._task
        if task.state == CLOSED:
            return f"{self!r} will not come: {task.reason}. Run the cell again."
        if task.state != PENDING:
            return f"{self!r} is here, but not in its place: take it with .result()"
        if library in LIBRARIES:
            return (
                f"{self!r} is not here yet: {library} looks at it while it calls {task.function}. "
                f"Make the calls first, and write a list of them: [{task.function}(x) for x in ...]"
            )
        return (
            f"{self!r} is not here yet: {what} needs its value. Put it in a statement of its own "
            "below, where the cell waits for it, or let the function do it there."
        )


OPERATIONS = {
    "add": "+", "radd": "+", "iadd": "+=", "sub": "-", "rsub": "-", "isub": "-=", "mul": "*",
    "rmul": "*", "imul": "*=", "matmul": "@", "rmatmul": "@", "truediv": "/", "rtruediv": "/",
    "itruediv": "/=", "floordiv": "//", "rfloordiv": "//", "mod": "%", "rmod": "%", "pow": "**",
    "rpow": "**", "divmod": "divmod()", "rdivmod": "divmod()", "and": "&", "rand": "&", "or": "|",
    "ror": "|", "xor": "^", "rxor": "^", "lshift": "<<", "rlshift": "<<", "rshift": ">>",
    "rrshift": ">>", "neg": "-", "pos": "+", "abs": "abs()", "invert": "~", "eq": "==",
    "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "bool": "a condition",
    "int": "int()", "float": "float()", "complex": "complex()", "index": "an index",
    "round": "round()", "str": "str()", "format": "formatting", "bytes": "bytes()",
    "fspath": "a path", "len": "len()", "iter": "iteration", "next": "next()",
    "reversed": "reversed()", "contains": "in", "getitem": "[...]", "setitem": "[...] =",
    "delitem": "del [...]", "call": "calling it", "enter": "with", "exit": "with",
    "aiter": "async for", "array": "an array", "array_ufunc": "NumPy",
}  # fmt: skip


def _operation(what: str) -> Callable[..., NoReturn]:
    def refuse(self: Placeholder, *_args: object, **_options: object) -> NoReturn:
        self._needed(what)

    return refuse


for _name, _what in OPERATIONS.items():
    setattr(Placeholder, f"__{_name}__", _operation(_what))
