"""How many tasks a worker is handed at once."""

from __future__ import annotations

MAX_SHARE = 32
"""The most tasks a worker ever holds, the one it runs included."""

SHORT_S = 0.002
"""Tasks that take less, on the average, are short: for those the service saves its own time."""

_ENOUGH_S = 0.02
_WEIGHT = 0.1


class Pace:
    """Follows how long tasks take, the latest ones counting most.

    A worker is handed about 20 ms of work: enough not to wait for more of it, and little
    enough to be of no consequence if one of the tasks is slow after all.
    """

    def __init__(self) -> None:
        self._mean_s = _ENOUGH_S

    @property
    def share(self) -> int:
        """How many tasks one worker may hold, the one it runs included: 1 to MAX_SHARE."""
        return max(1, min(MAX_SHARE, int(_ENOUGH_S / max(self._mean_s, 1e-6))))

    @property
    def is_short(self) -> bool:
        """Whether tasks are short."""
        return self._mean_s < SHORT_S

    def note(self, duration_s: float) -> None:
        """Take a finished task into account."""
        self._mean_s += (duration_s - self._mean_s) * _WEIGHT
