"""What the service is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jupyter_core.paths import jupyter_data_dir


@dataclass(frozen=True)
class Settings:
    """The settings of one service process.

    ``port`` 0 means any free port; ``workers`` is the largest number of worker processes.
    Where None is possible it means: no limit, all functions, no result queue, this
    interpreter.
    """

    data_dir: Path
    port: int
    workers: int
    exit_with_stdin: bool
    engine: Literal["process", "htex"] = "process"
    endpoint_config: Path | None = None
    python: str | None = None
    walltime_s: float | None = None
    memory_bytes: int | None = None
    allowed_functions: tuple[str, ...] | None = None
    amqp_url: str | None = None
    keep_s: float | None = None
    keep_bytes: int | None = None

    @property
    def database_path(self) -> Path:
        """The SQLite database: functions, tasks and results."""
        return self.data_dir / "service.db"

    @property
    def state_path(self) -> Path:
        """The file that tells how to reach the running service."""
        return state_path(self.data_dir)

    @property
    def lock_path(self) -> Path:
        """The file whose lock is held while a service uses the data directory."""
        return self.data_dir / "service.lock"

    @property
    def tasks_dir(self) -> Path:
        """The working directory of the tasks."""
        return self.data_dir / "tasks_working_dir"


def default_data_dir() -> Path:
    """Return the data directory used when none is given, below Jupyter's own."""
    return Path(jupyter_data_dir()) / "globus-compute" / "local"


def state_path(data_dir: Path) -> Path:
    """Return the file that tells how to reach the service running on a data directory."""
    return data_dir / "service.json"
