"""Sees to it that outcomes are stored, and only then told of."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

from .outcome import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from .records import Outcome
    from .store import Store

_log = logging.getLogger(__name__)

_RETRY_S = 2.0

_GATHER_S = 0.01
"""How long outcomes may gather before they are stored together."""


class Recorder:
    """Gathers outcomes and stores them, again and again for as long as that fails.

    ``add``, ``fail`` and ``flush`` are for one thread.
    """

    def __init__(
        self, store: Store, endpoint_id: str, on_stored: Callable[[Sequence[Outcome]], None]
    ) -> None:
        """``on_stored`` is called from another thread once outcomes are durable."""
        self._store = store
        self._endpoint_id = endpoint_id
        self._on_stored = on_stored
        self._gathered: list[Outcome] = []
        self._flushed_at = 0.0

    def add(self, outcome: Outcome) -> None:
        """Take an outcome, to be stored by the next ``flush``."""
        self._gathered.append(outcome)

    def fail(self, task_id: str, text: str, started_at: float | None = None) -> None:
        """Take the failure of a task that no worker could report on."""
        self.add(failed(task_id, self._endpoint_id, text, started_at))

    def due_s(self) -> float | None:
        """Return how long what has been gathered may still wait, or None if there is nothing."""
        return self._flushed_at + _GATHER_S - time.monotonic() if self._gathered else None

    def flush(self) -> Future[None]:
        """Store what has been gathered; the future is done when this has been tried once."""
        outcomes, self._gathered = self._gathered, []
        self._flushed_at = time.monotonic()
        return self._save(outcomes)

    def _save(self, outcomes: Sequence[Outcome]) -> Future[None]:
        future = self._store.finish_all(outcomes)
        future.add_done_callback(lambda done: self._look(outcomes, done.exception()))
        return future

    def _look(self, outcomes: Sequence[Outcome], error: BaseException | None) -> None:
        if error is None:
            self._on_stored(outcomes)
            return
        _log.error("The outcomes of %d tasks could not be saved: %s", len(outcomes), error)
        if isinstance(error, sqlite3.OperationalError):
            # A full disk may have room again later, and the outcomes exist only here.
            timer = threading.Timer(_RETRY_S, self._save, [outcomes])
            timer.daemon = True
            timer.start()
        elif len(outcomes) > 1:
            # The fault lies in one of them.
            for outcome in outcomes:
                self._save([outcome])
        else:
            text = f"the result could not be saved: {error}"
            self._save([failed(outcomes[0].task_id, self._endpoint_id, text, None)])
