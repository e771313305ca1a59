"""What values are that cannot travel, in words."""

from __future__ import annotations

import io
import socket
import threading
import types
from typing import Any, NamedTuple

from .namespace import MAIN


class Kind(NamedTuple):
    """A kind of values: what they are called, and what to do instead of sending one."""

    name: str
    advice: str


FILE = Kind("a file handle", "Pass the path and open it in the function, or pass what it holds.")
LOCK = Kind("a lock", "Make it in the function: it cannot reach over to another process.")
SOCKET = Kind("a connection", "Open it in the function.")
LAZY = Kind("a generator", "Pass list(...) of it.")
LAMBDA = Kind("a lambda", "Define the function with def in a cell and pass that.")
FUNCTION = Kind("a function made by another", "Define it with def in a cell and pass that.")
COROUTINE = Kind("a coroutine", "Await it first and pass the value.")
OTHER_ADVICE = "Make it in the function, or pass what it is made from."

LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Event,
         threading.Semaphore, threading.Thread)  # fmt: skip


def bound_to_process(value: Any) -> Kind | None:
    """Return the kind of a value that means nothing elsewhere, even where dill can pack it."""
    if isinstance(value, io.IOBase) and not isinstance(value, (io.BytesIO, io.StringIO)):
        return FILE
    if isinstance(value, LOCKS):
        return LOCK
    return SOCKET if isinstance(value, socket.socket) else None


def known_kind(value: Any) -> Kind | None:
    """Return the kind of a value, if there is something to be said of it."""
    kind = bound_to_process(value)
    if kind is None and isinstance(value, types.GeneratorType):
        kind = LAZY
    if kind is None and isinstance(value, types.CoroutineType):
        kind = COROUTINE
    if kind is None and isinstance(value, types.FunctionType):
        kind = LAMBDA if value.__name__ == "<lambda>" else FUNCTION
    if kind is None and "onnection" in type(value).__name__:
        kind = SOCKET
    return kind


def kind_of(value: Any) -> str:
    """Return what a value is: `a file handle`, or `an object of class Mine`."""
    kind = known_kind(value)
    if kind:
        return kind.name
    module = type(value).__module__
    prefix = "" if module in ("builtins", MAIN) else f"{module}."
    return f"an object of class {prefix}{type(value).__qualname__}"


def advice_for(value: Any) -> str:
    """Return what to do instead of sending a value."""
    kind = known_kind(value)
    return kind.advice if kind else OTHER_ADVICE
