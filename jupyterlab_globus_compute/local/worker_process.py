"""The service's end of one worker process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .worker.protocol import MAX_MESSAGE_BYTES, READY, RESULT, SAYING, STARTED, TICKET, parcel
from .worker_launch import death_descriptor, describe_end, start_guard

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .worker.protocol import WorkerTask
    from .worker_launch import WorkerLaunch

_EXIT_GRACE_S = 5.0
_EXIT_POLL_S = 0.002
_READ_BYTES = 64 * 1024


class WorkerDiedError(Exception):
    """The worker process has ended; the text says with which exit code or signal."""


@dataclass(frozen=True)
class RunningTask:
    """The task that a worker has begun.

    ``started_at`` is in seconds since the epoch, by the worker's account; ``noticed_at`` is
    when the service learnt of it, by the clock that is never set (``time.monotonic``).
    """

    number: int
    task_id: str
    started_at: float
    noticed_at: float

    def left_s(self, allowed_s: float) -> float:
        """Return how much is left of that time since its start, below 0 if nothing is."""
        return self.noticed_at + allowed_s - time.monotonic()

    def lasts_longer_than(self, allowed_s: float) -> bool:
        """Whether it has run longer than that."""
        return self.left_s(allowed_s) < 0


@dataclass(frozen=True)
class FinishedTask:
    """A task and its packed Result; ``duration_s`` is how long it kept the worker."""

    task_id: str
    packed: bytes
    started_at: float
    duration_s: float


class WorkerProcess:
    """One process and the sockets to it, used by one thread only.

    Each worker has sockets of its own. So whenever and however one dies, even in the middle
    of a message, nothing shared is left locked or half written. A worker is given tasks ahead
    of time, but begins with one only after taking its ticket and saying so: it is always
    known which task a dead worker was running, and that the others have not run.
    """

    def __init__(self, launch: WorkerLaunch, base: Path) -> None:
        """Start the process; the names of its files begin with ``base``.

        Raises:
            OSError: the system has no room for another process.
        """
        self.is_ready = False
        self.running: RunningTask | None = None
        self._waiting: dict[int, str] = {}  # task ids by number, in the order handed over
        self._next_number = 1
        self._stored_up_to = 0
        self._unstored: deque[tuple[int, str]] = deque()
        self.base = base
        self._talks_nonsense = False
        self._is_killed = False
        self._incoming = bytearray()
        self._outgoing = bytearray()
        with contextlib.ExitStack() as on_failure:
            theirs = on_failure.enter_context(contextlib.ExitStack())
            self.channel, their_channel = socket.socketpair()
            on_failure.callback(self.channel.close)
            theirs.callback(their_channel.close)
            self._tickets, self._returned_tickets = socket.socketpair()
            on_failure.callback(self._tickets.close)
            on_failure.callback(self._returned_tickets.close)
            lifeline, self._lifeline = os.pipe()
            theirs.callback(os.close, lifeline)
            on_failure.callback(os.close, self._lifeline)
            self.channel.setblocking(False)
            inherited = (their_channel.fileno(), self._returned_tickets.fileno(), lifeline)
            self._process = launch.start(inherited, base)
            on_failure.callback(self._kill)
            self._guard = start_guard(self._process.pid, lifeline)
            theirs.close()
            self.sentinel = death_descriptor(self._process.pid)
            self._resources = on_failure.pop_all()
            self._resources.callback(_end_guard, self._guard)
            if self.sentinel is not None:
                self._resources.callback(os.close, self.sentinel)

    @property
    def held(self) -> int:
        """How many tasks it has been handed and not finished."""
        return len(self._waiting) + (self.running is not None)

    @property
    def waiting(self) -> int:
        """How many tasks it has been handed and, as far as is known, not begun."""
        return len(self._waiting)

    def holds(self, task_id: str) -> bool:
        """Whether it has been handed that task and has not finished it."""
        return self.runs(task_id) or task_id in self._waiting.values()

    def runs(self, task_id: str) -> bool:
        """Whether it has begun with that task and has not finished it."""
        return self.running is not None and self.running.task_id == task_id

    @property
    def wants_to_write(self) -> bool:
        """Whether ``flush`` has something to do once the channel takes more."""
        return bool(self._outgoing)

    def forget_stored(self, is_unstored: Callable[[str], bool]) -> bool:
        """Look which outcomes are stored; return whether all of its tasks' are."""
        while self._unstored and not is_unstored(self._unstored[0][1]):
            self._stored_up_to, _ = self._unstored.popleft()
        return not self._unstored

    def hand(self, tasks: Sequence[WorkerTask]) -> None:
        """Hand over tasks, to be run in this order. Never blocks.

        Raises:
            WorkerDiedError: it ended meanwhile.
        """
        numbers = range(self._next_number, self._next_number + len(tasks))
        self._next_number += len(tasks)
        numbered = list(zip(numbers, tasks, strict=True))
        self._waiting.update((number, task.task_id) for number, task in numbered)
        self._outgoing += parcel(self._stored_up_to, numbered)
        self.flush()
        try:
            # So few that they always find room: no worker is handed more than some dozens.
            self._tickets.sendall(b"".join(map(TICKET.pack, numbers)))
        except OSError as error:
            raise self._died() from error

    def flush(self) -> None:
        """Send what the worker has room for.

        Raises:
            WorkerDiedError: it has ended.
        """
        while self._outgoing:
            try:
                with memoryview(self._outgoing) as view:
                    sent = self.channel.send(view)
            except BlockingIOError:
                return
            except OSError as error:
                raise self._died() from error
            del self._outgoing[:sent]

    def take_back(self) -> list[str]:
        """Take back the tasks that the worker has not begun, and return them in order."""
        tickets = bytearray()
        with contextlib.suppress(BlockingIOError):
            while piece := self._returned_tickets.recv(_READ_BYTES, socket.MSG_DONTWAIT):
                tickets += piece
        return [self._waiting.pop(number) for (number,) in TICKET.iter_unpack(tickets)]

    def receive(self) -> list[FinishedTask]:
        """Take note of what the worker says, and return what it has finished.

        Raises:
            WorkerDiedError: it has ended; everything it said has been returned before.
        """
        if self._talks_nonsense:
            raise WorkerDiedError("it sent something else than results")
        try:
            data = self._read()
        except OSError as error:
            raise self._died() from error
        if data is None:
            return []
        if not data:
            raise self._died()
        self._incoming += data
        return self._understand()

    def end(self) -> list[FinishedTask]:
        """End the process, and what its tasks have started, at once.

        Returns what it had finished before. Then ``running`` is the task that died with it;
        those that it had not begun are to be had from ``left``.
        """
        self._kill()
        finished: list[FinishedTask] = []
        with contextlib.suppress(WorkerDiedError):
            while True:
                finished += self.receive()
        self._resources.close()
        return finished

    def left(self) -> list[str]:
        """Return the tasks that a dead worker had been handed and never begun, in order."""
        return list(self._waiting.values())

    def is_about_to_finish(self) -> bool:
        """Whether, after ``take_back``, what is running now is known to have ended."""
        # It has taken the ticket of another one, whose mark is on its way.
        return bool(self._waiting)

    def _read(self) -> bytes | None:
        """Return what is in the channel, None if nothing is, nothing if it has ended."""
        with contextlib.suppress(BlockingIOError):
            return self.channel.recv(_READ_BYTES)
        if not self._has_ended():
            return None
        # What was said just before the end.
        with contextlib.suppress(BlockingIOError):
            return self.channel.recv(_READ_BYTES)
        # A process started by a task holds the channel open after the worker's end.
        return b""

    def _understand(self) -> list[FinishedTask]:
        finished: list[FinishedTask] = []
        while len(self._incoming) >= SAYING.size:
            what, number, at, size = SAYING.unpack_from(self._incoming)
            end = SAYING.size + size
            if len(self._incoming) < end and size <= MAX_MESSAGE_BYTES:
                break
            packed = bytes(self._incoming[SAYING.size : end])
            del self._incoming[:end]
            if what == READY:
                self.is_ready = True
            elif what == STARTED and number in self._waiting:
                self.running = RunningTask(number, self._waiting.pop(number), at, time.monotonic())
            elif what == RESULT and self.running is not None and self.running.number == number:
                task, self.running = self.running, None
                self._unstored.append((number, task.task_id))
                duration_s = max(0.0, at - task.started_at)
                finished.append(FinishedTask(task.task_id, packed, task.started_at, duration_s))
            else:
                # The worker runs anybody's code, which may have broken anything there. What
                # it said before still counts.
                self._talks_nonsense = True
                break
        return finished

    def _has_ended(self) -> bool:
        # Without waiting for it, where that can be: until then its number stays its own.
        if hasattr(os, "waitid") and self._process.returncode is None:
            how = os.WEXITED | os.WNOHANG | os.WNOWAIT
            return os.waitid(os.P_PID, self._process.pid, how) is not None
        return self._process.poll() is not None

    def _kill(self) -> None:
        if self._is_killed:
            return
        self._is_killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def _died(self) -> WorkerDiedError:
        # The channel closes a moment before the process is gone.
        deadline = time.monotonic() + _EXIT_GRACE_S
        while not self._has_ended() and time.monotonic() < deadline:
            time.sleep(_EXIT_POLL_S)
        had_ended = self._has_ended()
        self._kill()
        code = self._process.returncode
        if not had_ended:
            return WorkerDiedError("it closed its pipe")
        return WorkerDiedError(describe_end(code))


def _end_guard(guard: subprocess.Popen[bytes]) -> None:
    guard.kill()
    guard.wait()
