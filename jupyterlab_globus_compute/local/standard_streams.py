"""Keeps the pipes to whoever started the service out of its children's hands."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class StandardStreams:
    """Private copies of the descriptors 0 and 1, which children do not inherit."""

    input: int
    output: int

    @classmethod
    def claim(cls) -> StandardStreams:
        """Take the two streams for this process alone.

        Afterwards what anything prints goes to stderr, and reading finds the end of file.
        """
        sys.stdout.flush()
        streams = cls(os.dup(0), os.dup(1))
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        return streams

    def write_line(self, line: str) -> None:
        """Write one line to whoever reads this process's output."""
        # Nobody has to read it: the same is in the state file.
        with contextlib.suppress(BrokenPipeError):
            os.write(self.output, f"{line}\n".encode())

    def on_input_closed(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` from another thread when the input ends."""

        def wait() -> None:
            with contextlib.suppress(OSError):
                while os.read(self.input, 4096):
                    pass
            callback()

        threading.Thread(target=wait, name="stdin-watch", daemon=True).start()
