"""Chooses the engine that the settings ask for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .engine import Engine
from .task_limits import TaskLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .settings import Settings
    from .store import Store
    from .task_engine import StateChange, StateListener, TaskEngine


def make_engine(
    settings: Settings, store: Store, endpoint_id: str, listeners: Sequence[StateListener]
) -> TaskEngine:
    """Return the engine, not yet started; it tells the listeners of its tasks' states.

    Raises:
        StartupError: the endpoint's configuration cannot be used.
    """

    def tell(changes: Sequence[StateChange]) -> None:
        for listener in listeners:
            listener(changes)

    if settings.endpoint_config is not None:
        # Parsl takes a second to import, and is of no use to the other engine.
        from .htex_engine import HtexEngine  # noqa: PLC0415

        return HtexEngine(
            store,
            endpoint_id,
            settings.tasks_dir,
            settings.data_dir / "htex",
            settings.endpoint_config,
            tell,
        )
    return Engine(
        store,
        endpoint_id,
        settings.tasks_dir,
        settings.workers,
        python=settings.python or sys.executable,
        limits=TaskLimits(settings.walltime_s, settings.memory_bytes),
        on_change=tell,
    )
