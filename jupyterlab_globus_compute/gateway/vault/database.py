"""The SQLite file: how it is made, opened and brought up to date."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir

from . import errors
from .filesystem import is_local
from .schema import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_NAME = "vault.sqlite"
_BUSY_MS = 10_000
_MAX_CHECKED_BYTES = 64 * 1024 * 1024
"""Up to this size a file is looked through at each start; a larger one would delay it."""


class _DamagedError(Exception):
    """SQLite opens the file, but finds it inconsistent."""


def default_folder() -> Path:
    """Return the folder of the vault where none is configured, below Jupyter's own."""
    return Path(jupyter_data_dir(), "globus-compute", "vault")


def connect(path: Path) -> sqlite3.Connection:
    """Open the vault for use by any one thread at a time."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    # FULL, not NORMAL: a result that the service gave away must survive a power cut too.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    return connection


def prepare(folder: Path, *, can_share_memory: Callable[[Path], bool] = is_local) -> Path:
    """Make the vault in `folder`, for its owner only, or bring it up to date; answer its path.

    Raises `VaultUnusableError`: it was written by a later version, cannot be used, or is
    damaged. A damaged one is moved aside first, so that nothing writes to it again.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        # An older file may have been copied here with wider permissions.
        path.chmod(0o600)
        with contextlib.closing(connect(path)) as connection:
            _check_format(connection, path)
            _check_pages(connection, path)
            # Takes effect in a new file only: lets it shrink when batches are dropped.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            mode = "WAL" if can_share_memory(folder) else "DELETE"
            connection.execute(f"PRAGMA journal_mode={mode}")
            _bring_up_to_date(connection)
    except (sqlite3.OperationalError, OSError) as error:
        # Permissions or a full disk are not the file's fault.
        raise errors.unusable(path, error) from error
    except (_DamagedError, sqlite3.Error) as error:
        raise errors.damaged(path, _move_aside(path), error) from error
    return path


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    found = _format(connection)
    if found > len(STEPS):
        raise errors.later_format(path, found, len(STEPS))


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size > _MAX_CHECKED_BYTES:
        return
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise _DamagedError(finding)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    while _format(connection) < len(STEPS):
        connection.execute("BEGIN IMMEDIATE")
        # Read again under the lock: another server may be doing the same.
        number = _format(connection)
        if number < len(STEPS):
            _run_script(connection, STEPS[number])
            connection.execute(f"PRAGMA user_version={number + 1}")
        connection.execute("COMMIT")


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run statement by statement, for `executescript` would commit first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def _format(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def _move_aside(path: Path) -> Path:
    """Rename the file and those that SQLite keeps beside it; answer its new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept
