"""The SQLite file: its tables and how it is opened."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from .errors import StartupError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_VERSION = 1

_SCHEMA = """
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


def connect(path: Path) -> sqlite3.Connection:
    """Open the database for use by any one thread at a time."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    # FULL, not NORMAL: an accepted task must survive a power cut too.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    return connection


def prepare(path: Path) -> None:
    """Create the database, readable by its owner only, or check that it can be used.

    Raises:
        StartupError: it is not a database, or was written by a later version.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    # An older file may have been copied here with wider permissions.
    path.chmod(0o600)
    try:
        connection = connect(path)
        try:
            _check_version(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            _create_tables(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StartupError(
            f"{path} cannot be used as the service's database ({error}); "
            "move it away to start with an empty one"
        ) from error


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version not in (0, SCHEMA_VERSION):
        raise StartupError(
            f"{path} was written by another version of this service (format {version}, "
            f"known: {SCHEMA_VERSION}); update jupyterlab-globus-compute, or move the file away"
        )


def _create_tables(connection: sqlite3.Connection) -> None:
    if _version(connection) == 0:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version={SCHEMA_VERSION}; COMMIT;"
        )


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
