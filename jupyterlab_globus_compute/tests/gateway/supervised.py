"""Supervisors of the stand-in service, with a short patience."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.attachment import Attachment
from jupyterlab_globus_compute.gateway.local_settings import LocalServiceSettings
from jupyterlab_globus_compute.gateway.profiles import LocalProfile
from jupyterlab_globus_compute.gateway.proxy import Proxy
from jupyterlab_globus_compute.gateway.restart_policy import RestartPolicy
from jupyterlab_globus_compute.gateway.supervisor import LocalServiceSupervisor
from jupyterlab_globus_compute.gateway.transport import Transport

if TYPE_CHECKING:
    from pathlib import Path

LOG = logging.getLogger("gateway-tests")


class Supervised:
    """Makes supervisors of one service; `stop` ends them all."""

    def __init__(self, data_dir: Path, python: Path) -> None:
        self.settings = LocalServiceSettings(data_dir, str(python), 0)
        self._supervisors: list[LocalServiceSupervisor] = []
        self._transports: list[Transport] = []

    def supervisor(
        self, *, start_timeout_s: float = 30.0, probe_timeout_s: float = 5.0, **changes: Any
    ) -> LocalServiceSupervisor:
        """A supervisor; `changes` are other settings."""
        settings = replace(self.settings, **changes)
        attachment = Attachment(
            settings.state_file, self._transport(), LOG, probe_timeout_s=probe_timeout_s
        )
        supervisor = LocalServiceSupervisor(
            settings,
            attachment,
            LOG,
            policy=RestartPolicy(first_delay_s=0.01),
            start_timeout_s=start_timeout_s,
        )
        self._supervisors.append(supervisor)
        return supervisor

    def profile(self, **changes: Any) -> LocalProfile:
        """A profile of the local service."""
        return LocalProfile(self.supervisor(**changes))

    def proxy(self, *, timeout_s: float) -> Proxy:
        """A proxy with that much patience for one request."""
        return Proxy(self._transport(), LOG, timeout_s=timeout_s)

    async def stop(self) -> None:
        """End everything that was started."""
        for supervisor in self._supervisors:
            await supervisor.stop()
        for transport in self._transports:
            transport.close()

    def _transport(self) -> Transport:
        self._transports.append(Transport())
        return self._transports[-1]
