"""A Jupyter server of an environment."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from typing_extensions import Self

    from .environment import Environment

_START_TIMEOUT_S = 60.0
_POLL_S = 0.2


class Server:
    """`jupyter server` on this computer alone, from `with` to its end."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._token = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self._port = taken.getsockname()[1]

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        settings = ("ip=127.0.0.1", f"port={self._port}", "port_retries=0", "allow_root=True")
        self._process = subprocess.Popen(
            [
                str(self._environment.bin / "jupyter-server"),
                "--no-browser",
                *(f"--ServerApp.{setting}" for setting in settings),
            ],
            cwd=self._environment.home,
            env={**self._environment.env, "JUPYTER_TOKEN": self._token},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers():
            assert self._process.poll() is None, "the server ended at once"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(_POLL_S)
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def get(self, path: str) -> Any:
        """The JSON that it answers, errors included."""
        request = Request(
            f"http://127.0.0.1:{self._port}/{path}",
            headers={"Authorization": f"token {self._token}"},
        )
        try:
            with urlopen(request) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            return json.load(error)

    def _answers(self) -> bool:
        try:
            self.get("api/status")
        except URLError:
            return False
        return True
