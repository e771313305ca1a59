"""Ways in which functions travel, other than the cell's own text."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from .errors import CellError
from .remote_functions import RemoteFunction

if TYPE_CHECKING:
    from .namespace import Json

SOURCE = frozenset({"source", "st", "PureSourceTextInspect"})
JSON_NAMES = frozenset({"json", "jsondata", "11"})
SHORT_NAMES = {
    "dill": "DillCode",
    "combined": "CombinedCode",
    "all": "AllCodeStrategies",
    "dill-source": "DillCodeSource",
    "text-inspect": "DillCodeTextInspect",
}


def sends_source(options: Json) -> bool:
    """Tell whether functions travel as the cell's own text."""
    return (options.get("serializer") or "source") in SOURCE


def serialized(options: Json, function: RemoteFunction, space: Json) -> str:
    """Return the function as a strategy of the Python SDK writes it. Raises `CellError`."""
    name = str(options["serializer"])
    try:
        from globus_compute_sdk.serialize import concretes  # noqa: PLC0415 - if the kernel has it
    except ImportError:
        raise CellError(
            f"--serializer {name} needs globus-compute-sdk in the kernel: install it there, or "
            "leave the option out"
        ) from None
    known: dict[str, Any] = {}
    for strategy in concretes.SELECTABLE_STRATEGIES:
        if strategy.for_code:
            known[strategy.__name__] = known[strategy.identifier.strip()] = strategy
    chosen = known.get(SHORT_NAMES.get(name, name))
    if chosen is None:
        names = ["source", *SHORT_NAMES, *(key for key in known if len(key) > len("st"))]
        raise CellError(f"--serializer {name} is not known: it takes {', '.join(names)}")
    remote = {key: value for key, value in space.items() if isinstance(value, RemoteFunction)}
    # Bytecode takes along the globals it reads: those there must be the plain functions.
    space.update({key: value.plain for key, value in remote.items()})
    try:
        return str(chosen().serialize(inspect.unwrap(function.plain)))
    except Exception as error:  # noqa: BLE001 - strategies raise whatever dill raises
        raise CellError(
            f"{function.__name__} cannot be sent with --serializer {name}: "
            f"{type(error).__name__}: {error}"
        ) from None
    finally:
        space.update(remote)


def captures(options: Json) -> bool:
    """Tell whether functions are wrapped, so that what they write and show comes back.

    Bytecode of the wrapper would tie it to one Python, and JSON cannot hold what it returns.
    """
    return bool(options.get("capture", True)) and sends_source(options) and not wants_json(options)


def wants_json(options: Json) -> bool:
    """Tell whether results are to come back as JSON."""
    return str(options.get("resultSerializer") or "").rpartition(".")[2].lower() in JSON_NAMES


def missing_capture(options: Json) -> str:
    """Return a note on an option that costs what functions write; nothing if there is none."""
    if not options.get("capture", True) or captures(options):
        return ""
    option = "result-serializer" if sends_source(options) else "serializer"
    name = options["resultSerializer" if sends_source(options) else "serializer"]
    return f"with --{option} {name} the bare function is sent: only its value comes back"
