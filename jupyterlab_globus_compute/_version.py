"""The version of the installed distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

DISTRIBUTION_NAME = "jupyterlab-globus-compute"


def installed_version() -> str:
    """The version of the installed distribution, `0+unknown` in a bare source tree."""
    try:
        return version(DISTRIBUTION_NAME)
    except PackageNotFoundError:
        return "0+unknown"


__version__ = installed_version()
