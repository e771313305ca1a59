"""Puts the service together and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from typing import TYPE_CHECKING, Protocol

import uvicorn

from .api import Api
from .app import create_app
from .engines import make_engine
from .errors import StartupError
from .events import EventLog
from .http_protocol import http_protocol
from .instance import ServiceAddress, locked, published
from .outbox import Outbox
from .result_queue import ResultQueue
from .retention import Retention, RetentionLimits
from .store import Store
from .views import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from .settings import Settings
    from .standard_streams import StandardStreams
    from .task_engine import StateListener

_HOST = "127.0.0.1"
_OPEN_REQUESTS_GRACE_S = 5


def run(settings: Settings, streams: StandardStreams) -> None:
    """Serve until SIGTERM, SIGINT or, if so set, the end of the standard input.

    Raises:
        StartupError: another service uses the data directory, or it, the port or the endpoint's
            configuration cannot be used.
    """
    _prepare_data_dir(settings)
    with contextlib.ExitStack() as stack:
        stack.enter_context(locked(settings.lock_path))
        listener = stack.enter_context(contextlib.closing(_listen(settings.port)))
        store = stack.enter_context(contextlib.closing(Store(settings.database_path)))
        endpoint = Endpoint(
            store.registry.endpoint_id(),
            settings.workers,
            settings.engine,
            settings.allowed_functions,
        )
        port: int = listener.getsockname()[1]
        address = ServiceAddress(
            url=f"http://{_HOST}:{port}",
            token=secrets.token_urlsafe(32),
            endpoint_id=endpoint.endpoint_id,
            pid=os.getpid(),
        )
        events = EventLog()
        listeners: list[StateListener] = [events.publish]
        result_queue = None
        if settings.amqp_url is not None:
            result_queue = ResultQueue(Outbox(store), settings.amqp_url)
            listeners.append(result_queue.on_state_changes)
            stack.enter_context(_running(result_queue))
        engine = make_engine(settings, store, endpoint.endpoint_id, listeners)
        stack.enter_context(_running(engine))
        limits = RetentionLimits(settings.keep_s, settings.keep_bytes)
        stack.enter_context(_running(Retention(store, limits)))
        api = Api(store, engine, endpoint, events, result_queue)
        app = create_app(api.routes(), address.token, port)
        stack.enter_context(published(settings.state_path, address))
        server = _Server(_http_config(app), events, lambda: streams.write_line(address.to_json()))
        asyncio.run(_serve(server, listener, streams if settings.exit_with_stdin else None))


def _http_config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=http_protocol(),
        loop="asyncio",
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_OPEN_REQUESTS_GRACE_S,
    )


class _Server(uvicorn.Server):
    """uvicorn, but saying when it is ready, and leaving signals to us.

    Its own handlers raise the signal anew once it has stopped serving, which would end the
    process before the workers.
    """

    def __init__(
        self, config: uvicorn.Config, events: EventLog, on_started: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._events = events
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # The streams of events would otherwise be waited for.
        self._events.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        """Make ``serve`` return soon."""
        self.should_exit = True


async def _serve(server: _Server, listener: socket.socket, streams: StandardStreams | None) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    if streams is not None:
        streams.on_input_closed(server.stop)
    await server.serve(sockets=[listener])


class _Part(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


@contextlib.contextmanager
def _running(part: _Part) -> Iterator[None]:
    part.start()
    try:
        yield
    finally:
        part.stop()


def _prepare_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        settings.data_dir.chmod(0o700)
        settings.tasks_dir.mkdir(exist_ok=True)
    except OSError as error:
        raise StartupError(
            f"The data directory {settings.data_dir} cannot be used ({error.strerror}); "
            "choose another one with --data-dir"
        ) from error


def _listen(port: int) -> socket.socket:
    # asyncio turns off Nagle's algorithm only for sockets that say they are TCP; with it the
    # second request on a connection waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # So that a fixed port can be used again right after a restart.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise StartupError(
            f"Port {port} of {_HOST} cannot be used ({error.strerror}); "
            "choose another one with --port, or leave it out"
        ) from error
    return listener
