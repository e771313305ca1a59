"""The options of `%%compute`, as `options.json` declares them."""

from __future__ import annotations

import functools
import json
import os
from typing import Any, NamedTuple

HEADING = "%%compute runs a cell on an endpoint of Globus Compute."


class Option(NamedTuple):
    """One option; a flag has no `value`, and `opposite` names the flag that says the contrary."""

    name: str
    short: str
    value: str
    opposite: str
    values: tuple[str, ...]
    help: str

    @property
    def usage(self) -> str:
        """How it is written, as `-e/--endpoint NAME`."""
        names = f"-{self.short}/--{self.name}" if self.short else f"--{self.name}"
        return f"{names} {self.value}" if self.value else names


@functools.lru_cache(maxsize=1)
def declared() -> tuple[Option, ...]:
    """Return every option, in the order of the file."""
    return tuple(
        Option(
            entry["name"],
            entry.get("short", ""),
            entry.get("value", ""),
            entry.get("opposite", ""),
            tuple(value["text"] for value in entry.get("values", ())),
            entry["help"],
        )
        for entry in json.loads(declaration())["options"]
    )


def declaration() -> str:
    """Return the text of `options.json`: beside this package, or sent along with it."""
    spec: Any = globals()["__spec__"]
    path = os.path.join(os.path.dirname(spec.origin or ""), os.pardir, "options.json")
    text: bytes = spec.loader.get_data(path)
    return text.decode("utf-8")


def find(name: str) -> Option | None:
    """Return the option of a long name."""
    return next((option for option in declared() if option.name == name), None)


def help_text() -> str:
    """Return what every option does, in two columns."""
    width = max(len(option.usage) for option in declared())
    lines = [f"  {option.usage.ljust(width)}  {option.help}" for option in declared()]
    return "\n".join([HEADING, "", *lines])
