"""Streams on file descriptors."""

from __future__ import annotations

import functools
import io
import os
import tempfile
from typing import Any

from .shortened import shortened

STREAM_BUDGET_BYTES = 4_000_000


@functools.lru_cache(maxsize=2)
def unbuffered(number: int) -> Any:
    """Return a text stream on a file descriptor.

    One per process, for a logging handler made during a call keeps it.
    """
    raw = io.FileIO(number, "w", closefd=False)  # type: Any
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="\n", write_through=True)


def memory_file() -> int:
    """Return the descriptor of a new file without a name, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        try:
            return os.memfd_create("output")
        except OSError:
            pass  # a sandbox may forbid it
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def contents(file: int) -> str:
    """Read a file by its descriptor; leave out the middle of a very long one."""
    size = os.fstat(file).st_size
    os.lseek(file, 0, os.SEEK_SET)
    if size <= STREAM_BUDGET_BYTES:
        return os.read(file, size).decode("utf-8", "replace")
    half = STREAM_BUDGET_BYTES // 2
    head = os.read(file, half)
    os.lseek(file, -half, os.SEEK_END)
    text = head.decode("utf-8", "replace") + os.read(file, half).decode("utf-8", "replace")
    return shortened(text, STREAM_BUDGET_BYTES - 200, size)
