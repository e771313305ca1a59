"""Starts the stand-in in a process of its own, for tests in Python."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .companion import Companion, ask

if TYPE_CHECKING:
    from pathlib import Path


class Cloud(Companion):
    """The provider and the stand-in, running."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        """``port`` is that of the Compute service; 0 is any free one."""
        module = f"{__package__}"
        super().__init__([sys.executable, "-m", module, str(folder), "--port", str(port)])

    @property
    def compute_url(self) -> str:
        """The address of the Compute service, and of Groups."""
        return str(self._facts["compute"])

    @property
    def auth_url(self) -> str:
        """The address of Globus Auth."""
        return str(self._facts["auth"])

    def control(self, command: str, **fields: Any) -> Any:
        """Ask the stand-in's control door."""
        return ask(self._facts["control"], command, fields)

    def control_auth(self, command: str, **fields: Any) -> Any:
        """Ask the provider's control door."""
        return ask(self._facts["authControl"], command, fields)
