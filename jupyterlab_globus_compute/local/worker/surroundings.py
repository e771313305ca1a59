"""Where tasks find themselves: in a process that ends with the service."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import threading

NICENESS = 10
"""How much tasks give way to what a person works with, as `nice` does unless told otherwise."""

_AUTOGROUP = "/proc/self/autogroup"

PID_SUFFIX = ".pid"
"""What the name of the file with a worker's process number ends with."""


def end_with_the_service(lifeline_fd: int) -> None:
    """See to it that this process, and what its tasks started, does not outlive the service.

    ``lifeline_fd`` is the end of a pipe whose other end the service alone holds. The guard
    that the service starts for each worker does the same, even while a task keeps this
    process from running Python; this is for the case that something kills that, too.
    """

    def watch() -> None:
        os.read(lifeline_fd, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="service-watch", daemon=True).start()


def show_number(base: str) -> None:
    """Keep this process's number in a file, locked for as long as the process lives.

    By the lock, which a forked process does not inherit, a later service knows that the
    number is still this process's.
    """
    descriptor = os.open(base + PID_SUFFIX, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.lockf(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, str(os.getpid()).encode())


def give_way() -> None:
    """Let the programs that a person works with go first.

    A computer that has nothing else to do runs tasks as fast as without.
    """
    os.nice(NICENESS)
    # Linux may share out between sessions first, of which a worker is one (sched(7)).
    with contextlib.suppress(OSError), open(_AUTOGROUP, "w", encoding="ascii") as group:
        group.write(str(NICENESS))


def silence_standard_streams() -> None:
    """Give tasks an empty input and an output to nowhere.

    The service's own belong to whoever started it, who would wait for as long as a process
    left behind by a task held them.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
