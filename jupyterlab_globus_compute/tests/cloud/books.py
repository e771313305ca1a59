"""What the stand-in knows: who owns what, what was asked, and what tests told it to do."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .endpoints import OFFLINE
from .errors import RefusalError, too_many

if TYPE_CHECKING:
    from .identity import Identity

_WINDOW_S = 10.0


@dataclass
class Task:
    """A task, and whether its result was given away."""

    owner: str
    endpoint_id: str
    is_given: bool = False


@dataclass
class Function:
    """A function, and who may run it."""

    owner: str
    is_public: bool
    group: str | None


@dataclass
class PlannedRefusal:
    """What some requests are answered, whatever they ask for."""

    method: str
    path: str
    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    times: int

    def matches(self, method: str, path: str) -> bool:
        """Whether it is meant for this request."""
        return self.method == method and re.fullmatch(self.path, path) is not None


@dataclass
class Books:
    """Changed by the requests of clients and by the control door, in one event loop."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    refusals: list[PlannedRefusal] = field(default_factory=list)
    offline: set[str] = field(default_factory=lambda: {OFFLINE})
    requirements: dict[str, Any] | None = None
    """What a sign-in must satisfy before anything is submitted (GARE's words)."""

    cors_origin: str | None = None
    results_once: bool = True
    requests_in_10_s: int = 20
    _times: dict[str, deque[float]] = field(default_factory=dict)

    def refuse_as_planned(self, method: str, path: str) -> None:
        """Raise RefusalError where a test has asked for it."""
        for refusal in self.refusals:
            if refusal.times > 0 and refusal.matches(method, path):
                refusal.times -= 1
                error = RefusalError(refusal.status, "", "", headers=refusal.headers)
                error.body = refusal.body
                raise error

    def forget_counts(self) -> None:
        """Begin to count requests anew."""
        self._times.clear()

    def count(self, identity: Identity) -> None:
        """Count a request; raise RefusalError for one too many in ten seconds."""
        now = time.monotonic()
        times = self._times.setdefault(identity.sub, deque())
        while times and times[0] < now - _WINDOW_S:
            times.popleft()
        if len(times) >= self.requests_in_10_s:
            raise too_many(int(times[0] + _WINDOW_S - now) + 1)
        times.append(now)
