"""Code of the cell, run here."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types
    from collections.abc import Coroutine

    from .namespace import Json


def execute(code: types.CodeType, space: Json, loop: asyncio.AbstractEventLoop | None) -> Any:
    """Evaluate code of the cell, on an event loop of our own if one is given.

    What it awaits cannot run on the kernel's loop: that one is running this very call.
    """
    if loop is None:
        return eval(code, space)

    async def run() -> Any:
        value = eval(code, space)
        return await value if code.co_flags & inspect.CO_COROUTINE else value

    return completed(run(), loop)


def completed(awaitable: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> Any:
    """Run a coroutine to its end on a loop of our own, though another loop may be running."""
    outer = asyncio._get_running_loop()
    task = asyncio.current_task(outer) if outer is not None else None
    if outer is not None and task is not None:
        asyncio.tasks._leave_task(outer, task)
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(awaitable)
    finally:
        asyncio._set_running_loop(outer)
        if outer is not None and task is not None:
            asyncio.tasks._enter_task(outer, task)
