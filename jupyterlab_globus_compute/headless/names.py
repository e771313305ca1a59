"""What the services are called, in code and by people."""

from __future__ import annotations

LOCAL, CLOUD = "local", "cloud"

_LABELS = {LOCAL: "This computer", CLOUD: "Globus Compute"}


def label_of(name: str) -> str:
    """Return a service's name for people."""
    return _LABELS.get(name, name)
