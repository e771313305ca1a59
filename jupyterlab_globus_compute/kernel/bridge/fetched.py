"""`%compute_result`: results of an earlier batch, which JupyterLab fetched for this cell."""

from __future__ import annotations

import pickle
import sys
from typing import TYPE_CHECKING, Any

from .errors import CellError
from .failures import NotLoaded, TaskFailed
from .pickling import loaded
from .words import UnclosedQuoteError, split_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from .namespace import Json

NAME = "compute_result"
USAGE = "write %compute_result NAME-OR-ID, and -o NAME to give the result a name"


class Fetched:
    """What JupyterLab fetched, until the cell that asks for it takes it."""

    def __init__(self, shell: Any, fallback: Callable[[str], Any] | None) -> None:
        self.fallback = fallback
        self._shell = shell
        self._records: dict[str, Json] = {}

    def bring(self, record: Json) -> None:
        """Take what was fetched: `asked`, and `problem` or `card` and `tasks`, the outcomes."""
        self._records[record["asked"]] = record

    def magic(self, line: str) -> Any:
        """Show a batch again by its name or id and return its result: %compute_result N [-o X]."""
        asked, name = wanted(line)
        record = self._records.pop(asked, None)
        if record is None:
            if self.fallback is None:
                raise CellError(f"{asked} was not fetched: run the cell with JupyterLab's own Run")
            return self.fallback(line)
        if record["problem"]:
            raise CellError(record["problem"])
        if record["card"]:
            self._shell.display_pub.publish(data=record["card"], metadata={})
        values = [self._value(outcome) for outcome in record["tasks"]]
        value = values[0] if len(values) == 1 else values
        if name:
            self._shell.user_ns[name] = value
            return None
        return value

    def _value(self, outcome: Json) -> Any:
        if not outcome["ok"]:
            return TaskFailed(outcome["data"])
        try:
            value, envelope = loaded(outcome["data"])
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            return NotLoaded(f"{type(error).__name__}: {error}", {})
        return value if envelope is None else self._unwrapped(envelope)

    def _unwrapped(self, envelope: Json) -> Any:
        """Show what a task printed and displayed, and return its value."""
        sys.stdout.write(envelope.get("out", ""))
        sys.stderr.write(envelope.get("err", ""))
        for bundle in envelope.get("display", ()):
            self._shell.display_pub.publish(data=bundle, metadata={})
        mime = envelope.get("mime", {})
        value = unpickled(envelope["value"], mime)
        outputs = envelope.get("outputs") or {}
        # A whole cell has no value of its own when its last line is none.
        if value is None and outputs:
            return {name: unpickled(data, {}) for name, data in outputs.items()}
        return value


def install(shell: Any) -> Fetched:
    """Register `%compute_result`; the one there before takes what was not fetched."""
    before = shell.magics_manager.magics["line"].get(NAME)
    owner = getattr(before, "__self__", None)
    known = type(owner).__name__ == Fetched.__name__  # of another copy of this package
    fetched = Fetched(shell, owner.fallback if owner is not None and known else before)
    shell.register_magic_function(fetched.magic, "line", NAME)
    return fetched


def wanted(line: str) -> tuple[str, str]:
    """Return what a line asks for, and the name for it. Raises `CellError`."""
    try:
        words = [word.text for word in split_words(line)]
    except UnclosedQuoteError as error:
        raise CellError(f"{error} {USAGE}") from None
    for option in ("-o", "--output"):
        if option in words[:-1]:
            at = words.index(option)
            name = words[at + 1]
            if not name.isidentifier():
                raise CellError(f"-o takes the name of a variable, and {name!r} is none")
            del words[at : at + 2]
            break
    else:
        name = ""
    if len(words) != 1:
        raise CellError(USAGE)
    return words[0], name


def unpickled(data: bytes, mime: Json) -> Any:
    """Return a value, or what says why there is none."""
    try:
        return pickle.loads(data)
    except Exception as error:  # noqa: BLE001 - unpickling may raise anything
        return NotLoaded(f"{type(error).__name__}: {error}", mime)
