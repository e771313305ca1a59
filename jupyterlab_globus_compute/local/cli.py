"""The command line of the service."""

from __future__ import annotations

import argparse
import logging
import os
import platform
import shutil
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jupyterlab_globus_compute import local_extra

from .errors import StartupError
from .settings import Settings, default_data_dir
from .standard_streams import StandardStreams

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = "python -m jupyterlab_globus_compute.local"
_MAX_PORT = 65535
_S_PER_DAY = 24 * 60 * 60
_BYTES_PER_MIB = 1024 * 1024
_ENDLESS = 1e9


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
        _require_extra()
        # Not before the check: these import what it looks for.
        from .service import run  # noqa: PLC0415

        run(settings, streams)
    except StartupError as error:
        print(f"{_PROGRAM}: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def parse_arguments(arguments: Sequence[str] | None) -> Settings:
    """Return the settings on the command line; exits with code 2 if they are wrong."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if (given.engine == "htex") != (given.endpoint_config is not None):
        parser.error("--engine htex and --endpoint-config need each other")
    if given.engine == "htex" and (given.python or given.walltime or given.memory):
        parser.error("--python, --walltime and --memory are set in the --endpoint-config of htex")
    return Settings(
        data_dir=(given.data_dir or default_data_dir()).expanduser().absolute(),
        port=given.port,
        workers=given.workers,
        exit_with_stdin=given.exit_with_stdin,
        engine=given.engine,
        endpoint_config=given.endpoint_config,
        python=given.python,
        walltime_s=given.walltime,
        memory_bytes=given.memory and given.memory * _BYTES_PER_MIB,
        allowed_functions=tuple(given.allowed_function) if given.allowed_function else None,
        amqp_url=given.amqp_url,
        keep_s=given.keep_days * _S_PER_DAY or None,
        keep_bytes=int(given.keep_mib * _BYTES_PER_MIB) or None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description="Run Globus Compute functions on this computer, for its user alone.",
        epilog="Settings can also be read from a file, one argument a line: @FILE",
        fromfile_prefix_chars="@",
    )
    add = parser.add_argument
    add("--port", type=_port, default=0, help="0, the default, is any free one")
    add("--data-dir", type=Path, help="where all is kept (default: below Jupyter's data)")
    add("--workers", type=_positive, default=os.cpu_count() or 1, help="default: one per CPU")
    add("--engine", choices=["process", "htex"], default="process", help="how workers are run")
    add(
        "--endpoint-config",
        type=_file,
        help="config.yaml of an endpoint, whose GlobusComputeEngine --engine htex runs",
    )
    add("--python", type=_program, help="interpreter of the workers (default: the service's)")
    add("--walltime", type=_seconds, help="seconds after which a task is ended (default: never)")
    add("--memory", type=_positive, help="MiB of memory that a task may use (default: no limit)")
    add(
        "--allowed-function",
        type=_uuid,
        action="append",
        help="id of a function that may be run, others then may not; can be repeated",
    )
    add(
        "--amqp-url",
        type=_amqp_url,
        help="a RabbitMQ for the Executor of the Python SDK: amqp://...",
    )
    add("--keep-days", type=_amount, default=30, help="how long results are kept; 0: for ever")
    add("--keep-mib", type=_amount, default=2048, help="size of what is kept; 0: no limit")
    add("--exit-with-stdin", action="store_true", help="stop when the standard input ends")
    return parser


def _check_platform() -> None:
    # Globus Compute's worker code does not run there either.
    if platform.system() == "Windows":
        raise StartupError(
            "The local service needs Linux or macOS; on Windows, run JupyterLab inside WSL"
        )


def _require_extra() -> None:
    missing = local_extra.missing_packages()
    if missing:
        raise StartupError(
            f"The local service is not installed (missing: {', '.join(missing)}). To add it, run: "
            f"{local_extra.install_command(sys.executable)}",
            local_extra.NOT_INSTALLED_EXIT_CODE,
        )


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _MAX_PORT:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return port


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 is needed: {text}")
    return number


def _amount(text: str) -> float:
    number = float(text)
    if not 0 <= number < _ENDLESS:
        raise argparse.ArgumentTypeError(f"not an amount: {text}")
    return number


def _seconds(text: str) -> float:
    seconds = _amount(text)
    if seconds == 0:
        raise argparse.ArgumentTypeError(f"not a length of time: {text}")
    return seconds


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


def _amqp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
        # Without the text, which may hold a password.
        raise argparse.ArgumentTypeError("it must look like amqp://user:password@host:port/")
    return text


def _file(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no such file: {text}")
    return path


def _program(text: str) -> str:
    path = shutil.which(str(Path(text).expanduser()))
    if path is None:
        raise argparse.ArgumentTypeError(f"there is no such program: {text}")
    return path
