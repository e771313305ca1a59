"""Puts the service together and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from typing import TYPE_CHECKING

import uvicorn

from .api import Api
from .app import create_app
from .engine import Engine
from .errors import StartupError
from .instance import ServiceAddress, locked, published
from .store import Store
from .views import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .settings import Settings
    from .standard_streams import StandardStreams

_HOST = "127.0.0.1"
_OPEN_REQUESTS_GRACE_S = 5


def run(settings: Settings, streams: StandardStreams) -> None:
    """Serve until SIGTERM, SIGINT or, if so set, the end of the standard input.

    Raises:
        StartupError: another service uses the data directory, or it or the port cannot be used.
    """
    _prepare_data_dir(settings)
    with (
        locked(settings.lock_path),
        contextlib.closing(_listen(settings.port)) as listener,
        contextlib.closing(Store(settings.database_path)) as store,
    ):
        endpoint = Endpoint(store.endpoint_id(), settings.workers)
        port: int = listener.getsockname()[1]
        address = ServiceAddress(
            url=f"http://{_HOST}:{port}",
            token=secrets.token_urlsafe(32),
            endpoint_id=endpoint.endpoint_id,
            pid=os.getpid(),
        )
        engine = Engine(store, endpoint.endpoint_id, settings.tasks_dir, settings.workers)
        app = create_app(Api(store, engine, endpoint).routes(), address.token, port)
        with _running(engine), published(settings.state_path, address):
            server = _Server(
                uvicorn.Config(
                    app,
                    http="h11",
                    loop="asyncio",
                    log_level="warning",
                    access_log=False,
                    lifespan="off",
                    ws="none",
                    proxy_headers=False,
                    server_header=False,
                    timeout_graceful_shutdown=_OPEN_REQUESTS_GRACE_S,
                ),
                lambda: streams.write_line(address.to_json()),
            )
            asyncio.run(_serve(server, listener, streams if settings.exit_with_stdin else None))


class _Server(uvicorn.Server):
    """uvicorn, but saying when it is ready, and leaving signals to us.

    Its own handlers raise the signal anew once it has stopped serving, which would end the
    process before the workers.
    """

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()

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


@contextlib.contextmanager
def _running(engine: Engine) -> Iterator[None]:
    engine.start()
    try:
        yield
    finally:
        engine.stop()


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
    listener = socket.socket()
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
