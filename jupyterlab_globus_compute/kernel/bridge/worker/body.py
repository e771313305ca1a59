"""A whole cell as a task."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from .compiled import compiled_body
from .publishing import publish
from .shell import Shell


def run_body(space: dict[str, Any], unit: Any, options: dict[str, Any], **inputs: Any) -> Any:
    """Run a whole cell as a module's text; return the value of its last expression."""
    _, label, text, _ = unit
    space.update(inputs)
    if "get_ipython" in text:
        space["get_ipython"] = lambda: Shell(space)
    codes = compiled_body(label, text, options["quiet"])
    value = None
    if any(code.co_flags & inspect.CO_COROUTINE for code in codes):

        async def run() -> Any:
            value = None
            for code in codes:
                value = eval(code, space)
                if code.co_flags & inspect.CO_COROUTINE:
                    value = await value
            return value

        value = asyncio.run(run())
    else:
        for code in codes:
            value = eval(code, space)
    publish(space)
    missing = [name for name in options["outputs"] if name not in space]
    if missing:
        raise NameError("the cell does not set %s, which -o brings back" % ", ".join(missing))
    return value
