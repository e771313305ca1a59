"""The local service, started if none runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING

from jupyterlab_globus_compute.local.settings import default_data_dir
from jupyterlab_globus_compute.sdk_client import LocalServiceNotRunningError, make_client

from .errors import ServiceError

if TYPE_CHECKING:
    from pathlib import Path

    from globus_compute_sdk import Client

_START_TIMEOUT_S = 60.0
_POLL_S = 0.05
_TAIL_BYTES = 4096
_ALREADY_RUNNING = 3  # another one has just been started; its address will appear
# Credentials for Jupyter itself, of no use to a compute service.
_WITHHELD = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")


class Launcher:
    """Connects to the local service of a data directory.

    A service that it starts ends with this process: the pipe to its stdin closes then. What it
    was given it keeps, and the next one goes on with it.
    """

    def __init__(self, data_dir: Path | None = None) -> None:
        self._data_dir = data_dir
        self._process: subprocess.Popen[bytes] | None = None

    def client(self) -> Client:
        """Return a client of a running service.

        Raises:
            ServiceError: none can be started.
        """
        try:
            return make_client(self._data_dir)
        except LocalServiceNotRunningError:
            return self._started()

    def close(self) -> None:
        """End the service if this process started it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()
        self._process = None

    def _started(self) -> Client:
        if sys.platform == "win32":
            raise ServiceError(
                "the local service needs Linux or macOS: name an endpoint with -e, by its id"
            )
        folder = self._data_dir or default_data_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as words:
            self._process = self._launch(folder, words)
            deadline = time.monotonic() + _START_TIMEOUT_S
            while time.monotonic() < deadline:
                try:
                    return make_client(self._data_dir)
                except LocalServiceNotRunningError:
                    if self._process.poll() not in (None, _ALREADY_RUNNING):
                        break
                time.sleep(_POLL_S)
            code = self._process.poll()
            raise ServiceError(f"the local service did not start {_told(code)}\n{_tail(words)}")

    def _launch(self, folder: Path, words: IO[bytes]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "jupyterlab_globus_compute.local", "--exit-with-stdin"]
        return subprocess.Popen(  # noqa: S603 - our own module, with this interpreter
            [*command, "--data-dir", str(folder.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # its line holds the token
            stderr=words,
            env={name: value for name, value in os.environ.items() if name not in _WITHHELD},
            # "python -m" looks for modules in the working directory first.
            cwd=folder,
            # An interrupt of the kernel stops the waiting, not the service.
            start_new_session=True,
        )


def _told(code: int | None) -> str:
    return f"(exit code {code})" if code is not None else f"within {_START_TIMEOUT_S:g} s"


def _tail(words: IO[bytes]) -> str:
    size = words.seek(0, os.SEEK_END)
    words.seek(max(0, size - _TAIL_BYTES))
    return words.read().decode("utf-8", errors="replace").strip()
