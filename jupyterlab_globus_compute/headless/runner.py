"""What the magics do without JupyterLab's front end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.bridge import Bridge
from jupyterlab_globus_compute.kernel.bridge.magic_line import parse_magic
from jupyterlab_globus_compute.kernel.bridge.options import help_text

from .background import Background
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
        self._cell_text = ""

    def compute(self, line: str, cell: str) -> None:
        """Run a `%%compute` cell to its end, or to where it waits in the background."""
        magic = parse_magic(f"%%compute {line}", self._defaults())
        if magic.help:
            print(help_text())
            return
        target = self._target(magic)
        run = Run(
            self._bridge, magic, target, self._records, source_hash=self._source_hash(line, cell)
        )
        if not run.begin(line, cell):
            return
        if magic.wait:
            run.wait()
        else:
            self._background.add(run)

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

    def _target(self, magic: Magic) -> Target | None:
        """Return where the cell runs, None for this kernel. Raises `ServiceError`."""
        if magic.request["local"]:
            return None
        target = self._services.target(magic.endpoint)
        for name, function_id in magic.request["functions"]:
            if not target.service.has_function(function_id):
                raise ServiceError(
                    f"--function {name}: the {target.service.name} service knows no function "
                    f"{function_id}."
                )
        return target
