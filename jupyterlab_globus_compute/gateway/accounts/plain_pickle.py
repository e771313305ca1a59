"""Reading a pickle that holds plain data only, without executing any of it."""

from __future__ import annotations

import pickletools
from typing import Any

_MAX_BYTES = 1024 * 1024
_MARK = object()
_CONSTANTS = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_VALUES = frozenset(
    {"BININT", "BININT1", "BININT2", "LONG1", "INT", "LONG", "BINFLOAT", "FLOAT"}
    | {"UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"}
    | {"SHORT_BINBYTES", "BINBYTES", "BINBYTES8"}
)
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_STORING = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_FETCHING = frozenset({"GET", "BINGET", "LONG_BINGET"})


class NotPlainError(ValueError):
    """The pickle is malformed, too large, or holds more than plain data."""


def read_plain_pickle(data: bytes) -> Any:
    """The value of a pickle of dicts, lists, tuples, texts, bytes, numbers, booleans and None.

    Nothing is imported, called or built beyond these: an opcode that would is refused when it
    is met, so what a hostile pickle holds has no effect. Raises `NotPlainError`, which quotes
    nothing of it.
    """
    if len(data) > _MAX_BYTES:
        raise NotPlainError("too large")
    machine = _Machine()
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.result()
            machine.step(opcode.name, argument)
    except NotPlainError:
        raise
    except Exception:  # noqa: BLE001 - genops and a malformed stack raise many kinds, with the data in them
        raise NotPlainError("malformed") from None
    raise NotPlainError("cut off")


class _Machine:
    """The stack and memo of the pickle protocol (`pickletools`), for plain data."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def result(self) -> Any:
        """What the pickle is of."""
        (value,) = self._stack
        if value is _MARK:
            raise NotPlainError("malformed")
        return value

    def step(self, name: str, argument: Any) -> None:
        """Follow one opcode."""
        if name in ("PROTO", "FRAME"):
            return
        if name in _CONSTANTS:
            constant = _CONSTANTS[name]
            self._stack.append(constant() if isinstance(constant, type) else constant)
        elif name in _VALUES:
            self._stack.append(argument)
        elif name == "MARK":
            self._stack.append(_MARK)
        elif name in _TUPLES:
            self._stack.append(tuple(self._pop(_TUPLES[name])))
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self._stack[-1]
        elif name in _STORING:
            self._memo[argument] = self._stack[-1]
        elif name in _FETCHING:
            self._stack.append(self._memo[argument])
        else:
            self._collect(name)

    def _collect(self, name: str) -> None:
        match name:
            case "DICT":
                self._stack.append(_pairs(self._pop_to_mark()))
            case "LIST":
                self._stack.append(self._pop_to_mark())
            case "TUPLE":
                self._stack.append(tuple(self._pop_to_mark()))
            case "SETITEM":
                items = self._pop(2)
                self._top(dict).update(_pairs(items))
            case "SETITEMS":
                items = self._pop_to_mark()
                self._top(dict).update(_pairs(items))
            case "APPEND":
                items = self._pop(1)
                self._top(list).extend(items)
            case "APPENDS":
                items = self._pop_to_mark()
                self._top(list).extend(items)
            case _:
                raise NotPlainError("not plain data")

    def _pop(self, count: int) -> list[Any]:
        values = self._stack[-count:]
        del self._stack[-count:]
        if len(values) < count or any(value is _MARK for value in values):
            raise NotPlainError("malformed")
        return values

    def _pop_to_mark(self) -> list[Any]:
        values: list[Any] = []
        while (value := self._stack.pop()) is not _MARK:
            values.append(value)
        return values[::-1]

    def _top(self, kind: type) -> Any:
        if not isinstance(self._stack[-1], kind):
            raise NotPlainError("malformed")
        return self._stack[-1]


def _pairs(items: list[Any]) -> dict[Any, Any]:
    return dict(zip(items[::2], items[1::2], strict=True))
