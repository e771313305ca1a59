"""Saying why the local service could not be had, and what to do about it."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING

from jupyterlab_globus_compute import local_extra

from .errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MISSING_MODULE = re.compile(
    r"(?:ModuleNotFoundError: No module named|No module named) '?([A-Za-z0-9_.]+)'?"
)

_SAME_WITH_HYPHENS = str.maketrans("_", "-")


def describe_exit(exit_code: int) -> str:
    """`exit code 1`, or `signal SIGKILL` for a process that a signal ended."""
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"signal {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"signal {-exit_code}"


def start_failed(exit_code: int, stderr_lines: Sequence[str], python: str) -> GatewayError:
    """503: the service ended before it was ready.

    `stderr_lines` are the last lines it wrote; they become the error's
    arguments, and a missing package is named with the command to install it.
    """
    if exit_code == local_extra.NOT_INSTALLED_EXIT_CODE:
        return not_installed(python, stderr_lines)
    module = _missing_module(stderr_lines)
    if module is not None:
        package = module.partition(".")[0].translate(_SAME_WITH_HYPHENS)
        return GatewayError(
            503,
            "LOCAL_SERVICE_MISSING_PACKAGE",
            "The compute service of this computer cannot start, because the Python package "
            f"'{package}' is missing. Run: {local_extra.install_command(python)} - then try again.",
            error_args=stderr_lines,
        )
    last_words = stderr_lines[-1].strip().rstrip(".") if stderr_lines else "it said nothing"
    return _not_started(f"it ended with {describe_exit(exit_code)}: {last_words}", stderr_lines)


def not_installed(python: str, stderr_lines: Sequence[str] = ()) -> GatewayError:
    """503: the extra `local` is not installed for that interpreter."""
    return GatewayError(
        503,
        "LOCAL_SERVICE_NOT_INSTALLED",
        "The compute service of this computer is not installed. To add it, run this in a terminal "
        f"and try again: {local_extra.install_command(python)}",
        error_args=stderr_lines,
    )


def start_timed_out(timeout_s: float, stderr_lines: Sequence[str]) -> GatewayError:
    """503: the service was not ready in time."""
    return _not_started(f"it was not ready within {timeout_s:g} seconds", stderr_lines)


def start_garbled(stderr_lines: Sequence[str]) -> GatewayError:
    """503: what the service printed when ready cannot be read."""
    return _not_started(
        "what it printed when ready is not what this version of the extension expects", stderr_lines
    )


def start_impossible(error: OSError) -> GatewayError:
    """503: the operating system refused, e.g. no such interpreter, no such folder."""
    what = error.strerror or type(error).__name__
    where = f": {error.filename}" if error.filename else ""
    return _not_started(f"{what}{where}", ())


def platform_unsupported() -> GatewayError:
    """503: Globus Compute's worker code does not run on Windows."""
    return GatewayError(
        503,
        "LOCAL_SERVICE_UNSUPPORTED",
        "The compute service of this computer does not run on Windows, because Globus Compute's "
        "worker code does not. Run JupyterLab in WSL, or choose another compute service.",
    )


def service_busy(data_dir: Path, timeout_s: float) -> GatewayError:
    """503: another service holds the data folder, and does not answer."""
    return GatewayError(
        503,
        "LOCAL_SERVICE_BUSY",
        f"Another compute service has used {data_dir} for {timeout_s:g} seconds without "
        "answering. End that process (its id is in service.json there), or set "
        "GlobusComputeExtension.local_data_dir to another folder.",
    )


def gave_up(deaths: int, stderr_lines: Sequence[str]) -> GatewayError:
    """503: the service dies again and again."""
    last_words = f" Its last words: {stderr_lines[-1].strip()}" if stderr_lines else ""
    return GatewayError(
        503,
        "LOCAL_SERVICE_KEEPS_DYING",
        f"The compute service of this computer ended {deaths} times in a row shortly after it "
        "started, so it is not restarted by itself any more. Look into the Jupyter server's log "
        f"for the cause; the next request tries again.{last_words}",
        error_args=stderr_lines,
    )


def _not_started(what: str, stderr_lines: Sequence[str]) -> GatewayError:
    return GatewayError(
        503,
        "LOCAL_SERVICE_NOT_STARTED",
        f"The compute service of this computer could not start: {what}. "
        "The Jupyter server's log says more; correct the cause, then try again.",
        error_args=stderr_lines,
    )


def _missing_module(stderr_lines: Sequence[str]) -> str | None:
    # The last line is the error; lines before it may tell of modules whose
    # absence was handled.
    match = _MISSING_MODULE.search(stderr_lines[-1]) if stderr_lines else None
    return match.group(1) if match else None
