"""A gateway that a test kills again and again, and a browser that does not mind."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyterlab_globus_compute.gateway.submit_observer import BATCH_HEADER
from jupyterlab_globus_compute.tests.vault.fake_cloud import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

_TIMEOUT_S = 60.0
_POLL_S = 0.05


class GoneError(Exception):
    """The gateway was killed before it answered."""


class DoomedGateway:
    """The gateway in a process of its own."""

    def __init__(self, vault: Path, local: Path, cloud_url: str) -> None:
        module = "jupyterlab_globus_compute.tests.vault.doomed_gateway"
        self._command = [sys.executable, "-m", module, str(vault), str(local), cloud_url]
        self._stderr = vault.with_name("gateway.stderr")
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._url = ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._stderr.open("ab") as stderr:
            self._process = subprocess.Popen(
                self._command,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, "FAKE_CLOUD_TOKEN": TOKEN},
            )
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _TIMEOUT_S)
        line = self._process.stdout.readline() if ready else b""
        assert line, self._stderr.read_text()
        self._url = json.loads(line)["url"]
        self._ready.set()

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._ready.clear()
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(_TIMEOUT_S)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and JSON of an answer, as soon as the gateway runs. Raises `GoneError`."""
        assert self._ready.wait(_TIMEOUT_S)
        connection = http.client.HTTPConnection(urlsplit(self._url).netloc, timeout=_TIMEOUT_S)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, "/" + path, data, headers or {})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise GoneError from error
        finally:
            connection.close()


@dataclass
class Sender:
    """Submits one batch as a browser does: told to the vault first, never twice."""

    gateway: DoomedGateway
    service: str
    endpoint_id: str
    function_id: str
    payloads: list[str]
    chooses_group: bool
    """Whether the service takes task groups that a client names."""

    batch_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    group_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def run(self) -> None:
        """Return when the batch has been submitted, or nobody can tell."""
        while True:
            try:
                if self._submit():
                    return
            except GoneError:  # noqa: PERF203 - seldom
                # The plan may be there or not, the tasks too.
                if self._is_settled():
                    return

    def _submit(self) -> bool:
        group = {"taskGroupId": self.group_id} if self.chooses_group else {}
        calls = [
            {"index": index, "label": f"f({index})", "line": 3, "functionId": self.function_id}
            for index in range(len(self.payloads))
        ]
        plan = {
            "title": "f",
            "service": self.service,
            "endpoint": {"id": self.endpoint_id, "name": "there"},
            "notebookPath": "a.ipynb",
            "cellId": "cell",
            "sourceHash": "0" * 64,
            "created": time.time(),
            "calls": calls,
            **group,
        }
        status, answer = self.gateway.request("PUT", f"batches/{self.batch_id}", plan)
        assert status == 200, answer
        body: dict[str, Any] = {"tasks": {self.function_id: self.payloads}}
        if self.chooses_group:
            body["task_group_id"] = self.group_id
        status, answer = self.gateway.request(
            "POST",
            f"services/{self.service}/v3/endpoints/{self.endpoint_id}/submit",
            body,
            {BATCH_HEADER: self.batch_id},
        )
        assert status == 200, answer
        return True

    def _is_settled(self) -> bool:
        """Wait until the vault knows what became of the submit; answer whether it was made."""
        pause = threading.Event()
        while True:
            try:
                status, batch = self.gateway.request("GET", f"batches/{self.batch_id}")
            except GoneError:
                continue
            if status == 404:
                return False
            if batch["state"] not in ("sending", "problem"):
                return True
            if batch["state"] == "problem":
                # Where the group was ours to name, it is certain that there are no tasks.
                return not self.chooses_group
            pause.wait(_POLL_S)
