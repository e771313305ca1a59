"""The command line of the service."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StartupError
from .settings import Settings, default_data_dir
from .standard_streams import StandardStreams

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = "python -m jupyterlab_globus_compute.local"
_MAX_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service and return the process's exit code.

    Once it accepts submits, one JSON line ``{"url", "token", "endpoint_id", "pid"}`` is
    written to the standard output; nothing else ever is.
    """
    settings = parse_arguments(arguments)
    streams = StandardStreams.claim()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        _check_platform()
        _require("globus_compute_endpoint", "globus-compute-endpoint")
        # Not before the check: these import what it looks for.
        from .service import run  # noqa: PLC0415

        run(settings, streams)
    except StartupError as error:
        print(f"{_PROGRAM}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def parse_arguments(arguments: Sequence[str] | None) -> Settings:
    """Return the settings on the command line; exits with code 2 if they are wrong."""
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Run Globus Compute functions on this computer, for its user alone.",
    )
    parser.add_argument("--port", type=_port, default=0, help="0, the default, is any free one")
    parser.add_argument(
        "--data-dir", type=Path, help="where tasks and results are kept (default: Jupyter's data)"
    )
    parser.add_argument(
        "--workers", type=_positive, default=os.cpu_count() or 1, help="default: one per CPU"
    )
    parser.add_argument(
        "--engine", choices=["process"], default="process", help="how workers are run"
    )
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="stop when the standard input ends"
    )
    given = parser.parse_args(arguments)
    return Settings(
        data_dir=(given.data_dir or default_data_dir()).expanduser().absolute(),
        port=given.port,
        workers=given.workers,
        exit_with_stdin=given.exit_with_stdin,
    )


def _check_platform() -> None:
    # Globus Compute's worker code does not run there either.
    if os.name != "posix":
        raise StartupError(
            "The local service needs Linux or macOS; on Windows, run JupyterLab inside WSL"
        )


def _require(module: str, package: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise StartupError(
            f"The package {package} is missing; install it with: "
            f"{sys.executable} -m pip install {package}"
        )


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _MAX_PORT:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return port


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 worker is needed: {text}")
    return number
