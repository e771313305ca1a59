"""The overview of a class, made in a process of its own.

The notebooks come from anybody. What reads them may run out of memory or time; the server goes on.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from .errors import GatewayError
from .local_settings import service_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE = "jupyterlab_globus_compute.overview"
_TIMEOUT_S = 60.0
_MAX_ANSWER_BYTES = 64 * 1024 * 1024
_NOTHING_TO_SHOW = 1
_ROOT = os.path.abspath(os.sep)


class ClassOverview:
    """Makes overviews, two at a time: each may take a CPU for a while."""

    def __init__(self, *, command: Sequence[str] = (), timeout_s: float = _TIMEOUT_S) -> None:
        """`command` is what to run instead of the overview's own program."""
        self._command = tuple(command) or (sys.executable, "-m", _MODULE)
        self._timeout_s = timeout_s
        self._turns = asyncio.Semaphore(2)

    async def make(self, folder: str, *, release: str, assignment: str, as_csv: bool) -> bytes:
        """Return the overview of a folder as JSON or CSV, in UTF-8.

        `folder` and `release` are paths of the file system; `release` and `assignment` may be
        empty. Raises `GatewayError` 422 with the reason if there is nothing to show, 500 and 504
        if it cannot be made.
        """
        # With "=", so that no name is taken for an option.
        arguments = ["--csv=-" if as_csv else "--json", f"--assignment={assignment}"]
        arguments += [f"--release={release}"] if release else []
        async with self._turns:
            return await asyncio.to_thread(self._run, [*arguments, "--", folder])

    def _run(self, arguments: Sequence[str]) -> bytes:
        """Run the program to its end. In a thread: not every loop of Tornado has processes."""
        try:
            done = subprocess.run(  # noqa: S603 - our own module, with this interpreter
                [*self._command, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env={**service_environment(os.environ), "PYTHONIOENCODING": "utf-8"},
                # "python -m" looks for modules in the working directory first.
                cwd=_ROOT,
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _timed_out(self._timeout_s) from None
        if done.returncode == _NOTHING_TO_SHOW:
            raise _nothing_to_show(done.stderr.decode("utf-8", errors="replace"))
        if done.returncode != 0 or len(done.stdout) > _MAX_ANSWER_BYTES:
            raise _broken()
        return done.stdout


def _nothing_to_show(words: str) -> GatewayError:
    reason = words.strip().rpartition(f"{_MODULE}: ")[2]
    return GatewayError(422, "NO_OVERVIEW", reason)


def _timed_out(timeout_s: float) -> GatewayError:
    return GatewayError(
        504,
        "OVERVIEW_TIMEOUT",
        f"Reading the notebooks took more than {timeout_s:g} seconds. Try again with fewer of "
        "them, or without those that are very large.",
    )


def _broken() -> GatewayError:
    return GatewayError(
        500,
        "OVERVIEW_FAILED",
        "Reading the notebooks failed. Look for very large ones in the folder, and take them out.",
    )
