"""The extension of the Jupyter server."""

from __future__ import annotations

from jupyter_server.extension.application import ExtensionApp
from traitlets import Dict, Int, TraitError, Unicode

from .gateway.gateway import Gateway
from .gateway.gateway_settings import GatewaySettings
from .gateway.local_settings import LocalServiceSettings
from .gateway.remote_services import LOCAL_NAME, remote_services
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

    cloud_token = Dict(
        help="""Where the token for Globus Compute's hosted service is: one of
        {"token_command": ["program", "argument"]}, {"token_file": "path"} and
        {"token_env": "NAME"}. Empty: the hosted service is not offered. The token goes to
        https://compute.api.globus.org only, and never to a browser.""",
    ).tag(config=True)

    services = Dict(
        help="""Further compute services, by the name that notebooks choose them by: {"name":
        {"url": "https://…", "label": "for people", "token_file": "path"}}, with token_command or
        token_env instead of token_file as in cloud_token. "cancel": True and "events": True say
        that a service has the extensions of docs/local-service.md, "results_once": True that it
        gives each result only once. A url is https, unless it is of this computer.""",
    ).tag(config=True)

    default_service = Unicode(
        LOCAL_NAME, help="""The name of the service that is used when none is chosen."""
    ).tag(config=True)

    _gateway: Gateway | None = None

    def initialize_handlers(self) -> None:
        """Add the routes."""
        local = LocalServiceSettings.from_traits(
            data_dir=self.local_data_dir,
            python=self.local_python,
            workers=self.local_workers,
        )
        try:
            remote = remote_services(cloud=self.cloud_token, others=self.services)
            settings = GatewaySettings(local, remote, self.default_service)
            self._gateway = Gateway(settings, self.log)
        except ValueError as error:
            raise TraitError(f"{self.name}: {error}") from None
        self.handlers.extend(gateway_handlers(self.extension_url, self._gateway))

    async def stop_extension(self) -> None:
        """End what was started for this server."""
        # Without a gateway, another extension kept the server from starting.
        if self._gateway is not None:
            await self._gateway.close()
