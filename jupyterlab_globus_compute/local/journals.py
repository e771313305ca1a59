"""What the workers keep in files, and what those of an earlier service have left there."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .outcome import read_result
from .worker.journal import JOURNAL_SUFFIXES, read_journal
from .worker.surroundings import PID_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .records import Outcome

_END_S = 5.0
_POLL_S = 0.01


@dataclass(frozen=True)
class Journals:
    """The workers' files in a directory: journals, and the process numbers of their owners.

    In a journal is what tasks have returned that the database does not hold yet. So a task
    that had ended when the service was killed does not run again.
    """

    directory: Path

    def new(self) -> Path:
        """Return what the names of another worker's files begin with."""
        return self.directory / uuid.uuid4().hex

    def remove(self, base: Path) -> None:
        """Remove the files of one worker, which must have ended."""
        for suffix in (*JOURNAL_SUFFIXES, PID_SUFFIX):
            base.with_name(base.name + suffix).unlink(missing_ok=True)

    def outcomes(self) -> list[Outcome]:
        """Return the outcomes found in all journals; some may be stored already."""
        return list(self._outcomes())

    def clear(self) -> None:
        """Remove the files of all workers, which must have ended."""
        for path in self.directory.iterdir():
            path.unlink()

    def end_workers(self) -> None:
        """End the workers that have outlived an earlier service, as none should."""
        for path in self.directory.glob(f"*{PID_SUFFIX}"):
            with path.open("r+b") as file:
                deadline = time.monotonic() + _END_S
                while not _is_free(file.fileno()) and time.monotonic() < deadline:
                    with contextlib.suppress(ValueError, ProcessLookupError):
                        os.killpg(int(path.read_bytes()), signal.SIGKILL)
                    time.sleep(_POLL_S)

    def _outcomes(self) -> Iterator[Outcome]:
        for suffix in JOURNAL_SUFFIXES:
            for path in self.directory.glob(f"*{suffix}"):
                for packed in read_journal(path.read_bytes()):
                    # A task may have written there, whatever for.
                    with contextlib.suppress(ValueError):
                        yield read_result(packed)


def _is_free(descriptor: int) -> bool:
    """Return whether no process holds the file's lock, which is its owner's alone."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
