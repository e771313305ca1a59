"""Descriptions of Python values in plain JSON, which TypeScript builds of its own values too."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import enum
import fractions
import struct
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
from fixture_values import Slotted

if TYPE_CHECKING:
    from collections.abc import Callable


def model(value: Any) -> list[Any]:
    """Describe a value as ``[kind, content]``."""
    for kind, describe in MODELS:
        if type(value) is kind:
            return describe(value)
    if isinstance(value, BaseException):
        return ["exception", [_class_name(value), [model(item) for item in value.args]]]
    return ["object", _class_name(value)]


def attributes(value: Any) -> dict[str, Any] | None:
    """Describe the attributes of an object that stays inert, where it has any of its own."""
    if model(value)[0] not in ("object", "exception") or isinstance(value, enum.Enum):
        return None
    if isinstance(value, Slotted):
        return {name: model(getattr(value, name)) for name in Slotted.__slots__}
    if type(value).__module__.startswith("pandas"):
        return None
    return {name: model(item) for name, item in getattr(value, "__dict__", {}).items()} or None


def _class_name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__name__}"


def _float(value: float) -> list[Any]:
    return ["float", struct.pack(">d", value).hex()]


def _time(value: dt.time | dt.datetime) -> list[Any]:
    offset = value.utcoffset()
    seconds = None if offset is None else offset.total_seconds()
    return [value.replace(tzinfo=None).isoformat(), value.fold, seconds]


def _items(kind: str) -> Callable[[Any], list[Any]]:
    return lambda value: [kind, [model(item) for item in value]]


def _pairs(value: dict[Any, Any]) -> list[Any]:
    return ["dict", [[model(key), model(item)] for key, item in value.items()]]


def _text(kind: str) -> Callable[[Any], list[Any]]:
    return lambda value: [kind, str(value)]


def _array(value: np.ndarray[Any, Any]) -> list[Any]:
    return [
        "array",
        [value.dtype.name, list(value.shape), [_array_item(x) for x in value.ravel()]],
    ]


def _array_item(item: Any) -> list[Any]:
    """Describe an item as TypeScript gives it: dates as counts of the unit, records by field."""
    if isinstance(item, (np.datetime64, np.timedelta64)):
        return model(int(item.view("i8")))
    if isinstance(item, np.void):
        names = item.dtype.names or ()
        return ["dict", [[model(name), _array_item(item[name])] for name in names]]
    return model(item.item() if isinstance(item, np.generic) else item)


def _scalar(value: np.generic) -> list[Any]:
    name = value.dtype.str if value.dtype.kind == "U" else value.dtype.name
    return ["scalar", [name, model(value.item())]]


MODELS: list[tuple[type, Callable[[Any], list[Any]]]] = [
    (type(None), lambda _: ["none", None]),
    (bool, lambda value: ["bool", value]),
    (int, _text("int")),
    (float, _float),
    (str, _text("str")),
    (bytes, lambda value: ["bytes", value.hex()]),
    (bytearray, lambda value: ["bytearray", value.hex()]),
    (list, _items("list")),
    (tuple, _items("tuple")),
    (set, _items("set")),
    (frozenset, _items("frozenset")),
    (dict, _pairs),
    (collections.OrderedDict, lambda value: ["ordered", _pairs(value)[1]]),
    (complex, lambda value: ["complex", [_float(value.real)[1], _float(value.imag)[1]]]),
    (decimal.Decimal, _text("decimal")),
    (fractions.Fraction, _text("fraction")),
    (range, lambda value: ["range", [str(x) for x in (value.start, value.stop, value.step)]]),
    (slice, lambda value: ["slice", [model(x) for x in (value.start, value.stop, value.step)]]),
    (dt.date, lambda value: ["date", value.isoformat()]),
    (dt.time, lambda value: ["time", _time(value)]),
    (dt.datetime, lambda value: ["datetime", _time(value)]),
    (
        dt.timedelta,
        lambda value: ["timedelta", [value.days, value.seconds, value.microseconds]],
    ),
    (np.ndarray, _array),
    (uuid.UUID, _text("uuid")),
    *(
        (kind, _scalar)
        for kind in (
            np.float64,
            np.float32,
            np.float16,
            np.int8,
            np.int32,
            np.int64,
            np.uint64,
            np.bool_,
            np.complex128,
            np.str_,
        )
    ),
]
