"""Delivers results to a RabbitMQ, from which the ``Executor`` of the Python SDK reads them."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]
from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import (
    Result,
    ResultErrorDetails,
    TaskTransition,
)
from globus_compute_common.tasks import ActorName, TaskState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pika.adapters.blocking_connection import (  # type: ignore[import-untyped]
        BlockingChannel,
    )

    from .outbox import Outbox
    from .records import Outcome
    from .task_engine import StateChange

_log = logging.getLogger(__name__)

QUEUE_PREFIX = "globus-compute.results."

_BATCH = 200
_DECLARE_TIMEOUT_S = 5.0
_HEARTBEAT_S = 10.0
_RECONNECT_S = 2.0
_EXPIRES_MS = 7 * 24 * 3600 * 1000
"""A queue that nobody has used for a week goes; the results are still in the database."""

_NS_PER_S = 1_000_000_000


class ResultQueue:
    """One thread and its connection to the broker, made anew whenever it breaks.

    The database decides what is still to be delivered; what arrives twice because the
    connection broke in between is told apart by the SDK by its task id.
    """

    def __init__(self, outbox: Outbox, url: str) -> None:
        """``url`` as pika's URLParameters take it."""
        self._outbox = outbox
        self._url = url
        self._wake = threading.Event()
        self._is_stopping = threading.Event()
        self._undeclared: deque[tuple[str, threading.Event]] = deque()
        self._thread = threading.Thread(target=self._run, name="result-queue")

    def start(self) -> None:
        """Connect, and deliver what an earlier service has left."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect; what is left is delivered after the next start."""
        self._is_stopping.set()
        self._wake.set()
        self._thread.join()

    def address(self) -> dict[str, str]:
        """Return the answer to ``GET /v2/get_amqp_result_connection_url``."""
        return {"queue_prefix": QUEUE_PREFIX, "connection_url": self._url}

    def declare(self, task_group_id: str) -> None:
        """Create the queue of a group; the SDK refuses to listen to one that does not exist.

        While the broker cannot be reached this returns after a few seconds without one: the
        tasks have been accepted all the same, and the SDK reports the broker by itself.
        """
        done = threading.Event()
        self._undeclared.append((task_group_id, done))
        self._wake.set()
        if not done.wait(_DECLARE_TIMEOUT_S):
            _log.warning("The queue of a task group could not be created in time")

    def on_state_changes(self, changes: Sequence[StateChange]) -> None:
        """Deliver soon if tasks have ended (a StateListener)."""
        if any(state in ("success", "failed") for _, state, _ in changes):
            self._wake.set()

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self._serve()
            except (pika.exceptions.AMQPError, OSError) as error:  # noqa: PERF203 - seldom
                # Never the URL: it holds the password.
                _log.warning("The message broker cannot be used: %s", type(error).__name__)
                self._is_stopping.wait(_RECONNECT_S)

    def _serve(self) -> None:
        parameters = pika.URLParameters(self._url)
        # Waited for when the service ends.
        parameters.stack_timeout = _DECLARE_TIMEOUT_S
        connection = pika.BlockingConnection(parameters)
        try:
            channel = connection.channel()
            # One wait for the broker's disk for a whole batch.
            channel.tx_select()
            self._wake.set()
            while not self._is_stopping.is_set():
                if self._wake.wait(_HEARTBEAT_S):
                    self._wake.clear()
                    self._declare_all(channel)
                    self._deliver_all(channel)
                connection.process_data_events(time_limit=0)
        finally:
            if connection.is_open:
                connection.close()

    def _declare_all(self, channel: BlockingChannel) -> None:
        while self._undeclared:
            task_group_id, done = self._undeclared[0]
            _declare(channel, task_group_id)
            done.set()
            self._undeclared.popleft()

    def _deliver_all(self, channel: BlockingChannel) -> None:
        while deliveries := self._outbox.next(_BATCH):
            for task_group_id in {delivery.task_group_id for delivery in deliveries}:
                _declare(channel, task_group_id)
            for delivery in deliveries:
                channel.basic_publish(
                    exchange="",
                    routing_key=QUEUE_PREFIX + delivery.task_group_id,
                    body=pack_result(delivery.outcome),
                    properties=pika.BasicProperties(
                        content_type="application/json",
                        delivery_mode=pika.DeliveryMode.Persistent.value,
                        timestamp=int(delivery.outcome.completed_at),
                    ),
                )
            channel.tx_commit()
            self._outbox.delivered([delivery.outcome.task_id for delivery in deliveries])


def pack_result(outcome: Outcome) -> bytes:
    """Return the packed Result message of an outcome, as endpoints send it."""
    details: dict[str, Any] = dict(outcome.details)
    transitions = details.pop("task_transitions")
    error = None
    if outcome.exception is not None:
        error = ResultErrorDetails(
            code="RemoteExecutionError", user_message=outcome.reason or outcome.exception
        )
    packed: bytes = messagepack.pack(
        Result(
            task_id=UUID(outcome.task_id),
            data=outcome.exception or outcome.result or "",
            error_details=error,
            details=details,
            task_statuses=[
                TaskTransition(
                    timestamp=int(timestamp * _NS_PER_S),
                    state=TaskState(state),
                    actor=ActorName.WORKER,
                )
                for state, timestamp in transitions.items()
            ],
        )
    )
    return packed


def _declare(channel: BlockingChannel, task_group_id: str) -> None:
    channel.queue_declare(
        QUEUE_PREFIX + task_group_id, durable=True, arguments={"x-expires": _EXPIRES_MS}
    )
