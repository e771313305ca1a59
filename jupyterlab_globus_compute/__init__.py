"""Globus Compute for JupyterLab: the Python half of the extension.

Importing the package must stay cheap: the local compute service and each of
its worker processes import it too. So the server extension is imported only
where Jupyter asks for it.
"""

from __future__ import annotations

from typing import Any

from ._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built front end, `[{"src", "dest"}]`."""
    return [{"src": "labextension", "dest": "jupyterlab-globus-compute"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter Server finds the server extension, `[{"module", "app"}]`."""
    # Here, and not above, for the reason given at the top of this file.
    from .extension import GlobusComputeExtension  # noqa: PLC0415

    return [{"module": "jupyterlab_globus_compute", "app": GlobusComputeExtension}]
