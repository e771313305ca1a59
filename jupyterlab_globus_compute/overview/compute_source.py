"""What the text of a cell says of itself. It is never parsed as Python: it may be anything."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from .foreign_text import shortened

_MAGIC = re.compile(r"\s*%%compute(?=\s|$)")
_FUNCTION = re.compile(r"^(?:async[ \t]+)?def[ \t]+([^\W\d]\w{0,99})[ \t]*\(", re.MULTILINE)
_MAX_LINE = 2000
_MAX_LINES = 500


@dataclass(frozen=True)
class ComputeSource:
    """`name` is that of `--name`, `function` that of the last function; empty if there is none."""

    is_compute: bool = False
    name: str = ""
    function: str = ""
    lines: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> str:
        """What people would call the cell."""
        return self.name or self.function


def read_source(source: str) -> ComputeSource:
    """Return what the text of a code cell says."""
    is_compute = _MAGIC.match(source) is not None
    functions = _FUNCTION.findall(source)
    lines = frozenset(line.strip() for line in source.splitlines()[:_MAX_LINES])
    return ComputeSource(
        is_compute=is_compute,
        name=_name(source.lstrip().partition("\n")[0]) if is_compute else "",
        function=functions[-1] if functions else "",
        lines=lines - {""},
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two texts are, by the lines they share: 0 to 1 (Dice's coefficient)."""
    size = len(one) + len(other)
    return 2 * len(one & other) / size if size else 0.0


def _name(line: str) -> str:
    """Return what `--name` says."""
    try:
        words = shlex.split(line[:_MAX_LINE])
    except ValueError:  # a quote that is not closed
        return ""
    for at, word in enumerate(words):
        if word.startswith("--name="):
            return shortened(word.partition("=")[2])
        if word == "--name" and at + 1 < len(words):
            return shortened(words[at + 1])
    return ""
