"""What one task may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TaskLimits:
    """Time, and memory beyond that of an idle worker (Linux only). None: no limit."""

    walltime_s: float | None = None
    memory_limit_bytes: int | None = None
