"""The loop of a worker process."""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import socket
import time
from collections import deque
from typing import TYPE_CHECKING
from uuid import UUID

from .execution import run_task
from .journal import Journal
from .protocol import PARCEL, READY, RESULT, SAYING, STARTED, TICKET, WorkerTask
from .surroundings import (
    end_with_the_service,
    give_way,
    show_number,
    silence_standard_streams,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def main(arguments: list[str]) -> None:
    """Run the worker whose sockets' descriptors are in ``arguments``."""
    channel_fd, tickets_fd, lifeline_fd = map(int, arguments[:3])
    endpoint_id, tasks_dir, base = UUID(arguments[3]), arguments[4], arguments[5]
    end_with_the_service(lifeline_fd)
    show_number(base)
    journal = Journal(base)
    # Importing is the slow part of a start; importing before the streams are silenced lets
    # a broken installation say what is wrong.
    import globus_compute_endpoint.engines.helper  # noqa: F401, PLC0415

    # The worker code logs each task and each failure, which the task's result tells as well.
    logging.getLogger("globus_compute_endpoint").setLevel(logging.CRITICAL + 1)
    silence_standard_streams()
    give_way()
    channel, tickets = socket.socket(fileno=channel_fd), socket.socket(fileno=tickets_fd)
    inbox = _Inbox(channel, tickets, journal)
    with contextlib.suppress(EOFError):
        serve(inbox, lambda task: run_task(task, endpoint_id, tasks_dir))


class _Inbox:
    """The worker's ends of its sockets.

    Tasks are sent ahead, several at a time, and wait here. But a task is begun only with its
    ticket, and tickets are in a socket from which the service, too, can take: what waits
    behind a slow task it takes back, even while that task keeps this process from doing
    anything else.
    """

    def __init__(self, channel: socket.socket, tickets: socket.socket, journal: Journal) -> None:
        self.channel = channel
        self.journal = journal
        self._tickets = tickets
        self._tasks: deque[tuple[int, WorkerTask]] = deque()

    def take_ticket(self, *, wait: bool) -> int | None:
        """Return the number of the task to begin with, or None if there is none now.

        Raises:
            EOFError: there will never be one again.
        """
        try:
            ticket = self._tickets.recv(TICKET.size, 0 if wait else socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        if len(ticket) < TICKET.size:
            raise EOFError
        (number,) = TICKET.unpack(ticket)
        return int(number)

    def task(self, number: int) -> WorkerTask:
        """Return the task of that number, which is on its way if it is not here yet.

        Raises:
            EOFError: the service has ended.
        """
        while True:
            while self._tasks:
                found, task = self._tasks.popleft()
                if found == number:
                    return task
                # An earlier one, whose ticket has been taken back.
            stored_up_to, size = PARCEL.unpack(self._receive(PARCEL.size))
            self.journal.forget(stored_up_to)
            rows = pickle.loads(self._receive(size))  # noqa: S301 - the service's own
            self._tasks.extend((row[0], WorkerTask(*row[1:])) for row in rows)

    def _receive(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = self.channel.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)


def serve(inbox: _Inbox, run: Callable[[WorkerTask], bytes]) -> None:
    """Run tasks one by one.

    Raises:
        EOFError: the service has ended.
    """
    pid = os.getpid()
    said = SAYING.pack(READY, 0, time.time(), 0)
    while True:
        number = inbox.take_ticket(wait=False)
        if number is None:
            # Nothing that has been done is kept back while there is nothing to do.
            inbox.channel.sendall(said)
            said = b""
            number = inbox.take_ticket(wait=True)
            assert number is not None  # noqa: S101 - it has waited for one
        # Said before it is begun: what dies without this mark has not run, and may run elsewhere.
        inbox.channel.sendall(said + SAYING.pack(STARTED, number, time.time(), 0))
        packed = run(inbox.task(number))
        if os.getpid() != pid:
            # The task has forked, and this is the child: the answer is its parent's.
            os._exit(0)
        inbox.journal.append(number, packed)
        said = SAYING.pack(RESULT, number, time.time(), len(packed)) + packed
