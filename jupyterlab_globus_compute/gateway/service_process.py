"""The local compute service as a child process."""

from __future__ import annotations

import asyncio
import os
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.timeouts import timeout

from .connection import LocalConnection
from .local_settings import LocalServiceSettings, service_environment
from .start_failure import start_failed, start_garbled, start_impossible, start_timed_out

if TYPE_CHECKING:
    from logging import Logger

_EXIT_CODE_BUSY = 3
_TAIL_BYTES = 8192
_TAIL_LINES = 12
_DRAIN_TIMEOUT_S = 1.0
_STDIN_GRACE_S = 5.0
_TERMINATE_GRACE_S = 3.0


class DataDirBusyError(Exception):
    """Another service holds the data folder's lock."""


class ServiceProcess:
    """A running local service that this process started.

    The pipe to its stdin stays open for as long as it is wanted: the service
    ends by itself when the pipe closes, so it cannot outlive this process,
    however that ends.
    """

    def __init__(self, process: Process, log: Logger) -> None:
        self._process = process
        self._log = log
        self._started_at_s = time.monotonic()
        self._connection: LocalConnection | None = None
        self._stderr_tail = b""
        self._drains = [asyncio.create_task(self._keep_stderr_tail())]

    @classmethod
    async def start(
        cls, settings: LocalServiceSettings, log: Logger, *, timeout_s: float
    ) -> ServiceProcess:
        """Start a service and wait until it accepts submits.

        Raises `DataDirBusyError` when another service holds the folder, and
        `GatewayError` 503 when it cannot start.
        """
        try:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            process = await asyncio.create_subprocess_exec(
                *settings.command(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=service_environment(os.environ),
                # "python -m" looks for modules in the working directory first,
                # and the Jupyter server's may hold a random.py of its user.
                cwd=settings.data_dir,
                # Ctrl+C in the server's terminal asks whether to shut down;
                # the service must live on while the answer is open.
                start_new_session=True,
            )
        except OSError as error:
            raise start_impossible(error) from error
        service = cls(process, log)
        try:
            await service._become_ready(settings, timeout_s)
        except BaseException:
            await service.kill()
            raise
        return service

    @property
    def connection(self) -> LocalConnection:
        """How to reach the service."""
        if self._connection is None:
            raise RuntimeError("the service is not ready")
        return self._connection

    @property
    def pid(self) -> int:
        """Process id of the service."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.returncode is None

    @property
    def age_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started_at_s

    def stderr_lines(self) -> list[str]:
        """The last lines that the service wrote to stderr, without its token."""
        text = self._stderr_tail.decode("utf-8", errors="replace")
        if self._connection is not None:
            text = text.replace(self._connection.token, "[token]")
        return [line for line in text.splitlines() if line.strip()][-_TAIL_LINES:]

    async def wait(self) -> int:
        """Wait for the end; answers the exit code, negative for a signal."""
        exit_code = await self._process.wait()
        await self._finish_reading()
        return exit_code

    async def stop(
        self,
        *,
        stdin_grace_s: float = _STDIN_GRACE_S,
        terminate_grace_s: float = _TERMINATE_GRACE_S,
    ) -> None:
        """End the service cleanly, by a signal after the first grace, then by force."""
        stdin = self._process.stdin
        if stdin is not None:
            stdin.close()
        if await self._ends_within(stdin_grace_s):
            return
        self._log.warning("The local compute service (pid %d) is slow to end", self.pid)
        with suppress(ProcessLookupError):
            self._process.terminate()
        if not await self._ends_within(terminate_grace_s):
            await self.kill()

    async def kill(self) -> None:
        """End the service by force and wait until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self.wait()

    async def _become_ready(self, settings: LocalServiceSettings, timeout_s: float) -> None:
        stdout = self._process.stdout
        if stdout is None:
            raise RuntimeError("the process was started without a pipe")
        try:
            async with timeout(timeout_s):
                line = await stdout.readline()
        except asyncio.TimeoutError:
            raise start_timed_out(timeout_s, self.stderr_lines()) from None
        except ValueError:
            # A line longer than the reader's limit.
            raise start_garbled(self.stderr_lines()) from None
        if not line:
            await self._fail_to_start(settings)
        try:
            self._connection = LocalConnection.from_json(line)
        except ValueError as error:
            self._log.error("The local compute service's first line: %s", error)
            raise start_garbled(self.stderr_lines()) from None
        self._drains.append(asyncio.create_task(_discard(stdout)))

    async def _fail_to_start(self, settings: LocalServiceSettings) -> None:
        if not await self._ends_within(_DRAIN_TIMEOUT_S):
            raise start_garbled(self.stderr_lines())
        exit_code = await self.wait()
        if exit_code == _EXIT_CODE_BUSY:
            raise DataDirBusyError
        lines = self.stderr_lines()
        self._log.error("The local compute service did not start:\n%s", "\n".join(lines))
        raise start_failed(exit_code, lines, settings.python)

    async def _ends_within(self, timeout_s: float) -> bool:
        try:
            async with timeout(timeout_s):
                await self.wait()
        except asyncio.TimeoutError:
            return False
        return True

    async def _keep_stderr_tail(self) -> None:
        stderr = self._process.stderr
        while stderr is not None and (chunk := await stderr.read(_TAIL_BYTES)):
            self._stderr_tail = (self._stderr_tail + chunk)[-_TAIL_BYTES:]

    async def _finish_reading(self) -> None:
        # A worker that outlives the service for a moment holds its stderr
        # open, so the pipe's end is not waited for without limit.
        await asyncio.wait(self._drains, timeout=_DRAIN_TIMEOUT_S)
        for drain in self._drains:
            drain.cancel()


async def _discard(stream: asyncio.StreamReader) -> None:
    while await stream.read(_TAIL_BYTES):
        pass
