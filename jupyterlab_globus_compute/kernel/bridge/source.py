"""What is registered."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Source(NamedTuple):
    """A function as it is registered: strategy `st` writes `st`, a line end, `entry:text`."""

    text: str
    entry: str

    @property
    def hash(self) -> str:
        """SHA-256 of entry and text, in hexadecimal digits."""
        data = (self.entry + self.text).encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()
