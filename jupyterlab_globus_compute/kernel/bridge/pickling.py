"""Values packed and unpacked, as the SDK does it."""

from __future__ import annotations

import base64
import io
import json
import pickle
import sys
import types
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import NotReady
from .kinds import bound_to_process
from .namespace import MAIN
from .remote_functions import RemoteFunction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .namespace import Json

PICKLE_PROTOCOL = 4


class Unsendable(TypeError):  # noqa: N818 - what pickle says of values it cannot pack
    """A value means nothing outside this process."""


class NotebookPickler(pickle.Pickler):
    """Pickles by name, and notes which of the notebook's own functions and classes it met."""

    def __init__(self, file: io.BytesIO, met: set[str]) -> None:
        super().__init__(file, PICKLE_PROTOCOL)
        self._met = met

    def reducer_override(self, value: Any) -> Any:
        """Note definitions of the notebook; leave the pickling as it is.

        Raises `Unsendable` for what dill would pack, to be of no use there.
        """
        kind = bound_to_process(value)
        if kind:
            raise Unsendable(f"{kind.name} belongs to this process")
        if isinstance(value, RemoteFunction) or (
            isinstance(value, (type, types.FunctionType))
            and getattr(value, "__module__", None) == MAIN
        ):
            self._met.add(value.__qualname__.partition(".")[0])
        return NotImplemented


class Pickled(NamedTuple):
    """A value packed: the notebook's definitions it needs, and whether it carries bytecode."""

    data: bytes
    names: set[str]
    bytecode: bool


def pickled(value: Any) -> Pickled:
    """Pickle by name, else by value with dill where it is installed.

    Raises `NotReady` for an unfinished result inside, or what pickle raised.
    """
    file = io.BytesIO()
    names: set[str] = set()
    try:
        NotebookPickler(file, names).dump(value)
    except (NotReady, Unsendable):
        raise
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        try:
            import dill  # noqa: PLC0415 - there when the kernel has it, which is not sure
        except ImportError:
            raise error from None
        try:
            return Pickled(dill.dumps(value, PICKLE_PROTOCOL), set(), True)
        except Exception:  # noqa: BLE001 - the first error says more
            raise error from None
    return Pickled(file.getvalue(), names, False)


def pickling_problem(value: Any) -> str:
    """Return why a value cannot be packed; nothing if it can."""
    try:
        pickled(value)
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        return str(error) or type(error).__name__
    return ""


def bytecode_warning(what: str) -> str:
    """Return what to tell of a value that only the same Python can load."""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{what} travels as bytecode: it needs Python {version} there, or def it in a cell"


def buffer(data: bytes) -> str:
    """Return pickled data as the SDK's strategy `00` (`DillDataBase64`) writes it."""
    return "00\n" + base64.encodebytes(data).decode()


def pack_buffers(buffers: Sequence[str]) -> str:
    """Join buffers as `globus_compute_sdk.serialize.utils.pack_buffers`: lengths in characters."""
    return "".join(f"{len(part)}\n{part}" for part in buffers)


def loaded(data: str) -> tuple[Any, Json | None]:
    """Return the value of a result's text, and the envelope if our wrapper made one.

    Raises whatever loading raises; `ValueError` for a strategy that is not of plain data.
    """
    strategy, _, text = data.partition("\n")
    if strategy == "11":
        return json.loads(text), None
    if strategy != "00":
        raise ValueError(f"its serialization {strategy!r} is not known here")
    value = pickle.loads(base64.b64decode(text))
    if type(value) is dict and value.get("gc") == 1:
        return None, value
    return value, None
