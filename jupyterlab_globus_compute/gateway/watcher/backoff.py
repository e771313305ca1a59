"""Pauses after failures."""

from __future__ import annotations

import random


class Backoff:
    """Doubles from failure to failure, up to a longest pause, and a little at random."""

    def __init__(self, first_s: float, longest_s: float) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self) -> float:
        """How long to wait after one more failure, in seconds."""
        pause = self._next_s
        self._next_s = min(2 * pause, self._longest_s)
        # So that the servers of many people do not all come back at once.
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret

    def reset(self) -> None:
        """It works again."""
        self._next_s = self._first_s
