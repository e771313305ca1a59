"""The IPython extension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from globus_compute_sdk import Client

from jupyterlab_globus_compute.kernel.magic import install

from .launcher import Launcher
from .runner import Runner
from .services import Services
from .sign_in import is_signed_in

if TYPE_CHECKING:
    from collections.abc import Callable


def load(shell: Any) -> None:
    """Give a shell `%%compute`, `%compute_config` and `%compute_result`.

    Nothing is started and nobody asked to sign in before a cell needs it.
    """
    services = Services(local=Launcher().client, cloud=Client, is_signed_in=is_signed_in)

    def make_runner(defaults: Callable[[], str]) -> Runner:
        return Runner(shell, services, defaults)

    install(shell, make_runner)
