"""Ends what Parsl has started once the service is gone, however it went.

Parsl's interchange and worker pools do not watch the program that has started them.
Run as ``python -m jupyterlab_globus_compute.local.htex_watch RUN_DIR`` by the service: its
standard input ends with the service.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import psutil

# A worker that has just been started is not named after Parsl yet.
_PARSL = ("parsl", "process_worker_pool", "globus-compute-endpoint", "multiprocessing.spawn")
_GONE_WITHIN_S = 5.0
_MAX_PASSES = 5


def sweep(run_dir: Path) -> None:
    """End all other processes of Parsl that have files below ``run_dir`` open."""
    # One that was about to be ended may have started another one that was not seen.
    for _ in range(_MAX_PASSES):
        if not (killed := _kill_seen(run_dir)):
            return
        psutil.wait_procs(killed, timeout=_GONE_WITHIN_S)


def _kill_seen(run_dir: Path) -> list[psutil.Process]:
    killed = []
    for process in psutil.process_iter():
        # Others' processes cannot be looked into, and any may end meanwhile.
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and _is_parsl(process) and _writes(process, run_dir):
                process.kill()
                killed.append(process)
    return killed


def watch(run_dir: Path) -> subprocess.Popen[bytes]:
    """Start a process that sweeps when its standard input is closed."""
    return subprocess.Popen(  # noqa: S603 - this module
        [sys.executable, "-m", __name__, str(run_dir)],
        stdin=subprocess.PIPE,
        # Ctrl+C in the terminal is meant for the service.
        start_new_session=True,
    )


def _is_parsl(process: psutil.Process) -> bool:
    command = " ".join(process.cmdline())
    return any(name in command for name in _PARSL)


def _writes(process: psutil.Process, run_dir: Path) -> bool:
    # Parsl's processes keep their logs open. Their environment tells nothing: they write
    # their titles over it.
    return any(run_dir in Path(file.path).parents for file in process.open_files())


if __name__ == "__main__":
    sys.stdin.buffer.read()
    sweep(Path(sys.argv[1]))
