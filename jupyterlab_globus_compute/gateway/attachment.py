"""Finding a local service that is already running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .connection import LocalConnection
from .transport import ServiceRequest, Transport, TransportError

if TYPE_CHECKING:
    from logging import Logger
    from pathlib import Path

_PROBE = ServiceRequest("GET", "v2/version")
_PROBE_TIMEOUT_S = 10.0
_OK = 200


class Attachment:
    """Attaches to the service that a state file describes, if it is alive."""

    def __init__(
        self,
        state_file: Path,
        transport: Transport,
        log: Logger,
        *,
        probe_timeout_s: float = _PROBE_TIMEOUT_S,
    ) -> None:
        self._state_file = state_file
        self._transport = transport
        self._log = log
        self._probe_timeout_s = probe_timeout_s

    async def find(self) -> LocalConnection | None:
        """The connection to a running service; None if there is none."""
        connection = self._described()
        if connection is not None and await self.answers(connection):
            return connection
        return None

    async def answers(self, connection: LocalConnection) -> bool:
        """Whether a service at this connection answers and takes its token."""
        try:
            answer = await self._transport.send(connection, _PROBE, timeout_s=self._probe_timeout_s)
        except TransportError:
            return False
        return answer.status == _OK

    def _described(self) -> LocalConnection | None:
        try:
            return LocalConnection.from_json(self._state_file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._log.warning("%s is of no use: %s", self._state_file, error)
            return None
