"""What the magics do without JupyterLab's front end."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.class_record import ClassRecord
from jupyterlab_globus_compute.kernel.bridge.bridge import Bridge
from jupyterlab_globus_compute.kernel.bridge.magic_line import parse_magic
from jupyterlab_globus_compute.kernel.bridge.options import help_text

from .background import Background
from .class_folder import ClassFolder
from .class_quota import ClassQuota
from .class_run import ClassRun
from .errors import ServiceError
from .records import Records, records_path
from .results import Results
from .run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyterlab_globus_compute.kernel.bridge.magic_line import Magic

    from .services import Services, Target


class Runner:
    """Runs the `%%compute` cells of one shell; `defaults` tells the line of `%compute_config`."""

    def __init__(self, shell: Any, services: Services, defaults: Callable[[], str]) -> None:
        self._services = services
        self._defaults = defaults
        self._records = Records(records_path())
        self._bridge = Bridge(shell, None)
        self._background = Background(shell)
        self._results = Results(shell, services, self._records)
        self._class_record = ClassRecord()
        self._class_folder = ClassFolder(Path.cwd(), self._class_record)
        self._cell_text = ""

    def compute(self, line: str, cell: str) -> None:
        """Run a `%%compute` cell to its end, or to where it waits in the background."""
        magic = parse_magic(f"%%compute {line}", self._defaults())
        if magic.help:
            print(help_text())
            return
        run = self._run_of(magic, line, cell)
        if not run.begin(line, cell):
            return
        if magic.wait:
            run.wait()
        else:
            self._background.add(run)

    def _run_of(self, magic: Magic, line: str, cell: str) -> Run:
        """Return the run of a cell, within the class of the folder. Raises `ServiceError`."""
        source_hash = self._source_hash(line, cell)
        file = self._class_folder.accepted()
        if magic.request["local"]:
            return Run(self._bridge, magic, None, self._records, source_hash=source_hash)
        if file is None:
            target = self._services.target(magic.endpoint)
            _check_functions(magic, target)
            return Run(self._bridge, magic, target, self._records, source_hash=source_hash)
        classed = ClassRun(file, self._services)
        aim = classed.aim(magic.endpoint)
        _check_functions(magic, aim.target)
        return Run(
            self._bridge,
            classed.fill_in(magic, cell, aim),
            aim.target,
            self._records,
            source_hash=source_hash,
            quota=ClassQuota(file, self._class_record),
            note=aim.note,
        )

    def fetch(self, line: str) -> Any:
        """Do what `%compute_result` asks for."""
        return self._results.fetch(line)

    def before_cell(self, *info: object) -> None:
        """Land what has come in the background, before the next cell runs."""
        self._cell_text = str(getattr(info[0], "raw_cell", "")) if info else ""
        self._background.land()

    def _source_hash(self, line: str, cell: str) -> str | None:
        """Return the SHA-256 of the cell as it stands in the notebook, None if that is not known.

        IPython trims the line of a magic, and a magic may be called by other code.
        """
        text = self._cell_text
        head, _, rest = text.lstrip().partition("\n")
        is_same = head.startswith("%%compute") and head.split()[1:] == line.split()
        if not is_same or rest.strip() != cell.strip():
            return None
        return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()


def _check_functions(magic: Magic, target: Target) -> None:
    """Raise `ServiceError` for a function of the line that is not where the cell runs."""
    for name, function_id in magic.request["functions"]:
        if not target.service.has_function(function_id):
            raise ServiceError(
                f"--function {name}: the {target.service.name} service knows no function "
                f"{function_id}."
            )
