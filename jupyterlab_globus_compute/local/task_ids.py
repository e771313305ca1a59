"""The ids of tasks."""

from __future__ import annotations

import secrets
import time
import uuid

_NS_PER_MS = 1_000_000
_RANDOM_BITS = 80


def new_task_id() -> str:
    """Return a UUID that begins with the time (RFC 9562, version 7).

    So tasks that are submitted together lie together in the database's index. With random
    ids each submission would touch all of it, and cost more the more tasks there are.
    """
    value = (time.time_ns() // _NS_PER_MS << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    version, variant = 7 << 76, 2 << 62
    value = value & ~(0xF << 76) & ~(3 << 62) | version | variant
    return str(uuid.UUID(int=value))
