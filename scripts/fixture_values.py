"""The values that ``make_fixtures.py`` writes golden payloads of."""

from __future__ import annotations

import collections
import datetime as dt
import decimal
import fractions
import uuid
from typing import Any

import numpy as np


def plain_values() -> dict[str, Any]:
    """Values that both languages write, to the same bytes."""
    shared = [1, 2]
    return {
        "none": None,
        "true": True,
        "false": False,
        **{f"int_{i}": value for i, value in enumerate(_edge_integers())},
        **{f"float_{i}": value for i, value in enumerate(_edge_floats())},
        "text_empty": "",
        "text_ascii": "hello",
        "text_unicode": "é€🚀\ufeff",
        "text_surrogate": "a\ud800b",
        "text_255": "x" * 255,
        "text_256": "x" * 256,
        "bytes_empty": b"",
        "bytes_short": bytes(range(255)),
        "bytes_256": bytes(range(256)),
        "list_empty": [],
        "list_one": [1],
        "list_mixed": [None, True, 1, 1.5, "a", b"b"],
        "list_999": list(range(999)),
        "list_1000": list(range(1000)),
        "list_1001": list(range(1001)),
        "tuple_empty": (),
        "tuple_1": (1,),
        "tuple_2": (1, 2),
        "tuple_3": (1, 2, 3),
        "tuple_4": (1, 2, 3, 4),
        "tuple_nested": ((1, (2, (3, ()))), []),
        "dict_empty": {},
        "dict_one": {"a": 1},
        "dict_keys": {"a": 1, 2: "b", (3, 4): None, 1.5: [], True: False},
        "dict_1001": {f"k{i}": i for i in range(1001)},
        "set_empty": set(),
        "set_two": {1, 2},
        "frozenset_empty": frozenset(),
        "frozenset_two": frozenset([1, 2]),
        "shared": [shared, shared],
        "memo_300": [[i] for i in range(300)] * 2,
        "nested_50": _nested(50),
    }


def large_values() -> dict[str, tuple[Any, list[Any]]]:
    """Values of several frames, each with its model: a rule, not a list of its items."""
    return {
        "text_65535": ("y" * 65535, ["repeat", ["str", "y", 65535]]),
        "text_65536": ("y" * 65536, ["repeat", ["str", "y", 65536]]),
        "bytes_70000": (b"z" * 70000, ["repeat", ["bytes", "7a", 70000]]),
        "list_large": ([f"item {i}" for i in range(9000)], ["numbered", ["item ", 9000]]),
        "list_large_parts": (
            ["a" * 70000, 1, b"b" * 70000],
            [
                "list",
                [
                    ["repeat", ["str", "a", 70000]],
                    ["int", "1"],
                    ["repeat", ["bytes", "62", 70000]],
                ],
            ],
        ),
    }


def rich_values() -> dict[str, Any]:
    """Values the reader knows; they are written in other bytes than dill's."""
    utc = dt.timezone.utc
    east = dt.timezone(dt.timedelta(hours=5, minutes=30))
    zulu = dt.datetime(2024, 2, 29, 23, 59, 58, 999999, tzinfo=utc)
    return {
        "bytearray": bytearray(b"ab"),
        "complex": complex(1, -2.5),
        "decimal": decimal.Decimal("1.50"),
        "decimal_nan": decimal.Decimal("NaN"),
        "fraction": fractions.Fraction(-1, 3),
        "range": range(1, 10, 2),
        "slice": slice(1, None, 2),
        "ordered": collections.OrderedDict(a=1, b=2),
        "date": dt.date(1, 1, 31),
        "time": dt.time(1, 2, 3, 4),
        "datetime_naive": dt.datetime(2024, 1, 2, 3, 4, 5, 6, fold=1),  # noqa: DTZ001
        "datetime_utc": zulu,
        "datetime_east": zulu.astimezone(east),
        "timedelta": dt.timedelta(days=-1, seconds=2, microseconds=3),
        "mixed": {"when": zulu, "items": (decimal.Decimal(1), {1j})},
    }


def foreign_values() -> dict[str, Any]:
    """Values that are only read: NumPy's, and objects that stay inert."""
    return {
        "array_f8": np.arange(6, dtype="f8").reshape(2, 3),
        "array_fortran": np.asfortranarray(np.arange(6).reshape(2, 3)),
        "array_f4": np.array([1.5, np.nan, np.inf], dtype="f4"),
        "array_f2": np.array([1.5, 65504, 6e-8, -np.inf], dtype="f2"),
        "array_u1": np.array([0, 255], dtype="u1"),
        "array_u8": np.array([2**64 - 1, 1], dtype="u8"),
        "array_i2": np.array([-1, 32767], dtype="i2"),
        "array_bool": np.array([True, False]),
        "array_c16": np.array([1 + 2j]),
        "array_text": np.array(["a", "bc🚀"]),
        "array_bytes": np.array([b"a", b"bc"]),
        "array_object": np.array([1, "a", None], dtype=object),
        "array_big_endian": np.arange(3, dtype=">i4"),
        "array_0d": np.array(3.0),
        "array_empty": np.zeros((0, 3)),
        "np_float64": np.float64(1.5),
        "np_int32": np.int32(-4),
        "np_bool": np.bool_(True),
        "uuid": uuid.UUID(int=1),
        "exception": ValueError("x"),
        "counter": collections.Counter("aab"),
        "defaultdict": collections.defaultdict(int, {1: 2}),
    }


def _edge_integers() -> list[int]:
    edges = [0, 1, -1, 255, 256, 65535, 65536, -32768, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1]
    powers = [40, 53, 63, 64, 127, 128, 2039, 2040, 3000]
    return edges + [s * 2**p + d for p in powers for s in (1, -1) for d in (-1, 0, 1)]


def _edge_floats() -> list[float]:
    return [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e22, 1e300, 5e-324, float("inf"), -float("inf")]


def _nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
