"""A RabbitMQ of our own, where the program is installed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from .service_process import TIMEOUT_S, wait_until

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

# Debian's program on the PATH changes the user; the one behind it does not.
PROGRAM = shutil.which("/usr/lib/rabbitmq/bin/rabbitmq-server") or shutil.which("rabbitmq-server")
"""The program that starts a broker, or None."""


def free_port() -> int:
    """Return a port that nobody listens to.

    It is below those that systems give to clients, or one that tries to connect to it before
    it is listened to may be given it, and connect to itself.
    """
    for _ in range(100):
        port = random.randrange(20000, 30000)  # noqa: S311 - no secret
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("there is no free port")


class RabbitMq:
    """Starts a broker on ports and in directories of its own; a context manager."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self._distribution_port = free_port()
        self._name_port = free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RabbitMq:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        assert PROGRAM is not None
        self._home.mkdir(exist_ok=True)
        listener = f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
        (self._home / "rabbitmq.conf").write_text(listener)
        (self._home / "plugins").write_text("[].\n")
        with (self._home / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [PROGRAM],
                cwd=self._home,
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        wait_until(self._is_ready, "the broker takes connections")

    def stop(self) -> None:
        """End it and all that it has started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(TIMEOUT_S)
            self._process = None
            wait_until(self._name_server_is_gone, "Erlang's name server has ended")

    def _name_server_is_gone(self) -> bool:
        # It has made itself independent, and goes only once it has noticed the broker's end.
        done = subprocess.run(
            ["epmd", "-kill"],  # noqa: S607 - wherever the system has it
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return "not allowed" not in done.stdout

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self._home),
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(self._home / "rabbitmq"),
            "RABBITMQ_MNESIA_BASE": str(self._home),
            "RABBITMQ_LOG_BASE": str(self._home),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._home / "plugins"),
            "RABBITMQ_PID_FILE": str(self._home / "pid"),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self._name_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._home / "output").read_text()
        try:
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True
