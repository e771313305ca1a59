"""When a service that dies is started again, and when no more."""

from __future__ import annotations


class RestartPolicy:
    """Counts quick deaths in a row and spaces the restarts out.

    A service that lived for `quick_life_s` seconds is restarted at once. Each
    further quick death doubles the delay, from `first_delay_s` on; after
    `max_quick_deaths` of them the policy is exhausted.
    """

    def __init__(
        self,
        *,
        quick_life_s: float = 10.0,
        first_delay_s: float = 0.5,
        max_quick_deaths: int = 5,
    ) -> None:
        self._quick_life_s = quick_life_s
        self._first_delay_s = first_delay_s
        self._max_quick_deaths = max_quick_deaths
        self._quick_deaths = 0

    def record_death(self, lifetime_s: float) -> None:
        """Note that a service ended after `lifetime_s` seconds."""
        if lifetime_s >= self._quick_life_s:
            self._quick_deaths = 0
        else:
            self._quick_deaths += 1

    def reset(self) -> None:
        """Forget the deaths, as when a person tries again."""
        self._quick_deaths = 0

    @property
    def quick_deaths(self) -> int:
        """How many quick deaths there were in a row."""
        return self._quick_deaths

    @property
    def is_exhausted(self) -> bool:
        """Whether to give up."""
        return self._quick_deaths >= self._max_quick_deaths

    @property
    def delay_s(self) -> float:
        """Seconds to wait before the next start."""
        if self._quick_deaths <= 1:
            return 0.0
        return float(self._first_delay_s * 2 ** (self._quick_deaths - 2))
