"""The service's end of one worker process."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import time
from multiprocessing import get_context
from typing import TYPE_CHECKING

from .worker import MAX_MESSAGE_BYTES, READY, WorkerTask, work

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID


_EXIT_GRACE_S = 5.0


class WorkerState(enum.Enum):
    """Where a worker is in its life; it takes tasks only when IDLE."""

    STARTING = enum.auto()
    IDLE = enum.auto()
    BUSY = enum.auto()


class WorkerDiedError(Exception):
    """The worker process has ended; the text says with which exit code or signal."""


class WorkerProcess:
    """One process and the pipe to it, used by one thread only.

    Each worker has a pipe of its own. So whenever and however one dies, even in the middle
    of a message, nothing shared is left locked or half written, and it is known which task
    died with it.
    """

    def __init__(self, endpoint_id: UUID, tasks_dir: Path) -> None:
        """Start the process.

        Raises:
            OSError: the system has no room for another process.
        """
        # spawn, not fork: the service has threads, and a copy of their locks may be held.
        context = get_context("spawn")
        self.state = WorkerState.STARTING
        self.task_id: str | None = None
        self.task_started_at = 0.0
        self.pipe, theirs = context.Pipe()
        try:
            self._process = context.Process(
                target=work, args=(theirs, endpoint_id, str(tasks_dir)), name="compute-worker"
            )
            self._process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()

    @property
    def sentinel(self) -> int:
        """A descriptor that becomes readable when the process ends."""
        return self._process.sentinel

    def run(self, task_id: str, task: WorkerTask) -> None:
        """Hand a task to an idle worker.

        Raises:
            WorkerDiedError: it ended meanwhile.
        """
        try:
            self.pipe.send(task)
        except OSError as error:
            raise self._died() from error
        self.state = WorkerState.BUSY
        self.task_id = task_id
        self.task_started_at = time.time()

    def receive(self) -> bytes | None:
        """Return the packed Result the worker has sent, or None if there is none.

        Raises:
            WorkerDiedError: it has ended; its last Result has been returned before.
        """
        # Asked before the pipe is looked at: a Result sent just before the end is found.
        is_alive = self._process.is_alive()
        try:
            message = self.pipe.recv_bytes(MAX_MESSAGE_BYTES) if self.pipe.poll() else None
        except (EOFError, OSError) as error:
            raise self._died() from error
        if message is None:
            # A process started by a task may hold the pipe open after the worker's end.
            if not is_alive:
                raise self._died()
            return None
        self.state = WorkerState.IDLE
        return None if message == READY else message

    def end(self) -> None:
        """End the process, and what its tasks have started, at once."""
        # While the process has not been waited for, its number cannot belong to another.
        pid = self._process.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _died(self) -> WorkerDiedError:
        # The pipe closes a moment before the process is gone.
        self._process.join(timeout=_EXIT_GRACE_S)
        code = self._process.exitcode
        if code is None:
            return WorkerDiedError("it closed its pipe")
        if code < 0:
            return WorkerDiedError(f"signal {_signal_name(-code)}")
        return WorkerDiedError(f"exit code {code}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
