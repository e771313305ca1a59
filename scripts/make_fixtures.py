"""Print the golden payloads that the TypeScript serializers are tested against, as JSON.

Run with the Python that has globus-compute-sdk installed::

    python scripts/make_fixtures.py

Each value comes with a *model*, a description that both languages can make of it: see
``fixture_models.py``.
"""

from __future__ import annotations

import base64
import collections
import hashlib
import inspect
import json
import pickle
import sys
from typing import TYPE_CHECKING, Any

import dill
import globus_compute_sdk
import numpy as np
from fixture_callables import CALLABLES
from fixture_models import attributes, model
from fixture_values import (
    foreign_values,
    large_values,
    pandas_values,
    plain_values,
    rich_values,
)
from globus_compute_sdk.serialize import ComputeSerializer, concretes
from globus_compute_sdk.serialize.utils import pack_buffers

if TYPE_CHECKING:
    from collections.abc import Callable

DATA_STRATEGIES = (concretes.DillDataBase64, concretes.JSONData, concretes.AllDataStrategies)

CODE_STRATEGIES = (
    concretes.DillCode,
    concretes.DillCodeTextInspect,
    concretes.DillCodeSource,
    concretes.CombinedCode,
    concretes.AllCodeStrategies,
    concretes.PureSourceDill,
    concretes.PureSourceTextInspect,
)

#: dill sends this class along, because it is one of the main module.
Pair = collections.namedtuple("Pair", ["first", "second"])


def main() -> None:
    """Print all fixtures."""
    groups = {
        "plain": plain_values(),
        "rich": rich_values(),
        "foreign": foreign_values(),
        "pandas": pandas_values(),
    }
    fixtures = {
        "versions": {
            "python": sys.version.split()[0],
            "dill": dill.__version__,
            "numpy": np.__version__,
            "globus-compute-sdk": globus_compute_sdk.__version__,
        },
        **{
            group: [_record(name, value) for name, value in values.items()]
            for group, values in groups.items()
        },
        "main": {"pair": _b64(dill.dumps(Pair(1, [2])))},
        "large": [
            {
                "name": name,
                "model": description,
                "sha256": hashlib.sha256(dill.dumps(value)).hexdigest(),
            }
            for name, (value, description) in large_values().items()
        ],
        "callables": [
            _callable_record(kind, function, args) for kind, (function, args) in CALLABLES.items()
        ],
        "packed": [{"buffers": b, "packed": pack_buffers(b)} for b in _buffers()],
    }
    json.dump(fixtures, sys.stdout, separators=(",", ":"))


def _record(name: str, value: Any) -> dict[str, Any]:
    return {
        "name": name,
        "model": model(value),
        "attributes": attributes(value),
        "jsonModel": _json_model(value),
        "dill": _b64(dill.dumps(value)),
        "protocols": [_pickle(value, protocol) for protocol in range(6)],
        **{
            strategy.identifier.strip(): _serialize(
                ComputeSerializer(strategy_data=strategy), value
            )
            for strategy in DATA_STRATEGIES
        },
    }


def _pickle(value: Any, protocol: int) -> str | None:
    """Pickle a value; None where the protocol has no room for it, or for a detail of it."""
    try:
        payload = pickle.dumps(value, protocol)
    except TypeError:
        return None
    again = pickle.loads(payload)  # noqa: S301
    return _b64(payload) if model(again) == model(value) else None


def _json_model(value: Any) -> list[Any] | None:
    try:
        return model(json.loads(json.dumps(value)))
    except (TypeError, ValueError):
        return None


def _serialize(serializer: ComputeSerializer, value: Any) -> str | None:
    try:
        return str(serializer.serialize(value))
    except Exception:  # noqa: BLE001  What fails, and how, is up to each strategy.
        return None


def _callable_record(
    kind: str, function: Callable[..., Any], args: tuple[Any, ...] | None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": getattr(function, "__name__", None),
        "source": _source(inspect.getsource, function),
        "dillSource": _source(lambda f: dill.source.getsource(f, lstrip=True), function),
        "args": None if args is None else _b64(pickle.dumps(args)),
        "expected": None if args is None else repr(function(*args)),
        "serialized": {
            "02": "02\n" + _base64_lines(dill.dumps(function)),
            **{
                strategy.identifier.strip(): _serialize(
                    ComputeSerializer(strategy_code=strategy), function
                )
                for strategy in CODE_STRATEGIES
            },
        },
    }


def _source(getsource: Callable[[Any], str], function: Callable[..., Any]) -> str | None:
    try:
        return getsource(function) if hasattr(function, "__name__") else None
    except (OSError, TypeError, AttributeError):
        return None


def _buffers() -> list[list[str]]:
    return [["a"], ["", "b\n"], ["🚀🚀", "é", "11\n[1]"], ["x" * 300]]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _base64_lines(data: bytes) -> str:
    return base64.encodebytes(data).decode()


if __name__ == "__main__":
    main()
