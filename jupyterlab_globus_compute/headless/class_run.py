"""What an accepted class file means for one run of a cell, as `src/cell/run/classRun.ts` has it."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyterlab_globus_compute.kernel.bridge.magic_line import parse_magic

from .errors import ServiceError
from .names import LOCAL, label_of
from .words import plain_text

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.class_record import ClassFile
    from jupyterlab_globus_compute.kernel.bridge.magic_line import Magic

    from .services import Services, Target

Json = dict[str, Any]


class Aim(NamedTuple):
    """Where a cell runs. `note` says why, where the class file says elsewhere."""

    target: Target
    is_there: bool
    note: str | None = None


class ClassRun:
    """Fills in what the class file says where neither the line nor `%compute_config` does."""

    def __init__(self, file: ClassFile, services: Services) -> None:
        self._content = file.content
        self._services = services

    def aim(self, endpoint: str | None) -> Aim:
        """Return where a cell runs whose line names that endpoint. Raises `ServiceError`."""
        if endpoint is None:
            try:
                return Aim(self._place(), is_there=True)
            except ServiceError as error:
                label = label_of(self._content["service"])
                why = f"Runs on this computer and not where the class file says ({label}): {error}"
                return Aim(self._services.target(None), is_there=False, note=plain_text(why))
        try:
            target = self._services.target(endpoint)
        except ServiceError:
            place = self._found()
            if place is None or place.endpoint_name.lower() != endpoint.lower():
                raise
            return Aim(place, is_there=True)
        return Aim(target, is_there=self._is_place(target))

    def fill_in(self, magic: Magic, cell: str, aim: Aim) -> Magic:
        """Return the line with template values, and the functions that the cell calls.

        Raises `ServiceError` when the service cannot be asked.
        """
        request = {**magic.request, "offered": self._offered(magic, cell, aim.target)}
        config = self._content.get("config")
        if aim.is_there and config is not None and request["config"] is None:
            request["config"] = json.dumps(config)
        return magic._replace(request=request)

    def _place(self) -> Target:
        """Return the endpoint of the class. Raises `ServiceError`."""
        told = self._content.get("endpoint")
        return self._services.reach(self._content["service"], told and told["id"])

    def _found(self) -> Target | None:
        try:
            return self._place()
        except ServiceError:
            return None

    def _is_place(self, target: Target) -> bool:
        if target.service.name != self._content["service"]:
            return False
        told = self._content.get("endpoint")
        if told is not None:
            return bool(told["id"].lower() == target.endpoint_id.lower())
        place = self._found()
        return place is not None and place.endpoint_id == target.endpoint_id

    def _offered(self, magic: Magic, cell: str, target: Target) -> list[list[str]]:
        """Return the functions of the class that the cell can call there, by name and id.

        Where the class has none, those with a source are registered.
        """
        pairs = []
        for function in mentioned(self._content.get("functions", ()), cell, magic):
            function_id = self._id_of(function, target)
            if function_id is not None:
                pairs.append([function["name"], function_id])
        return pairs

    def _id_of(self, function: Json, target: Target) -> str | None:
        service, name = target.service, function["name"]
        label = label_of(service.name)
        is_theirs = service.name == self._content["service"]
        # An id of somebody's own computer means nothing on another one.
        if is_theirs and (service.name != LOCAL or "source" not in function):
            if service.has_function(function["id"]):
                return str(function["id"])
            _remark(
                f"The class file has a function {name} whose id ({function['id']}) {label} does "
                "not know. Ask whoever made the class file."
            )
            return None
        if "source" not in function:
            _remark(
                f"The function {name} of the class file cannot be called on {label}: the file has "
                "no source of it. Run the cell where the class file says, or define the function "
                "in a cell."
            )
            return None
        source = function["source"]
        # The text itself tells one source from another.
        prepared = {"name": name, "entry": name, "source": source, "hash": source}
        # The options of the line are for the functions of the cell.
        return service.register(prepared, parse_magic("%%compute"))


def mentioned(functions: Any, cell: str, magic: Magic) -> list[Json]:
    """Return the functions that a cell names and neither it nor its line defines.

    Names are letters, digits and underscores: the class file was checked.
    """
    request = magic.request
    line = " ".join(request[key] or "" for key in ("args", "kwargs"))
    given = {name for name, _ in request["functions"]}

    def is_meant(name: str) -> bool:
        is_called = re.search(rf"(?<![\w.]){name}\s*\(", cell) or re.search(rf"\b{name}\b", line)
        is_own = re.search(rf"^\s*(?:async\s+)?def\s+{name}\b", cell, re.MULTILINE)
        return name not in given and bool(is_called) and not is_own

    return [function for function in functions if is_meant(function["name"])]


def _remark(text: str) -> None:
    print(f"Note: {text}", file=sys.stderr, flush=True)
