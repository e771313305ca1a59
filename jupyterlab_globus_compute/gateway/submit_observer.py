"""Who is told of the submits that pass through the gateway: the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .errors import GatewayError

BATCH_HEADER = "X-Globus-Compute-Batch"
"""Names the batch that a submit belongs to; it does not travel to the service."""


class SubmitObserver(Protocol):
    """Follows the submits of batches; each is `sending` first, then one of the others."""

    async def sending(self, service: str, batch: str) -> None:
        """A submit is about to be sent. Raises `GatewayError` to keep it from being sent."""

    async def accepted(
        self, service: str, batch: str, task_group: str, tasks: Mapping[str, Sequence[str]]
    ) -> None:
        """The service has accepted tasks: their ids by function, in the order of the submit.

        The browser is answered when this has returned.
        """

    async def refused(self, service: str, batch: str, error: GatewayError) -> None:
        """The service has refused the submit, or it could not be sent: there are no tasks."""

    async def unknown(self, service: str, batch: str, error: GatewayError) -> None:
        """The submit was sent and no answer came: there may be tasks or not."""
