"""What a service can do beyond the Compute API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    """The extensions that a service is known to offer (docs/local-service.md)."""

    cancel: bool = False
    """`DELETE v3/tasks/{id}` ends a task."""

    events: bool = False
    """`GET v3/events` tells of state changes."""
