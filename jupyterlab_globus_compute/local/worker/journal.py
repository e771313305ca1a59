"""Results on their way to the service, kept where its sudden end does not lose them."""

from __future__ import annotations

import contextlib
import os
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

JOURNAL_SUFFIXES = ("-1.results", "-2.results")
"""What the names of a journal's two files end with."""

_HEAD = struct.Struct(">I")
_FULL_BYTES = 1024 * 1024


class Journal:
    """Two files that take turns: one is filled while the other's results are being stored.

    What is written survives the end of this process and of the service, though not of the
    system: that is what the service's database is for.
    """

    def __init__(self, base: str) -> None:
        """``base`` is what the names of its files begin with."""
        self._current, self._other = (_JournalFile(base + end) for end in JOURNAL_SUFFIXES)

    def append(self, number: int, packed: bytes) -> None:
        """Add the packed Result of the task of that number."""
        if self._current.size > _FULL_BYTES and self._other.size == 0:
            self._current, self._other = self._other, self._current
        # A full disk: the result is on its way all the same.
        with contextlib.suppress(OSError):
            self._current.append(number, packed)

    def forget(self, stored_up_to: int) -> None:
        """Drop results that are no longer needed: those up to that number are stored."""
        for file in (self._current, self._other):
            if file.size and file.last_number <= stored_up_to:
                file.clear()


class _JournalFile:
    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self.size = 0
        self.last_number = 0

    def append(self, number: int, packed: bytes) -> None:
        record = _HEAD.pack(len(packed)) + packed
        if os.write(self._descriptor, record) < len(record):
            # Half a record would make those after it unreadable.
            os.ftruncate(self._descriptor, self.size)
            return
        self.last_number = number
        self.size += len(record)

    def clear(self) -> None:
        os.ftruncate(self._descriptor, 0)
        self.size = 0


def read_journal(data: bytes) -> Iterator[bytes]:
    """Yield the packed Results in a file of a journal; an unfinished last one is left out."""
    start = _HEAD.size
    while start <= len(data):
        (size,) = _HEAD.unpack_from(data, start - _HEAD.size)
        if start + size > len(data):
            return
        yield data[start : start + size]
        start += size + _HEAD.size
