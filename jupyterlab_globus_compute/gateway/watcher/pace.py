"""How often the watcher does what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WatchPace:
    """How often the watcher does what; all in seconds."""

    first_poll_s: float = 1.0
    """How soon a new task is asked for, where the service does not tell of ends itself."""

    longest_poll_s: float = 30.0
    """How often a task is asked for at the least, however old it is."""

    poll_per_age: float = 0.1
    """A task that has run for t is asked for again after this part of t."""

    pushed_s: float = 20.0
    """How often a task is asked for at the most while its result will come by itself: to show
    whether it waits or runs."""

    sweep_s: float = 300.0
    """How often a task is asked for although the service tells of ends itself."""

    unknown_grace_s: float = 60.0
    """How long a task may be unknown to its service after its submit."""

    confirm_s: float = 60.0
    """How long after the plan of a submit nobody can tell of it any more."""

    first_backoff_s: float = 1.0
    longest_backoff_s: float = 60.0

    lease_s: float = 10.0
    """How often the lease is renewed, or asked for."""
