"""Values on their way to the places of their placeholders."""

from __future__ import annotations

import collections
import sys
import types
from typing import TYPE_CHECKING, Any

from .namespace import MAIN
from .tasks import DONE, FAILED, PENDING, Placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .tasks import TaskOwner

ATOMS = frozenset({int, float, complex, str, bytes, bool, type(None), types.FunctionType,
                   types.ModuleType, types.BuiltinFunctionType, range})  # fmt: skip
LEVELS = 60  # of containers in containers
BREADTH = 1_000_000  # elements of one container that may each be a container


class Delivery:
    """A walk through containers that puts values in the places of their placeholders.

    Containers keep their identity, tuples and frozensets apart. `pending` holds the placeholders
    of the session that it met and that are not finished.
    """

    def __init__(self, session: TaskOwner) -> None:
        self.pending: list[Placeholder] = []
        self.problems: list[str] = []
        self._session = session
        self._seen: dict[int, tuple[Any, Any]] = {}

    def place(self, value: Any, level: int = 0) -> Any:
        """Return what is to stand where `value` stands."""
        kind = type(value)
        if kind is Placeholder:
            return self._value_of(value)
        if kind in ATOMS or level > LEVELS:
            return value
        known = self._seen.get(id(value))
        if known is not None:
            return known[1]
        self._seen[id(value)] = (value, value)
        try:
            new = self._inside(value, level + 1)
        except TypeError as error:  # a value that cannot be hashed, where only those may be
            self.problems.append(f"a result could not be put in its place: {error}; use .result()")
            return value
        self._seen[id(value)] = (value, new)
        return new

    def _value_of(self, placeholder: Placeholder) -> Any:
        task = placeholder._task
        if task.state in (DONE, FAILED):
            return task.value
        if task.state == PENDING and task.session is self._session:
            self.pending.append(placeholder)
        return placeholder

    def _inside(self, value: Any, level: int) -> Any:
        if isinstance(value, (list, collections.deque)):
            if self._worth(value):
                for at, item in enumerate(value):
                    new = self.place(item, level)
                    if new is not item:
                        value[at] = new
            return value
        if isinstance(value, dict):
            return self._dict(value, level)
        if isinstance(value, (tuple, set, frozenset)):
            return self._rebuilt(value, level)
        return self._object(value, level)

    def _worth(self, items: Iterable[Any]) -> bool:
        """Tell whether anything is to be found, as fast as Python can."""
        kinds = set(map(type, items))
        if kinds <= ATOMS:
            return False
        return Placeholder in kinds or len(items) <= BREADTH  # type: ignore[arg-type]

    def _dict(self, value: Any, level: int) -> Any:
        if self._worth(value.keys()):
            old = list(value.items())
            new = [(self.place(key, level), item) for key, item in old]
            if any(a[0] is not b[0] for a, b in zip(old, new)):
                for key, _ in new:
                    hash(key)
                value.clear()
                value.update(new)
        if self._worth(value.values()):
            for key, item in list(value.items()):
                new_item = self.place(item, level)
                if new_item is not item:
                    value[key] = new_item
        return value

    def _rebuilt(self, value: Any, level: int) -> Any:
        if not self._worth(value):
            return value
        old = list(value)
        new = [self.place(item, level) for item in old]
        if all(a is b for a, b in zip(old, new)):
            return value
        if isinstance(value, set):
            fresh = set(new)
            value.clear()
            value.update(fresh)
            return value
        make = getattr(type(value), "_make", type(value))
        return make(new)

    def _object(self, value: Any, level: int) -> Any:
        library = type(value).__module__.partition(".")[0]
        if library == "numpy" and hasattr(value, "dtype"):
            return self._array(value, level)
        if library == "pandas":
            return self._pandas(value, level)
        attributes = getattr(value, "__dict__", None)
        if isinstance(value, type) and value.__module__ == MAIN:
            return self._class(value, level)
        if isinstance(value, (type, types.ModuleType)) or library in ("builtins", "IPython"):
            return value
        mine = library == MAIN
        if isinstance(attributes, dict):
            for name, item in list(attributes.items()):
                if mine or type(item) in (Placeholder, list, dict):
                    new = self.place(item, level if mine else max(level, LEVELS - 1))
                    if new is not item:
                        attributes[name] = new
        for name in slots_of(type(value)):
            item = getattr(value, name, None)
            new = self.place(item, level) if mine or type(item) is Placeholder else item
            if new is not item:
                object.__setattr__(value, name, new)
        return value

    def _class(self, value: Any, level: int) -> Any:
        """Place the attributes of a class: `class Q: a = f(1)`."""
        for name, item in list(vars(value).items()):
            if type(item) in (Placeholder, list, dict):
                new = self.place(item, level)
                if new is not item:
                    setattr(value, name, new)
        return value

    def _array(self, value: Any, level: int) -> Any:
        if value.dtype == object and value.flags.writeable:
            flat = value.reshape(-1) if value.flags.c_contiguous else value.flat
            for at, item in enumerate(value.flat):
                new = self.place(item, level)
                if new is not item:
                    flat[at] = new
        return value

    def _pandas(self, value: Any, level: int) -> Any:
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(value, pandas.Series) and value.dtype == object:
            old = list(value.array)
            new = [self.place(item, level) for item in old]
            if any(a is not b for a, b in zip(old, new)):
                return pandas.Series(new, index=value.index, name=value.name)
        elif pandas is not None and isinstance(value, pandas.DataFrame):
            for at in range(value.shape[1]):
                column = value.iloc[:, at]
                fresh = self._pandas(column, level)
                if fresh is not column:
                    value.isetitem(at, fresh)
        return value


def slots_of(kind: type) -> Iterator[str]:
    """Return the names of the slots of a class."""
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name not in ("__weakref__", "__dict__"):
                yield name
