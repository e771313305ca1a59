"""Globus Compute for JupyterLab: the Python half of the extension.

Importing the package must stay cheap: the local compute service and each of
its worker processes import it too. So the server extension is imported only
where Jupyter asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from os import PathLike

    from globus_compute_sdk import Client

__all__ = ["__version__", "connect"]


def connect(data_dir: str | PathLike[str] | None = None, **options: Any) -> Client:
    """Return a `globus_compute_sdk.Client` of the local service that is running.

    `data_dir` is the service's data directory, if it is not the usual one; `options` are
    those of `Client`. Neither the environment nor other clients are changed. The address
    belongs to one run of the service: after a restart, connect again.

    Raises `LocalServiceNotRunningError` if no service runs on that data directory.
    """
    # The SDK takes half a second to import.
    from .sdk_client import make_client  # noqa: PLC0415

    return make_client(data_dir, **options)


def load_ipython_extension(shell: Any) -> None:
    """Give IPython `%%compute`: what `%load_ext jupyterlab_globus_compute` calls."""
    # As above, and of no use to anybody else.
    from .headless.extension import load  # noqa: PLC0415

    load(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built front end, `[{"src", "dest"}]`."""
    return [{"src": "labextension", "dest": "jupyterlab-globus-compute"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter Server finds the server extension, `[{"module", "app"}]`."""
    # Here, and not above, for the reason given at the top of this file.
    from .extension import GlobusComputeExtension  # noqa: PLC0415

    return [{"module": "jupyterlab_globus_compute", "app": GlobusComputeExtension}]
