"""Globus Compute's Python SDK, aimed at the local service."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from globus_compute_sdk import Client
from globus_sdk.authorizers import AccessTokenAuthorizer

from .local.settings import default_data_dir, state_path

if TYPE_CHECKING:
    from os import PathLike

_PROBE_TIMEOUT_S = 5.0


class LocalServiceNotRunningError(Exception):
    """There is no local service to connect to; the text says how to start one."""


def make_client(data_dir: str | PathLike[str] | None = None, **options: Any) -> Client:
    """Do what ``jupyterlab_globus_compute.connect`` promises.

    Raises:
        LocalServiceNotRunningError: no service runs on that data directory.
    """
    path = state_path(default_data_dir() if data_dir is None else Path(data_dir).expanduser())
    address = _read(path)
    # The SDK knows no address of local services but a fixed one, which is replaced before it
    # is used.
    authorizer = AccessTokenAuthorizer(address["token"])
    client = Client(
        local_compute_services=True,
        authorizer=authorizer,
        **{**options, "do_version_check": False},
    )
    client.web_service_address = address["url"]
    for web_client in (client._compute_web_client.v2, client._compute_web_client.v3):
        web_client.base_url = address["url"]
    if options.get("do_version_check", True):
        client.version_check()
    return client


def _read(path: Path) -> dict[str, str]:
    """Return the address of a service that answers.

    Raises:
        LocalServiceNotRunningError: there is none.
    """
    try:
        address: dict[str, str] = json.loads(path.read_text("utf-8"))
        parts = urlsplit(address["url"])
        # A service that was killed could not remove the file; and the SDK would try for long.
        socket.create_connection((parts.hostname, parts.port or 0), _PROBE_TIMEOUT_S).close()
    except OSError as error:
        raise _not_running(path) from error
    return address


def _not_running(path: Path) -> LocalServiceNotRunningError:
    return LocalServiceNotRunningError(
        f"No local service runs on {path.parent}. Run a %%compute cell on this computer in "
        "JupyterLab, or start one with: python -m jupyterlab_globus_compute.local"
    )
