"""The vault's file while a server runs: opened on first use, read and written in threads."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from jupyterlab_globus_compute.gateway.errors import server_stopping

from . import leases
from .database import prepare
from .errors import VaultUnusableError, vault_failed, vault_unusable
from .reader import Reader
from .writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .transaction import Transaction

T = TypeVar("T")


class VaultFile:
    """Never holds the event loop up. Raises `GatewayError` 503 when the file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="vault")
        self._opening: asyncio.Future[tuple[Writer, Reader, Reader]] | None = None
        self._listeners: set[asyncio.Event] = set()
        self._holder = leases.this_holder()
        self._is_closed = False

    async def close(self) -> None:
        """Write what is waiting, give the leases back, and close the file."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._opening is not None:
            with suppress(VaultUnusableError):
                writer, *readers = await self._opening
                holder = self._holder
                writer.submit(lambda transaction: leases.give_lease_back(transaction, holder))
                await asyncio.get_running_loop().run_in_executor(self._threads, writer.close)
                for reader in readers:
                    reader.close()
        self._threads.shutdown()

    async def version(self) -> int:
        """See `Reader.version`."""
        _, reader, _ = await self._opened()
        try:
            return await self.in_thread(reader.version)
        except sqlite3.Error as error:
            raise vault_failed(error) from error

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set after each change that this process has written."""
        event = asyncio.Event()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)

    async def in_thread(self, function: Callable[[], T]) -> T:
        """Run what takes long, such as reading a large answer, beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)

    async def _write(self, operation: Callable[[Transaction], T]) -> T:
        writer, _, _ = await self._opened()
        # Once handed over it is done, also when whoever waits for it goes away.
        try:
            return await asyncio.shield(asyncio.wrap_future(writer.submit(operation)))
        except sqlite3.Error as error:
            raise vault_failed(error) from error

    async def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        _, _, reader = await self._opened()
        try:
            return await self.in_thread(lambda: reader.read(query))
        except sqlite3.Error as error:
            raise vault_failed(error) from error

    def _tell(self) -> None:
        for event in self._listeners:
            event.set()

    async def _opened(self) -> tuple[Writer, Reader, Reader]:
        if self._is_closed:
            raise server_stopping()
        loop = asyncio.get_running_loop()
        if self._opening is None:

            def tell() -> None:
                # The loop is closed when the server ends while the writer still works.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._tell)

            def open_all() -> tuple[Writer, Reader, Reader]:
                path = prepare(self._folder)
                return Writer(path, tell), Reader(path), Reader(path)

            self._opening = asyncio.ensure_future(loop.run_in_executor(self._threads, open_all))
        try:
            return await asyncio.shield(self._opening)
        except VaultUnusableError as error:
            raise vault_unusable(error) from error
