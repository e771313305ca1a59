"""Keeps the local compute service running for as long as it is wanted."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from jupyterlab_globus_compute import local_extra

from .errors import GatewayError, server_stopping
from .restart_policy import RestartPolicy
from .service_process import DataDirBusyError, ServiceProcess
from .start_failure import (
    describe_exit,
    gave_up,
    not_installed,
    platform_unsupported,
    service_busy,
)

if TYPE_CHECKING:
    from logging import Logger

    from .attachment import Attachment
    from .connection import Connection, LocalConnection
    from .local_settings import LocalServiceSettings

_START_TIMEOUT_S = 60.0
_ATTACH_POLL_S = 0.1
_ATTACH_POLLS_PER_START = 20


class LocalServiceSupervisor:
    """Starts the local service on first use, watches it, and restarts it.

    It attaches to a service that another Jupyter server runs on the same data
    folder. Whatever the number of callers, one attempt to connect is under way
    at a time. Nothing is started before the first `ensure`.
    """

    def __init__(
        self,
        settings: LocalServiceSettings,
        attachment: Attachment,
        log: Logger,
        *,
        policy: RestartPolicy | None = None,
        start_timeout_s: float = _START_TIMEOUT_S,
    ) -> None:
        self._settings = settings
        self._attachment = attachment
        self._log = log
        self._policy = policy or RestartPolicy()
        self._start_timeout_s = start_timeout_s
        self._process: ServiceProcess | None = None
        self._connection: LocalConnection | None = None
        self._attempt: asyncio.Task[LocalConnection] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._failure: GatewayError | None = None
        self._last_words: list[str] = []
        self._is_stopped = False

    async def ensure(self, lost: Connection | None = None) -> LocalConnection:
        """A connection to a running service.

        `lost` is a connection that a caller found broken: the service behind
        it is examined, and replaced unless it is well. Raises `GatewayError`
        503 when there is no service; the call after that tries again.
        """
        if self._is_stopped:
            raise server_stopping()
        if lost is not None and lost == self._connection:
            self._connection = None
        if self._connection is not None:
            return self._connection
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        try:
            # One caller's cancellation must not end the others' attempt.
            return await asyncio.shield(self._begin_attempt(persistent=False))
        except GatewayError:
            self._failure = None
            raise
        except asyncio.CancelledError:
            if self._is_stopped:
                raise server_stopping() from None
            raise

    def obstacle(self) -> GatewayError | None:
        """What keeps a service from starting here, as far as it is known without trying."""
        if sys.platform == "win32":
            return platform_unsupported()
        python = self._settings.python
        # What another interpreter finds is known only once it has tried.
        if python == sys.executable and local_extra.missing_packages():
            return not_installed(python)
        return None

    async def stop(self) -> None:
        """End the service if this supervisor started it; for good."""
        self._is_stopped = True
        self._connection = None
        tasks = [task for task in (self._attempt, self._watcher) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        process, self._process = self._process, None
        if process is not None:
            await process.stop()

    def _begin_attempt(self, *, persistent: bool) -> asyncio.Task[LocalConnection]:
        """Start connecting, or join the attempt that is under way.

        A persistent attempt goes on after failed starts until the policy is
        exhausted; another reports the first failure to whoever waits.
        """
        if self._attempt is None or self._attempt.done():
            self._attempt = asyncio.create_task(self._connect(persistent))
            self._attempt.add_done_callback(self._keep_failure)
        return self._attempt

    def _keep_failure(self, attempt: asyncio.Task[LocalConnection]) -> None:
        """Keep the error of an attempt that nobody waits for, for the next caller."""
        if attempt.cancelled():
            return
        error = attempt.exception()
        if isinstance(error, GatewayError):
            self._failure = error
        elif error is not None:
            self._log.error("Connecting to the local compute service failed", exc_info=error)

    async def _connect(self, persistent: bool) -> LocalConnection:
        if (process := self._process) is not None:
            if process.is_running and await self._attachment.answers(process.connection):
                self._connection = process.connection
                return self._connection
            await process.kill()
            self._note_death(process, await process.wait())
        while True:
            if self._policy.is_exhausted:
                deaths = self._policy.quick_deaths
                self._policy.reset()
                raise gave_up(deaths, self._last_words)
            await asyncio.sleep(self._policy.delay_s)
            try:
                self._connection = await self._attach_or_start()
            except GatewayError as error:
                if not persistent:
                    raise
                self._last_words = error.error_args
                self._policy.record_death(0.0)
            else:
                return self._connection

    async def _attach_or_start(self) -> LocalConnection:
        if sys.platform == "win32":
            raise platform_unsupported()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._start_timeout_s
        polls = 1
        while loop.time() < deadline:
            if (connection := await self._attach(polls)) is not None:
                return connection
            try:
                return await self._start()
            except DataDirBusyError:
                # Another server's service is starting, or ending: look for
                # its state file for a while, then for a free lock again.
                polls = _ATTACH_POLLS_PER_START
        raise service_busy(self._settings.data_dir, self._start_timeout_s)

    async def _attach(self, polls: int) -> LocalConnection | None:
        for poll in range(polls):
            if poll:
                await asyncio.sleep(_ATTACH_POLL_S)
            connection = await self._attachment.find()
            if connection is not None:
                self._log.info("Attached to the local compute service (pid %d)", connection.pid)
                return connection
        return None

    async def _start(self) -> LocalConnection:
        process = await ServiceProcess.start(
            self._settings, self._log, timeout_s=self._start_timeout_s
        )
        self._log.info(
            "Started the local compute service (pid %d) at %s",
            process.pid,
            process.connection.url,
        )
        self._process = process
        self._watcher = asyncio.create_task(self._watch(process))
        return process.connection

    async def _watch(self, process: ServiceProcess) -> None:
        exit_code = await process.wait()
        if self._note_death(process, exit_code):
            self._begin_attempt(persistent=True)

    def _note_death(self, process: ServiceProcess, exit_code: int) -> bool:
        """Take note of an unexpected end once, whoever notices it first."""
        if self._process is not process:
            return False
        self._process = None
        self._connection = None
        self._last_words = process.stderr_lines()
        self._policy.record_death(process.age_s)
        self._log.warning(
            "The local compute service (pid %d) ended unexpectedly (%s):\n%s",
            process.pid,
            describe_exit(exit_code),
            "\n".join(self._last_words),
        )
        return True
