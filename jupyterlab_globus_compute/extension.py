"""The extension of the Jupyter server."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp
from traitlets import Int, Unicode

from .gateway.gateway import Gateway
from .gateway.local_settings import LocalServiceSettings
from .handlers import gateway_handlers


class GlobusComputeExtension(ExtensionApp):
    """Compute services behind the Jupyter server, under `<base_url>/globus-compute/`.

    Nothing is started with the server; the local service starts on first use
    and ends with the server.
    """

    name = "jupyterlab_globus_compute"
    extension_url = "/globus-compute"
    load_other_extensions = True

    local_data_dir = Unicode(
        "",
        help="""Folder in which the compute service of this computer keeps its tasks and results.
        Empty: globus-compute/local in Jupyter's data folder.""",
    ).tag(config=True)

    local_workers = Int(
        0,
        min=0,
        help="""How many tasks the compute service of this computer runs at the same time.
        0: one for each CPU.""",
    ).tag(config=True)

    local_python = Unicode(
        "",
        help="""The Python interpreter that runs the compute service of this computer; it needs
        this package installed. Empty: the one that runs the Jupyter server.""",
    ).tag(config=True)

    _gateway: Gateway | None = None

    def initialize_handlers(self) -> None:
        """Add the routes."""
        settings = LocalServiceSettings.from_traits(
            data_dir=self.local_data_dir,
            python=self.local_python,
            workers=self.local_workers,
        )
        self._gateway = Gateway(settings, self.log)
        self.handlers.extend(gateway_handlers(self.extension_url, self._gateway))

    async def stop_extension(self) -> None:
        """End what was started for this server."""
        # Without a gateway, another extension kept the server from starting.
        if self._gateway is not None:
            await self._gateway.close()
