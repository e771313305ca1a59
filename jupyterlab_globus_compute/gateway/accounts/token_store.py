"""The Python SDK's own store of logins."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from globus_sdk import GlobusError
from globus_sdk.token_storage import SQLiteTokenStorage

from .account_errors import store_broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from globus_sdk.token_storage import TokenStorageData

_LOCK_TIMEOUT_S = 30.0


def user_namespace(environment: str) -> str:
    """Where people's logins are (`globus_compute_sdk.sdk.auth.token_storage`)."""
    return f"user/{environment}"


def client_namespace(environment: str, client_id: str) -> str:
    """Where a service account's tokens are (`globus_compute_sdk.sdk.auth.token_storage`)."""
    return f"clientprofile/{environment}/{client_id}"


class TokenStore:
    """`storage.db` in the SDK's folder, of which every use is a connection of its own.

    So a login made in a terminal is seen at once, and one made here is seen there. All calls
    block, and may be made from any thread.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def read(self) -> Mapping[str, TokenStorageData]:
        """What is stored, by resource server. Creates nothing. Raises `GatewayError` 500."""
        path = _path(create=False)
        if not path.is_file():
            return {}
        with self.opened() as storage:
            try:
                return storage.get_token_data_by_resource_server()
            except (GlobusError, ValueError, LookupError, TypeError) as error:
                # A row that is not of this version of the SDK.
                raise store_broken(path, type(error).__name__) from None

    @contextmanager
    def opened(self) -> Iterator[SQLiteTokenStorage]:
        """The SDK's storage, created (0600) if need be. Raises `GatewayError` 500."""
        path = _path(create=True)
        try:
            with closing(SQLiteTokenStorage(path, namespace=self._namespace)) as storage:
                yield storage
        except sqlite3.Error as error:
            raise store_broken(path, type(error).__name__) from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other server of this user renew or replace logins meanwhile.

        A refresh token may be good for one use only, so two servers must not use the same.
        Raises `GatewayError` 500.
        """
        path = _path(create=True)
        lock = FileLock(path.with_name("jupyter-sign-in.lock"), timeout=_LOCK_TIMEOUT_S, mode=0o600)
        try:
            lock.acquire()
        except (Timeout, OSError) as error:
            raise store_broken(path, type(error).__name__) from None
        try:
            yield
        finally:
            lock.release()


def _path(*, create: bool) -> Path:
    # Slow to import, and not before it is needed.
    from globus_compute_sdk.sdk.compute_dir import (  # noqa: PLC0415
        ensure_compute_dir,
        get_compute_dir,
    )

    try:
        folder = ensure_compute_dir() if create else get_compute_dir()
    except OSError as error:
        raise store_broken(get_compute_dir(), type(error).__name__) from None
    return Path(folder, "storage.db")
