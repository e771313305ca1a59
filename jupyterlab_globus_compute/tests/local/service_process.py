"""A local service in a process of its own, for tests of anything that talks to one."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from globus_compute_sdk.serialize import ComputeSerializer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

TIMEOUT_S = 60.0
"""How long anything may take on a busy machine before a test fails."""

_POLL_S = 0.02

_MAIN = """
import sys
from jupyterlab_globus_compute.local.cli import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Answer:
    """The HTTP status and the decoded JSON body of an answer."""

    status: int
    body: Any


class LocalService:
    """Starts ``python -m jupyterlab_globus_compute.local`` and talks to it.

    As a context manager it is started, and ended again whatever happened. After ``stop`` or
    ``kill`` it may be started anew on the same data directory.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        workers: int = 2,
        port: int = 0,
        exit_with_stdin: bool = True,
        env: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        prelude: str = "",
    ) -> None:
        """``env`` is added to this process's environment; ``port`` 0 is any free one.

        ``arguments`` are further ones of the command line; ``prelude`` is Python code that
        runs in the service's process before the service.
        """
        self.data_dir = data_dir
        self.stderr_path = data_dir.with_name(data_dir.name + ".stderr")
        self._command = [sys.executable, "-m", "jupyterlab_globus_compute.local"]
        if prelude:
            self._command[1:] = ["-c", prelude + _MAIN]
        self._command += ["--data-dir", str(data_dir), "--workers", str(workers)]
        self._command += ["--port", str(port)]
        self._command += arguments
        if exit_with_stdin:
            self._command.append("--exit-with-stdin")
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._address: dict[str, Any] = {}
        self._serializer = ComputeSerializer()

    def __enter__(self) -> LocalService:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def address(self) -> dict[str, Any]:
        """The line that the service printed: url, token, endpoint_id, pid."""
        return self._address

    @property
    def endpoint_id(self) -> str:
        """The id of its one endpoint."""
        return str(self._address["endpoint_id"])

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process started last."""
        assert self._process is not None
        return self._process

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the process without waiting for it to accept requests."""
        with self.stderr_path.open("ab") as stderr:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=self._env,
            )
        return self._process

    def start(self) -> None:
        """Start the process and wait until it accepts requests."""
        stdout = self.launch().stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], TIMEOUT_S)
        line = stdout.readline() if ready else b""
        if not line:
            self.kill()
            raise AssertionError(f"The service did not start: {self.stderr()}")
        self._address = json.loads(line)

    def stop(self) -> int:
        """End it as its parent's end would, and return its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(TIMEOUT_S)

    def kill(self) -> None:
        """End it by SIGKILL, if it still runs."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait(TIMEOUT_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def stderr(self) -> str:
        """Return what it has written to stderr."""
        return self.stderr_path.read_text()

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send a request with the service's token.

        ``body`` is sent as JSON, or as it is if it is bytes. ``headers`` replace the usual
        ones; None leaves one out.
        """
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        usual = {"Authorization": f"Bearer {self._address['token']}"}
        chosen = {k: v for k, v in {**usual, **(headers or {})}.items() if v is not None}
        host = str(self._address["url"]).removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body=data, headers=chosen)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return Answer(response.status, json.loads(content) if content else None)

    def register(self, source: str, name: str = "f") -> str:
        """Register the function ``name`` of a source text and return its id."""
        body = {"function_name": name, "function_code": source, "serialized": False, "meta": {}}
        answer = self.request("POST", "/v3/functions", body)
        assert answer.status == 200, answer
        return str(answer.body["function_uuid"])

    def payload(self, *args: object) -> str:
        """Return packed arguments, as a submission holds them."""
        parts = [self._serializer.serialize(args), self._serializer.serialize({})]
        return self._serializer.pack_buffers(parts)

    def submit(self, function_id: str, calls: Sequence[tuple[object, ...]] = ((),)) -> list[str]:
        """Submit a task for each tuple of arguments and return the tasks' ids."""
        body = {"tasks": {function_id: [self.payload(*args) for args in calls]}}
        answer = self.request("POST", f"/v3/endpoints/{self.endpoint_id}/submit", body)
        assert answer.status == 200, answer
        return [str(task_id) for task_id in answer.body["tasks"][function_id]]

    def tasks(self, task_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return what the service says of the tasks."""
        answer = self.request("POST", "/v2/batch_status", {"task_ids": list(task_ids)})
        assert answer.status == 200, answer
        results: dict[str, dict[str, Any]] = answer.body["results"]
        return results

    def finished(self, task_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Wait until the tasks have ended and return them in the order asked for."""
        final = ("success", "failed")
        wait_until(
            lambda: all(task["status"] in final for task in self.tasks(task_ids).values()),
            "all tasks have ended",
        )
        tasks = self.tasks(task_ids)
        return [tasks[task_id] for task_id in task_ids]

    def call(self, source: str, *args: object) -> dict[str, Any]:
        """Run the function ``f`` of a source text and return the finished task."""
        (task,) = self.finished(self.submit(self.register(source), [args]))
        return task

    def value(self, task: Mapping[str, Any]) -> Any:
        """Return the value of a task that has succeeded."""
        assert task["status"] == "success", task
        return self._serializer.deserialize(task["result"])


def run_in_vain(service: LocalService) -> tuple[int, str]:
    """Start a service that cannot run; return its exit code and what it said."""
    process = service.launch()
    stdout, _ = process.communicate(timeout=TIMEOUT_S)
    assert stdout == b""
    return process.returncode, service.stderr()


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait until ``condition`` holds; fail, naming ``what``, if it never does."""
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(_POLL_S)


def is_running(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be reaped does not."""
    listing = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)],  # noqa: S607 - wherever the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    state = listing.stdout.strip()
    return state != "" and not state.startswith("Z")
