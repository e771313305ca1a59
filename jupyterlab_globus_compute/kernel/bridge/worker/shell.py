"""Commands of a cell where no IPython is."""

from __future__ import annotations

import re
import subprocess
from typing import Any


class Shell:
    """What `!command` of a cell becomes where no IPython is."""

    def __init__(self, space: dict[str, Any]) -> None:
        self._space = space

    def system(self, command: str) -> None:
        """Run a command; its output goes to this process's own streams."""
        subprocess.run(self._expanded(command), shell=True, check=False)  # noqa: S602

    def getoutput(self, command: str) -> list[str]:
        """Run a command and return the lines it writes."""
        return subprocess.getoutput(self._expanded(command)).splitlines()  # noqa: S605

    def _expanded(self, command: str) -> str:
        def value(match: Any) -> str:
            name = match.group(1) or match.group(2)
            return str(self._space[name]) if name in self._space else match.group(0)

        return re.sub(r"\{(\w+)\}|\$(\w+)", value, command)
