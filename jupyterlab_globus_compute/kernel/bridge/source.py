"""What is registered."""

from __future__ import annotations

import functools
import hashlib
from typing import NamedTuple


class Source(NamedTuple):
    """A function as it is registered: strategy `st` writes `st`, a line end, `entry:text`.

    `serialized` is what another strategy writes, and is registered then; a function that is
    registered already has its `uuid` alone.
    """

    text: str
    entry: str
    uuid: str | None = None
    serialized: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of what is registered, in hexadecimal digits."""
        data = self.serialized or self.entry + self.text + (self.uuid or "")
        return digest(data)


@functools.lru_cache(maxsize=64)
def digest(text: str) -> str:
    """Return the SHA-256 of a text; a cell asks for that of its functions with every call."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
