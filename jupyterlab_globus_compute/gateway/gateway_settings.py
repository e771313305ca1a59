"""What the server's configuration says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .accounts.globus_settings import GlobusSettings
from .remote_services import LOCAL_NAME, RemoteServices

if TYPE_CHECKING:
    from .batches import VaultSettings
    from .local_settings import LocalServiceSettings


@dataclass(frozen=True)
class GatewaySettings:
    """The services, the name of the one that is meant when none is named, and the rest."""

    local: LocalServiceSettings
    vault: VaultSettings
    remote: RemoteServices = field(default_factory=RemoteServices)
    default: str = LOCAL_NAME
    globus: GlobusSettings = field(default_factory=GlobusSettings)
