"""The extra `local`: what the compute service of this computer needs beyond the package itself."""

from __future__ import annotations

import importlib.util
import shlex

EXTRA = "jupyterlab-globus-compute[local]"

NOT_INSTALLED_EXIT_CODE = 4
"""How the service's process ends where the extra is not installed."""

MODULES = ("globus_compute_endpoint", "pika", "starlette", "uvicorn")
"""What the service imports of the extra."""

_SAME_WITH_HYPHENS = str.maketrans("_", "-")


def missing_packages() -> list[str]:
    """The packages of the extra that this interpreter does not find; imports none of them."""
    # What was installed since this process started is found too.
    importlib.invalidate_caches()
    return [
        module.translate(_SAME_WITH_HYPHENS)
        for module in MODULES
        if importlib.util.find_spec(module) is None
    ]


def install_command(python: str) -> str:
    """The command that installs the extra for an interpreter, as typed into a terminal."""
    return f'{shlex.quote(python)} -m pip install "{EXTRA}"'
