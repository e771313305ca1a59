"""What the server's configuration says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .remote_services import LOCAL_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .batches import VaultSettings
    from .local_settings import LocalServiceSettings
    from .remote_services import RemoteService


@dataclass(frozen=True)
class GatewaySettings:
    """The services, the name of the one that is meant when none is named, and the vault."""

    local: LocalServiceSettings
    vault: VaultSettings
    remote: Sequence[RemoteService] = ()
    default: str = LOCAL_NAME
