"""The SQLite file: its tables, how it is opened, and what happens to a damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING

from .errors import StartupError

if TYPE_CHECKING:
    from pathlib import Path

# Written by the service's first version; later ones add to it, so that every old file can be
# brought up to date.
_TABLES = """
CREATE TABLE endpoint (
  endpoint_id TEXT PRIMARY KEY
);
CREATE TABLE functions (
  function_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  description TEXT,
  metadata TEXT,
  public INTEGER NOT NULL,
  share_group TEXT,
  deleted INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL UNIQUE,
  task_group_id TEXT NOT NULL,
  function_id TEXT NOT NULL REFERENCES functions,
  payload TEXT,
  result_serializers TEXT,
  received_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  completed_at REAL,
  result TEXT,
  exception TEXT,
  reason TEXT,
  details TEXT
);
CREATE INDEX tasks_by_group ON tasks (task_group_id);
CREATE INDEX unfinished_tasks ON tasks (seq) WHERE completed_at IS NULL;
"""

_GROUPS_QUEUES_CONTAINERS = """
CREATE TABLE task_groups (
  task_group_id TEXT PRIMARY KEY,
  created_at REAL NOT NULL,
  has_queue INTEGER NOT NULL
);
INSERT INTO task_groups
  SELECT task_group_id, min(received_at), 0 FROM tasks GROUP BY task_group_id;
ALTER TABLE tasks ADD COLUMN resource_specification TEXT;
ALTER TABLE tasks ADD COLUMN user_endpoint_config TEXT;
ALTER TABLE tasks ADD COLUMN is_queued_for_delivery INTEGER NOT NULL DEFAULT 0;
CREATE INDEX finished_tasks ON tasks (completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX undelivered_tasks ON tasks (seq)
  WHERE is_queued_for_delivery AND completed_at IS NOT NULL;
CREATE INDEX tasks_by_function ON tasks (function_id);
CREATE TABLE containers (
  container_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  location TEXT NOT NULL,
  description TEXT
);
"""

_CLASSES = """
ALTER TABLE tasks ADD COLUMN walltime_s REAL;
CREATE TABLE class_tasks (
  class_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL
);
"""

_STEPS = (_TABLES, _GROUPS_QUEUES_CONTAINERS, _CLASSES)
"""Step n brings a file from format n to format n + 1."""

FORMAT = len(_STEPS)
"""The format that this version of the service reads and writes (``PRAGMA user_version``)."""

_MAX_CHECKED_BYTES = 64 * 1024 * 1024
"""Up to this size a file is looked through at each start; a larger one would delay it."""


class _DamagedError(Exception):
    """SQLite opens the file, but finds it inconsistent."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database for use by any one thread at a time."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    # FULL, not NORMAL: an accepted task must survive a power cut too.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    return connection


def prepare(path: Path) -> None:
    """Create the database, readable by its owner only, or bring it up to date.

    Raises:
        StartupError: it was written by a later version, cannot be used, or is damaged. A
            damaged one is moved aside first, so that nothing ever writes to it again.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    # An older file may have been copied here with wider permissions.
    path.chmod(0o600)
    try:
        with contextlib.closing(connect(path)) as connection:
            _check_format(connection, path)
            _check_pages(connection, path)
            # Takes effect in a new file only: lets it shrink when results are dropped.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            connection.execute("PRAGMA journal_mode=WAL")
            _bring_up_to_date(connection)
    except (_DamagedError, sqlite3.Error) as error:
        # The other errors, say of permissions or of a full disk, are not the file's fault.
        if isinstance(error, sqlite3.OperationalError):
            raise StartupError(
                f"{path} cannot be used as the service's database ({error})"
            ) from error
        kept = _move_aside(path)
        raise StartupError(
            f"{path} is damaged ({error}). It was moved to {kept} and is kept there; "
            "start the service again to begin with an empty one"
        ) from error


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    found = _format(connection)
    if found > FORMAT:
        raise StartupError(
            f"{path} was written by another version of this service (format {found}, "
            f"known: {FORMAT}); update jupyterlab-globus-compute, or move the file away"
        )


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size > _MAX_CHECKED_BYTES:
        return
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise _DamagedError(finding)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    for number, step in enumerate(_STEPS[_format(connection) :], _format(connection) + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version={number}; COMMIT;")


def _format(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def _move_aside(path: Path) -> Path:
    """Rename the database and the files SQLite keeps beside it; return its new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept
