"""What is registered for the functions of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dependencies import Dependencies
from .remote_functions import RemoteFunction
from .serializers import captures, sends_source, serialized
from .source import Source
from .units import unit_of
from .worker_source import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .origins import Origin
    from .session import Session
    from .units import Unit


class CallSources:
    """The sources of the functions that a cell calls, each with what its arguments need.

    `called` are the functions called so far, by name.
    """

    def __init__(self, session: Session, origin: Origin) -> None:
        self.called: dict[str, RemoteFunction] = {}
        self._session = session
        self._origin = origin
        self._met: dict[str, set[str]] = {}
        self._needs: dict[tuple[str, frozenset[str]], list[Unit]] = {}
        self._built: dict[tuple[str, frozenset[str]], Source] = {}

    def note(self, function: RemoteFunction, met: Iterable[str]) -> None:
        """Take a call whose arguments need these definitions of the notebook."""
        name = function.__name__
        self.called[name] = function
        self._met.setdefault(name, set()).update(met)

    def check(self) -> None:
        """Find what the cell needs of the notebook. Raises `CellError` for what cannot be sent."""
        self._needs_of(self._origin, frozenset())

    def remote(self, name: str) -> RemoteFunction | None:
        """Return the function of a name: one that was called, else what the notebook has."""
        function = self.called.get(name) or self._session.space.get(name)
        return function if isinstance(function, RemoteFunction) else None

    def of(self, name: str) -> Source:
        """Return the source of a function, with what it and its arguments need."""
        function = self.remote(name)
        if function and function.uuid:
            return Source("", name, uuid=function.uuid)
        origin = self._origin
        if function and function.origin and name not in self._origin.functions:
            origin = function.origin
        met = frozenset(self._met.get(name, ()))
        key = (name, met)
        if key not in self._built:
            source = self._build(name, origin, met)
            if function and not sends_source(self._session.options):
                text = serialized(self._session.options, function, self._session.space)
                source = source._replace(serialized=text)
            self._built[key] = source
        return self._built[key]

    def _needs_of(self, origin: Origin, met: frozenset[str]) -> list[Unit]:
        """Return what code, and arguments of these names, need of the notebook."""
        session = self._session
        key = (origin.text, met)
        if key not in self._needs:
            bound = origin.names.bound
            needs = Dependencies(session.bridge.notebook, bound, False, session.directory)
            needs.add_code(origin.tree, origin.names, "the code above")
            for name in sorted(met - bound):
                needs.add_name(name, "an argument")
            session.warn(needs.warnings)
            session.sent_along.update(needs.found)
            self._needs[key] = needs.units_in_order()
        return self._needs[key]

    def _build(self, name: str, origin: Origin, met: frozenset[str]) -> Source:
        units = [*self._needs_of(origin, met)]
        if self._session.form == "register" or not captures(self._session.options):
            lines = origin.text.split("\n")[origin.first_line - 1 :]
            return Source("".join(unit.text for unit in units) + "\n".join(lines), name)
        units.append(unit_of("cell", f"cell {name}", origin.text, origin.lazy))
        options = {"capture": True, "ipython": any("IPython" in unit.text for unit in units)}
        return Source(wrapped(units, name, options), "_gc_entry")
