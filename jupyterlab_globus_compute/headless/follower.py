"""Follows the tasks of a batch until each has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .errors import WaitStopped
from .service import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .batch import Batch

_SHORTEST_PAUSE_S = 0.02
_GROWTH = 1.5
_PATIENCE_S = 600.0

STOPPED = "Stopped waiting. The tasks go on"
TIMED_OUT = "Stopped waiting: the time of --timeout is over. The tasks go on"


def poll(batch: Batch) -> bool:
    """Ask once; return whether every task has ended. Raises `ServiceError`."""
    ids = batch.open_ids()
    if ids:
        for view in batch.target.service.states(ids):
            batch.update(view)
    return not batch.open_ids()


def follow(batch: Batch, timeout_ms: float | None, seen: Callable[[Batch], None]) -> None:
    """Wait until every task has ended; `seen` is told of each answer.

    Raises `WaitStopped` when the kernel is interrupted or the time is over, `ServiceError` when
    the service refuses, or has not answered for ten minutes.
    """
    heard = time.monotonic()
    deadline = None if timeout_ms is None else time.monotonic() + timeout_ms / 1000
    pause = _SHORTEST_PAUSE_S
    try:
        while True:
            try:
                if poll(batch):
                    return
                heard = time.monotonic()
            except UnreachableError:
                # A network that is away for a moment costs nobody the results of a night.
                if time.monotonic() - heard > _PATIENCE_S:
                    raise
            seen(batch)
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise WaitStopped(TIMED_OUT)
            time.sleep(pause if left is None else min(pause, left))
            pause = min(pause * _GROWTH, batch.target.service.longest_pause_s)
    except KeyboardInterrupt:
        raise WaitStopped(STOPPED) from None
