"""How many tasks a request asks for."""

from __future__ import annotations

_MIB = 1024 * 1024
_TARGET_BYTES = 64 * _MIB
"""A quarter of the largest answer that the gateway takes."""

FIRST_SIZE = 100
MAX_SIZE = 1000

MAX_SIZE_ONCE = 250
"""Where each result is given once: what one kill can lose. Thirty minutes, after which the cloud
drops a result, are still enough for half a million tasks."""


class PageSize:
    """Grows while answers are small, so that few requests do for many tasks.

    It shrinks when results are large: an answer that is too large to be taken would be lost
    on a service that gives each result once.
    """

    def __init__(self, first: int = FIRST_SIZE, largest: int = MAX_SIZE) -> None:
        self._largest = largest
        self._wanted = min(first, largest)
        self._largest_bytes = 1

    @property
    def size(self) -> int:
        """How many tasks to ask for; at least one."""
        return max(1, min(self._wanted, _TARGET_BYTES // self._largest_bytes))

    def note_answer(self, tasks: int, largest_bytes: int) -> None:
        """An answer about so many tasks came, the largest of them so large."""
        # Forgotten slowly: what was large once may come again.
        self._largest_bytes = max(largest_bytes, self._largest_bytes * 9 // 10, 1)
        if tasks >= self._wanted:
            self._wanted = min(2 * self._wanted, self._largest)

    def halve(self) -> None:
        """An answer was refused as too large, or took too long."""
        self._wanted = max(1, self.size // 2)
