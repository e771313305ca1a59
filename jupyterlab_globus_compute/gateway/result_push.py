"""Results as a service sends them, from its queue (AMQP 0-9-1)."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from .connection import is_loopback_host

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

_TURN_S = 0.1
_TIMEOUT_S = 20.0
_PREFETCH = 250
"""Results that may be on their way unacknowledged: what memory has to hold, at 10 MiB at most."""

_FIREWALL_PORT = 443
_NS_PER_S = 1_000_000_000


class PushBrokenError(Exception):
    """The connection to the queue broke, or was never made. The text holds no address."""


@dataclass(frozen=True)
class PushedResult:
    """The end of a task, in the form that `batch_status` has it."""

    task_id: str
    group: str
    answer: bytes = field(repr=False)
    tag: int
    """AMQP's delivery tag, of the group's channel."""


@dataclass(frozen=True)
class GroupChange:
    """Whether the results of a task group come by this way."""

    group: str
    is_listened_to: bool


class ResultPush(Protocol):
    """The queues of one service's task groups. Belongs to one event loop."""

    def listen(self, group: str) -> None:
        """Begin to take the results of a task group; a `GroupChange` says whether that works."""

    def leave(self, group: str) -> None:
        """Take no more of them: all have come."""

    async def next(self) -> list[PushedResult | GroupChange]:
        """What has come, at least one. Raises `PushBrokenError`."""

    def acknowledge(self, result: PushedResult) -> None:
        """It is stored: the service may forget it. Others come again after a break."""

    def close(self) -> None:
        """Disconnect."""


def checked_queue_url(url: str, *, is_cloud: bool) -> str:
    """The address of a queue, as the service gives it; it holds a password.

    Globus's broker takes connections on port 443, too, which firewalls let pass. Raises
    `ValueError`, without the address, for one that would travel unencrypted.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "amqp" and is_loopback_host(host):
        return url
    if parts.scheme != "amqps" or not host:
        raise ValueError("the queue's address is neither amqps:// nor of this computer")
    if not is_cloud:
        return url
    user, _, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}@{host}:{_FIREWALL_PORT}"))


class AmqpPush:
    """A connection of pika's in a thread of its own, for pika's calls block.

    A channel for each task group, since a queue that does not exist costs its channel.
    """

    def __init__(self, url: str, prefix: str, log: Logger) -> None:
        """Connects at once; `url` has been checked."""
        self._url = url
        self._prefix = prefix
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Queue[PushedResult | GroupChange | PushBrokenError] = asyncio.Queue()
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._channels: dict[str, Any] = {}
        self._connection: Any = None
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="result-push", daemon=True)
        self._thread.start()

    def listen(self, group: str) -> None:
        """See `ResultPush.listen`."""
        self._orders.put(lambda: self._open(group))

    def leave(self, group: str) -> None:
        """See `ResultPush.leave`."""
        self._orders.put(lambda: self._close(group))

    async def next(self) -> list[PushedResult | GroupChange]:
        """See `ResultPush.next`."""
        news = [await self._news.get()]
        while not self._news.empty():
            news.append(self._news.get_nowait())
        found: list[PushedResult | GroupChange] = []
        for one in news:
            if isinstance(one, PushBrokenError):
                raise one
            found.append(one)
        return found

    def acknowledge(self, result: PushedResult) -> None:
        """See `ResultPush.acknowledge`."""
        self._orders.put(lambda: self._ack(result))

    def close(self) -> None:
        """See `ResultPush.close`."""
        self._is_closing.set()

    def _run(self) -> None:
        try:
            parameters = pika.URLParameters(self._url)
            parameters.socket_timeout = parameters.stack_timeout = _TIMEOUT_S
            parameters.blocked_connection_timeout = _TIMEOUT_S
            self._connection = pika.BlockingConnection(parameters)
            try:
                while not self._is_closing.is_set():
                    self._follow_orders()
                    self._connection.process_data_events(time_limit=_TURN_S)
                self._follow_orders()
            finally:
                if self._connection.is_open:
                    self._connection.close()
        except (pika.exceptions.AMQPError, OSError, ValueError) as error:
            # Never its text: it may hold the address, and so the password.
            self._tell(PushBrokenError(f"the queue of results broke ({type(error).__name__})"))

    def _follow_orders(self) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                return
            order()

    def _open(self, group: str) -> None:
        channel = self._connection.channel()

        def take(_channel: Any, method: Any, properties: Any, body: bytes) -> None:
            self._take(group, method.delivery_tag, properties.timestamp, body)

        try:
            channel.basic_qos(prefetch_count=_PREFETCH)
            channel.basic_consume(self._prefix + group, take)
        except pika.exceptions.ChannelClosed:
            self._tell(GroupChange(group, is_listened_to=False))
            return
        self._channels[group] = channel
        channel.add_on_cancel_callback(lambda _frame: self._lose(group))
        self._tell(GroupChange(group, is_listened_to=True))

    def _close(self, group: str) -> None:
        channel = self._channels.pop(group, None)
        if channel is not None and channel.is_open:
            channel.close()

    def _lose(self, group: str) -> None:
        """The broker has removed the queue."""
        self._close(group)
        self._tell(GroupChange(group, is_listened_to=False))

    def _ack(self, result: PushedResult) -> None:
        channel = self._channels.get(result.group)
        if channel is not None and channel.is_open:
            channel.basic_ack(result.tag)

    def _take(self, group: str, tag: int, timestamp: int | None, body: bytes) -> None:
        try:
            task_id, answer = read_result(body, timestamp)
        except ValueError:
            # It stays in the queue; the task is asked for instead.
            self._log.warning("A result in the queue cannot be read; its task is asked for")
            return
        self._tell(PushedResult(task_id, group, answer, tag))

    def _tell(self, news: PushedResult | GroupChange | PushBrokenError) -> None:
        try:
            self._loop.call_soon_threadsafe(self._news.put_nowait, news)
        except RuntimeError:
            # The event loop has ended before the thread.
            self._is_closing.set()


def read_result(body: bytes, timestamp: int | None) -> tuple[str, bytes]:
    """The task of a message, and its object as `batch_status` would have it.

    The message is globus-compute-common's `Result`; `timestamp` is when the task ended, in
    seconds since the epoch. Raises `ValueError`, which quotes nothing.
    """
    # Slow to import, and not before there is a result.
    from globus_compute_common import messagepack  # noqa: PLC0415
    from globus_compute_common.messagepack.message_types import Result  # noqa: PLC0415

    try:
        message = messagepack.unpack(body)
    except Exception:  # noqa: BLE001 - of many kinds, with the body in them
        raise ValueError("not a message") from None
    if not isinstance(message, Result):
        raise ValueError("not a result")
    task_id = str(message.task_id)
    details = dict(message.details or {})
    details["task_transitions"] = {
        str(change.state.value): change.timestamp / _NS_PER_S
        for change in message.task_statuses or []
    }
    answer: dict[str, Any] = {"task_id": task_id, "details": details}
    if timestamp is not None:
        answer["completion_t"] = str(timestamp)
    if message.is_error:
        answer.update(status="failed", exception=message.data)
    else:
        answer.update(status="success", result=message.data)
    return task_id, json.dumps(answer).encode()
