"""The states of a task in the vault."""

from __future__ import annotations

PLANNED = "planned"
"""Not yet accepted by a service, as far as is known."""

LOST = "lost"
"""The service no longer has the result, and neither does the vault."""

SUCCESS, FAILED, RUNNING = "success", "failed", "running"

FIRST = "received"
"""The state of a task that was just accepted."""

_WAITING = frozenset({FIRST, "waiting-for-ep", "waiting-for-nodes", "waiting-for-launch"})

FINAL = frozenset({SUCCESS, FAILED, LOST})

NOT_PENDING_SQL = "('planned', 'success', 'failed', 'lost')"
"""The states in which the service has nothing to tell, as the index `pending_tasks` has them."""


def pending_state(word: str) -> str:
    """The state of a task that has not ended, from a service's word for it."""
    state = word.lower()
    return state if state == RUNNING or state in _WAITING else FIRST
