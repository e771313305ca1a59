"""Follows the submits that pass through the gateway."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.accounts.account_errors import SIGN_IN_NEEDED
from jupyterlab_globus_compute.gateway.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from logging import Logger

    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the SDK submits again by itself."""


class BatchRecorder:
    """The `SubmitObserver` that writes accepted tasks into the vault."""

    def __init__(self, vault: Vault, log: Logger) -> None:
        self._vault = vault
        self._log = log
        self._sending: Counter[str] = Counter()
        self._on_unknown: Callable[[str], None] = lambda _batch: None

    def is_sending(self, batch: str) -> bool:
        """Whether a submit of this batch is under way."""
        return self._sending[batch] > 0

    def when_unknown(self, listener: Callable[[str], None]) -> None:
        """Have `listener` told of batches whose submit was not answered."""
        self._on_unknown = listener

    async def sending(self, service: str, batch: str) -> None:
        """See `SubmitObserver`. Raises `GatewayError` when the batch was not planned."""
        await self._vault.check_service(batch, service)
        self._sending[batch] += 1

    async def accepted(
        self, service: str, batch: str, task_group: str, tasks: Mapping[str, Sequence[str]]
    ) -> None:
        """See `SubmitObserver`."""
        try:
            await self._vault.accept(batch, task_group, tasks)
        except GatewayError as error:
            # The tasks exist all the same: the browser must hear of them.
            self._log.error("Tasks accepted by '%s' could not be noted: %s", service, error)
            self._on_unknown(batch)
        finally:
            self._sent(batch)

    async def refused(self, service: str, batch: str, error: GatewayError) -> None:
        """See `SubmitObserver`."""
        self._sent(batch)
        # Nobody is signed in: the submit was not sent, and comes again after a sign-in.
        if error.status not in _TRANSIENT and error.code != SIGN_IN_NEEDED:
            await self._vault.give_up(batch, f"'{service}' refused the submit: {error.reason}")

    async def unknown(self, service: str, batch: str, error: GatewayError) -> None:
        """See `SubmitObserver`."""
        del service, error
        self._sent(batch)
        self._on_unknown(batch)

    def _sent(self, batch: str) -> None:
        self._sending[batch] -= 1
        if self._sending[batch] <= 0:
            del self._sending[batch]
