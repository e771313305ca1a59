"""Write the golden payloads that the TypeScript serializers are tested against.

Run with the Python that has globus-compute-sdk installed::

    python scripts/make_fixtures.py

Each value is stored with a *model*: a description in plain JSON that both languages can build,
``[kind, content]``. See ``model`` below.
"""

from __future__ import annotations

import base64
import collections
import datetime as dt
import decimal
import fractions
import hashlib
import importlib.util
import inspect
import json
import pickle
import struct
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dill
import globus_compute_sdk
import numpy as np
from fixture_values import foreign_values, large_values, plain_values, rich_values
from globus_compute_sdk.serialize import ComputeSerializer, concretes
from globus_compute_sdk.serialize.utils import pack_buffers

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

SDK = Path(__file__).resolve().parent.parent / "src" / "sdk"

FUNCTIONS = '''
def simple(a, b=1):
    return a + b


def emoji():
    """Counts as one character: \\U0001f680, the text is 🚀."""
    return "🚀é"
'''


def model(value: Any) -> list[Any]:
    """Describe a value as ``[kind, content]``."""
    for kind, describe in MODELS:
        if type(value) is kind:
            return describe(value)
    message = f"no model for {type(value)}"
    raise TypeError(message)


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
        [value.dtype.name, list(value.shape), [model(x) for x in value.ravel().tolist()]],
    ]


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
    (collections.OrderedDict, _pairs),
    (complex, lambda value: ["complex", [_float(value.real)[1], _float(value.imag)[1]]]),
    (decimal.Decimal, _text("decimal")),
    (fractions.Fraction, _text("fraction")),
    (range, lambda value: ["range", [value.start, value.stop, value.step]]),
    (slice, lambda value: ["slice", [model(x) for x in (value.start, value.stop, value.step)]]),
    (dt.date, lambda value: ["date", value.isoformat()]),
    (dt.time, lambda value: ["time", _time(value)]),
    (dt.datetime, lambda value: ["datetime", _time(value)]),
    (
        dt.timedelta,
        lambda value: ["timedelta", [value.days, value.seconds, value.microseconds]],
    ),
    (np.ndarray, _array),
    (np.float64, lambda value: ["scalar", ["float64", model(value.item())]]),
    (np.int32, lambda value: ["scalar", ["int32", model(value.item())]]),
    (np.bool_, lambda value: ["scalar", ["bool", model(value.item())]]),
    (uuid.UUID, lambda _: ["object", "uuid.UUID"]),
    (ValueError, lambda _: ["object", "builtins.ValueError"]),
    (collections.Counter, lambda _: ["object", "collections.Counter"]),
    (collections.defaultdict, lambda _: ["object", "collections.defaultdict"]),
]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def pickles() -> dict[str, Any]:
    """All values, pickled by dill and in every protocol."""
    groups = {"plain": plain_values(), "rich": rich_values(), "foreign": foreign_values()}
    return {
        "versions": {"dill": dill.__version__, "numpy": np.__version__},
        **{
            group: [_pickle_record(name, value) for name, value in values.items()]
            for group, values in groups.items()
        },
        "large": [
            {
                "name": name,
                "model": description,
                "sha256": hashlib.sha256(dill.dumps(value)).hexdigest(),
            }
            for name, (value, description) in large_values().items()
        ],
    }


def _pickle_record(name: str, value: Any) -> dict[str, Any]:
    return {
        "name": name,
        "model": model(value),
        "dill": _b64(dill.dumps(value)),
        "protocols": _protocols(value),
    }


#: Every protocol of a value this large would only make the file larger.
MAX_BYTES_FOR_ALL_PROTOCOLS = 2000


def _protocols(value: Any) -> list[str]:
    if len(dill.dumps(value)) > MAX_BYTES_FOR_ALL_PROTOCOLS:
        return []
    payloads = [pickle.dumps(value, protocol) for protocol in range(6)]
    # Old protocols have no room for some details, such as a datetime's fold.
    return [_b64(p) for p in payloads if model(pickle.loads(p)) == model(value)]  # noqa: S301


def _import_functions(folder: str) -> ModuleType:
    """Import the functions from a file, because ``inspect`` reads their source from it."""
    path = Path(folder) / "fixture_functions.py"
    path.write_text(FUNCTIONS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("fixture_functions", path)
    if spec is None or spec.loader is None:
        message = f"cannot import {path}"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def wire() -> dict[str, Any]:
    """Payloads in the wire format of ``ComputeSerializer``."""
    strategies: dict[str, type[Any]] = {
        "st": concretes.PureSourceTextInspect,
        "sd": concretes.PureSourceDill,
        "03": concretes.DillCodeTextInspect,
        "04": concretes.DillCodeSource,
        "01": concretes.DillCode,
        "10": concretes.CombinedCode,
        "12": concretes.AllCodeStrategies,
    }
    with tempfile.TemporaryDirectory() as folder:
        module = _import_functions(folder)
        code = [
            {
                "name": name,
                "source": inspect.getsource(getattr(module, name)),
                **{
                    header: strategy().serialize(getattr(module, name))
                    for header, strategy in strategies.items()
                },
            }
            for name in ("simple", "emoji")
        ]
    return {
        "versions": {"globus-compute-sdk": globus_compute_sdk.__version__},
        "code": code,
        "data": [_data_record(name, value) for name, value in _wire_values().items()],
        "packed": [{"buffers": b, "packed": pack_buffers(b)} for b in _buffers()],
    }


def _wire_values() -> dict[str, Any]:
    return {
        "args": (1, "Bob", 2.5),
        "kwargs": {"first": "Bob", "times": 3},
        "no_args": (),
        "long_text": "0123456789" * 30,
        "nan": [float("nan"), float("inf"), -float("inf")],
        "big": [2**53 + 1, -(2**70), 2**53 - 1],
        "quotes": 'NaN "Infinity" \\ \x7f é 🚀 12345678901234567890',
        "keys": {"a": None, "__proto__": [True]},
        "floats": [1.0, 1e16, 1e-05, 1e22],
    }


def _data_record(name: str, value: Any) -> dict[str, Any]:
    record = {"name": name, "model": model(value)}
    for cls in (concretes.DillDataBase64, concretes.JSONData, concretes.AllDataStrategies):
        serializer = ComputeSerializer(strategy_data=cls)
        record[cls.identifier.strip()] = serializer.serialize(value)
    return record


def _buffers() -> list[list[str]]:
    return [["a"], ["", "b\n"], ["🚀🚀", "é", "11\n[1]"], ["x" * 300]]


def main() -> None:
    """Write both files."""
    for folder, name, content in (("pickle", "pickles", pickles()), ("serialize", "wire", wire())):
        path = SDK / folder / "__fixtures__" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=None, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
