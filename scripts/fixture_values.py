"""The values that ``make_fixtures.py`` writes golden payloads of."""

from __future__ import annotations

import builtins
import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import pathlib
import uuid
import zoneinfo
from typing import Any, NamedTuple

import numpy as np
from globus_compute_sdk.sdk.shell_function import ShellResult


class Point(NamedTuple):
    """A named tuple that pickles by name."""

    x: int
    y: int


@dataclasses.dataclass
class Record:
    """A dataclass."""

    name: str
    size: int = 1


class Slotted:
    """Keeps its attributes in slots."""

    __slots__ = ("left", "right")

    def __init__(self) -> None:
        """Fill the slots."""
        self.left, self.right = 1, "r"


class Color(enum.Enum):
    """An enumeration."""

    RED = 1


class CustomError(Exception):
    """An exception of one's own."""


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
        "text_256_unicode": "é" * 256,
        "text_controls": "\x00\x1b\x7f\x80\x9f\xa0\u2028",
        "dict_proto": {"__proto__": {"polluted": 1}, "constructor": None},
        "dict_int_float": {0: 1.0, -1: -0.0},
        "list_floats": [float(i) for i in range(1500)],
        "list_ints": list(range(-5, 70_000, 7)),
        "bytes_1000": bytes(1000),
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
        "slice_open": slice(None),
        "ordered": collections.OrderedDict(a=1, b=2),
        "ordered_empty": collections.OrderedDict(),
        "uuid": uuid.UUID("12345678-1234-5678-1234-567812345678"),
        "uuid_small": uuid.UUID(int=1),
        "uuid_large": uuid.UUID(int=2**128 - 1),
        "bytearray_300": bytearray(range(256)) + b"z" * 44,
        "complex_special": complex(float("inf"), -0.0),
        "decimal_big": decimal.Decimal("-1E+400"),
        "fraction_big": fractions.Fraction(2**70, 3),
        "range_big": range(0, 2**60, 3),
        "range_down": range(5, -5, -1),
        "datetime_zone": dt.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        "datetime_far": dt.datetime(9999, 12, 31, 23, 59, 59, 999999),  # noqa: DTZ001
        "datetime_1900": dt.datetime(1900, 1, 1, tzinfo=utc),
        "date_leap": dt.date(2024, 2, 29),
        "time_aware": dt.time(23, 59, tzinfo=east),
        "time_fold": dt.time(1, 30, fold=1),
        "timedelta_zero": dt.timedelta(),
        "timedelta_max": dt.timedelta.max,
        "timezone_negative": dt.datetime(
            2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30), "NST")
        ),
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
        "array_i1": np.array([-128, 127], dtype="i1"),
        "array_u2": np.array([0, 65535], dtype="u2"),
        "array_u4": np.array([2**32 - 1], dtype="u4"),
        "array_i8": np.array([-(2**63), 2**63 - 1], dtype="i8"),
        "array_c8": np.array([1 - 2j, 0.5j], dtype="c8"),
        "array_3d": np.arange(24, dtype="i2").reshape(2, 3, 4),
        "array_fortran_3d": np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)),
        "array_slice": np.arange(20)[::3],
        "array_big_endian_f8": np.array([1.5, -2.5], dtype=">f8"),
        "array_days": np.array(["2024-02-29", "NaT"], dtype="M8[D]"),
        "array_ns": np.array(["2024-01-01T00:00:00.000000001"], dtype="M8[ns]"),
        "array_delta": np.array([1, -5], dtype="m8[10ms]"),
        "array_record": np.array([(1, 2.5), (3, 4.5)], dtype=[("a", "i4"), ("b", "f8")]),
        "array_10k": np.arange(10_000, dtype="f8"),
        "np_float64": np.float64(1.5),
        "np_float32": np.float32(0.1),
        "np_float16": np.float16(2.5),
        "np_int8": np.int8(-4),
        "np_int32": np.int32(-4),
        "np_int64": np.int64(2**62),
        "np_uint64": np.uint64(2**64 - 1),
        "np_bool": np.bool_(True),
        "np_complex": np.complex128(1 + 2j),
        "np_str": np.str_("é🚀"),
        "exception": ValueError("x"),
        "exception_empty": KeyError(),
        "exception_args": ArithmeticError(2, "No such file"),
        "exception_exit": SystemExit(3),
        "exception_custom": CustomError("own", 1),
        "exception_attribute": _with_attribute(RuntimeError("n")),
        **_exception_groups(),
        "counter": collections.Counter("aab"),
        "defaultdict": collections.defaultdict(int, {1: 2}),
        "deque": collections.deque([1, 2], maxlen=5),
        "path": pathlib.PurePosixPath("/a/b"),
        "enum": Color.RED,
        "dataclass": Record("n", 2),
        "slots": Slotted(),
        "point_by_name": Point(1, 2),
        "shell_result": ShellResult("ls", "out", "err", 1, exception_name="X"),
        "results": [ShellResult("a", "", "", 0), Record("r")],
    }


def pandas_values() -> dict[str, Any]:
    """Values of pandas, which is not needed to run anything: none where it is absent."""
    try:
        import pandas as pd  # noqa: PLC0415  It is optional.
    except ImportError:
        return {}
    return {
        "pd_series": pd.Series([1, 2, 3]),
        "pd_frame": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
    }


def _with_attribute(error: RuntimeError) -> RuntimeError:
    error.detail = ("more", 1)  # type: ignore[attr-defined]
    return error


def _exception_groups() -> dict[str, Any]:
    """Python 3.10 has none."""
    group = getattr(builtins, "ExceptionGroup", None)
    return {"exception_group": group("several", [ValueError(1), TypeError("t")])} if group else {}


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
