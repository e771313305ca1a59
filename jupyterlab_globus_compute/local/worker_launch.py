"""How a worker process is started, and how it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import worker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Tasks look for what they know by the name of `__main__` in that module, and put things
# there: it must not be the one that the worker's own code lives in.
_BOOTSTRAP = """\
import importlib, importlib.util, os, sys
name, folder = "globus_compute_local_worker", sys.argv[1]
spec = importlib.util.spec_from_file_location(
    name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
)
sys.modules[name] = importlib.util.module_from_spec(spec)
sys.path[0] = os.getcwd()
arguments, sys.argv[1:] = sys.argv[2:], []
importlib.import_module(name + ".main").main(arguments)
"""


@dataclass(frozen=True)
class WorkerLaunch:
    """What all workers have in common; ``python`` is the interpreter that runs them."""

    python: str
    endpoint_id: str
    tasks_dir: Path

    def start(self, descriptors: Sequence[int], base: Path) -> subprocess.Popen[bytes]:
        """Start ``worker.main`` with the descriptors of its channel, tickets and lifeline.

        The names of its files begin with ``base``.

        Raises:
            OSError: the system has no room for another process, or there is no interpreter.
        """
        arguments = [*descriptors, self.endpoint_id, self.tasks_dir, base]
        return subprocess.Popen(  # noqa: S603 - the interpreter that was set
            [self.python, "-c", _BOOTSTRAP, *worker.__path__, *map(str, arguments)],
            pass_fds=descriptors,
            # It can be ended with all that its tasks have started, and the terminal's Ctrl+C,
            # which is meant for the service, does not reach the tasks.
            start_new_session=True,
        )


def start_guard(worker_pid: int, lifeline: int) -> subprocess.Popen[bytes]:
    """Start the process that ends a worker, and what its tasks have started, for the service.

    It waits for the end of the pipe ``lifeline``, which comes however the service ends.

    Raises:
        OSError: the system has no room for another process.
    """
    return subprocess.Popen(  # noqa: S603 - the number of a process
        ["/bin/sh", "-c", 'read -r _; kill -KILL "-$1"', "compute-guard", str(worker_pid)],
        stdin=lifeline,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def death_descriptor(pid: int) -> int | None:
    """Return a descriptor that becomes readable when the process ends, where there are such."""
    # Elsewhere its end is noticed by that of the channel, or at the next look.
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def describe_end(exit_code: int) -> str:
    """Return "exit code 1" or "signal SIGKILL"; a signal's code is its number below 0."""
    if exit_code >= 0:
        return f"exit code {exit_code}"
    return f"signal {_signal_name(-exit_code)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
