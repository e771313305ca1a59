"""What the service is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir


@dataclass(frozen=True)
class Settings:
    """The settings of one service process.

    ``port`` 0 means any free port; ``workers`` is the largest number of worker processes.
    """

    data_dir: Path
    port: int
    workers: int
    exit_with_stdin: bool

    @property
    def database_path(self) -> Path:
        """The SQLite database: functions, tasks and results."""
        return self.data_dir / "service.db"

    @property
    def state_path(self) -> Path:
        """The file that tells how to reach the running service."""
        return self.data_dir / "service.json"

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
