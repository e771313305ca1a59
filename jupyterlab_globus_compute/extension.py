"""The extension of the Jupyter server."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import IOLoop
from traitlets import Bool, Dict, Float, Int, TraitError, Unicode

from .gateway.accounts.globus_settings import GlobusSettings
from .gateway.batches import VaultSettings
from .gateway.gateway import Gateway
from .gateway.gateway_settings import GatewaySettings
from .gateway.local_settings import LocalServiceSettings
from .gateway.remote_services import LOCAL_NAME, remote_services
from .handlers import gateway_handlers
from .kernel_connection import make_prompt
from .notebook_moves import follow_notebooks

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


class GlobusComputeExtension(ExtensionApp):
    """Compute services behind the Jupyter server, under `<base_url>/globus-compute/`.

    The local service starts on first use, or with the server if tasks are
    pending there, and ends with the server.
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
        {"token_env": "NAME"}. Empty: people sign in (docs/signing-in.md). The token goes to
        Globus Compute only, and never to a browser.""",
    ).tag(config=True)

    globus_urls = Dict(
        help="""Addresses of Globus, by "auth", "groups" and "compute", each https unless it is
        of this computer. What is not named here is as for the Globus Compute SDK.""",
    ).tag(config=True)

    sign_in_client_id = Unicode(
        "",
        help="""Id of the native application at Globus Auth as which people sign in. Empty: the
        Globus Compute SDK's, so that logins are shared with terminals.""",
    ).tag(config=True)

    sign_in_redirect = Unicode(
        "",
        help="""Address of this server's globus-compute/sign-in/callback, if it is registered as a
        redirect of sign_in_client_id: a sign-in then ends by itself. Empty: Globus shows a code,
        which people paste.""",
    ).tag(config=True)

    amqp = Bool(
        True,
        help="""Whether results are taken from Globus Compute's queue (AMQP over TLS, port 443)
        where it offers one. They are asked for otherwise.""",
    ).tag(config=True)

    services = Dict(
        help="""Further compute services, by the name that notebooks choose them by: {"name":
        {"url": "https://…", "label": "for people", "token_file": "path"}}, with token_command or
        token_env instead of token_file as in cloud_token. "cancel": True and "events": True say
        that a service has the extensions of docs/local-service.md, "results_once": True that it
        gives each result only once, "amqp": True that it has a queue of results. A url is https,
        unless it is of this computer.""",
    ).tag(config=True)

    default_service = Unicode(
        LOCAL_NAME, help="""The name of the service that is used when none is chosen."""
    ).tag(config=True)

    prompt_kernels = Bool(
        True,
        help="""Whether messages of kernels go to browsers without TCP putting them off (Nagle's
        algorithm), which takes up to 40 ms off every answer of a kernel. Connections of another
        kind than Jupyter's own are left as they are.""",
    ).tag(config=True)

    vault_dir = Unicode(
        "",
        help="""Folder in which batches and their results are kept. People who share an account of
        the operating system need one each. Empty: globus-compute/vault in Jupyter's data
        folder.""",
    ).tag(config=True)

    vault_retention_days = Float(
        90.0, min=0.0, help="""How long ended batches are kept, in days. 0: for ever."""
    ).tag(config=True)

    vault_max_mib = Float(
        2048.0,
        min=0.0,
        help="""How large the vault may become, in MiB; the batches that ended first go first, and
        those that have not ended never. 0: without limit.""",
    ).tag(config=True)

    _gateway: Gateway | None = None

    def initialize_settings(self) -> None:
        """Change what the server is to do besides its routes."""
        if self.prompt_kernels:
            make_prompt(self.settings)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        server = cast("ServerApp", self.serverapp)
        local = LocalServiceSettings.from_traits(
            data_dir=self.local_data_dir,
            python=self.local_python,
            workers=self.local_workers,
        )
        vault = VaultSettings.from_traits(
            folder=self.vault_dir,
            root=server.root_dir,
            retention_days=self.vault_retention_days,
            max_mib=self.vault_max_mib,
        )
        try:
            globus = GlobusSettings.from_traits(
                urls=self.globus_urls,
                client_id=self.sign_in_client_id,
                redirect=self.sign_in_redirect,
                uses_push=self.amqp,
            )
            remote = remote_services(
                cloud=self.cloud_token, others=self.services, cloud_url=globus.compute_url
            )
            settings = GatewaySettings(local, vault, remote, self.default_service, globus)
            self._gateway = Gateway(settings, self.log)
        except ValueError as error:
            raise TraitError(f"{self.name}: {error}") from None
        self.handlers.extend(gateway_handlers(self.extension_url, self._gateway))
        follow_notebooks(server.event_logger, self._gateway.batches.vault, self.log)
        # Once the loop runs: results that were pending when the server ended are fetched.
        IOLoop.current().add_callback(self._gateway.start)

    async def stop_extension(self) -> None:
        """End what was started for this server."""
        # Without a gateway, another extension kept the server from starting.
        if self._gateway is not None:
            await self._gateway.close()
