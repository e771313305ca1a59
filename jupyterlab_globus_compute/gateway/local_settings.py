"""How the local compute service is to be run."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE_MODULE = "jupyterlab_globus_compute.local"

# Credentials for Jupyter itself, of no use to a compute service.
_WITHHELD_VARIABLES = frozenset({"JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN"})


@dataclass(frozen=True)
class LocalServiceSettings:
    """What the server extension's traits say, with the defaults filled in."""

    data_dir: Path
    """Folder of the service's database and state file."""

    python: str
    """The Python interpreter that has this package installed."""

    workers: int
    """Number of worker processes; 0 leaves it to the service: one per CPU."""

    @classmethod
    def from_traits(cls, *, data_dir: str, python: str, workers: int) -> LocalServiceSettings:
        """Fill in the defaults, which empty strings stand for."""
        default_dir = Path(jupyter_data_dir(), "globus-compute", "local")
        return cls(
            data_dir=Path(data_dir).expanduser().absolute() if data_dir else default_dir,
            python=python or sys.executable,
            workers=workers,
        )

    @property
    def state_file(self) -> Path:
        """Where a running service describes itself (readable by its owner only)."""
        return self.data_dir / "service.json"

    def command(self) -> list[str]:
        """The command line that starts the service, bound to its stdin."""
        command = [self.python, "-m", SERVICE_MODULE, "--exit-with-stdin"]
        command += ["--data-dir", str(self.data_dir)]
        if self.workers:
            command += ["--workers", str(self.workers)]
        return command


def service_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the service: ours, without the tokens of Jupyter."""
    return {name: value for name, value in environ.items() if name not in _WITHHELD_VARIABLES}
