"""What the worker calls."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
import types
from typing import TYPE_CHECKING, Any

from .body import run_body
from .budget import fitted
from .capture import Capture
from .compiled import compiled
from .mime import bundle
from .packing import packed
from .publishing import publish
from .report import report

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT_BUDGET_BYTES = 7_600_000  # base64 of it stays below the 10 MiB `execute_task` allows


def entry(space: dict[str, Any], units: Any, name: str, options: dict[str, Any]) -> Any:
    """Load the units into `space` and return the function that the worker is to call.

    `units` holds `(where, label, text, lazy annotations)`: what tracebacks call the text, the file
    name it is compiled under, and the text. `options`: `capture`, `ipython`, `outputs`, and for a
    whole cell (the last unit) `body` and `quiet`.
    """
    places = {label: where for where, label, _, _ in units}
    try:
        for _, label, text, lazy in units[:-1] if options.get("body") else units:
            exec(compiled(label, text, lazy), space)
        publish(space)
        if options.get("body"):
            function = functools.partial(run_body, space, units[-1], options)
        else:
            function = space[name]
    except BaseException as error:  # noqa: BLE001 - whatever it is, its traceback is the answer
        raise Exception(report(error, places, {})) from None

    def run(*args: Any, **kwargs: Any) -> dict[str, Any]:
        return call(functools.partial(function, *args, **kwargs), space, places, options)

    run.__name__ = name
    return run


def call(
    function: Callable[[], Any],
    space: dict[str, Any],
    places: dict[str, str],
    options: dict[str, Any],
) -> dict[str, Any]:
    """Call the function and return the envelope of its result, of plain builtin values only.

    Raises `Exception`, whose text is the user's traceback and a line of JSON, for any failure:
    a `SystemExit` that gets out would take the worker along.
    """
    capture = Capture(space, options)
    envelope = {"gc": 1}  # type: dict[str, Any]
    failure = None
    with capture:
        try:
            value = settled(function())
            envelope["mime"] = {} if value is None else bundle(value)
            envelope["value"], envelope["how"] = packed(value, "the result")
            envelope["outputs"] = {
                name: packed(space[name], name)[0] for name in options.get("outputs", ())
            }
            capture.draw(value)
        except BaseException as error:  # noqa: BLE001 - see above
            failure = error
            capture.draw(None)
    caught = {
        "out": capture.out,
        "err": capture.err,
        "display": capture.display,
        "python": "%d.%d.%d" % sys.version_info[:3],
    }
    if failure is not None:
        raise Exception(report(failure, places, caught)) from None
    envelope.update(caught)
    return fitted(envelope, RESULT_BUDGET_BYTES)


def settled(value: Any) -> Any:
    """Wait for what is awaitable, and refuse what cannot travel for a reason worth telling."""
    if inspect.isawaitable(value):

        async def wait() -> Any:
            return await value

        value = asyncio.run(wait())
    return travelling(value)


def travelling(value: Any) -> Any:
    """Return the value. Raises `TypeError` if it makes its elements only when asked."""
    if isinstance(value, (types.GeneratorType, types.AsyncGeneratorType, map, filter, zip)):
        name = type(value).__name__
        raise TypeError("the result is a %s, which cannot travel: return list(...) instead" % name)
    return value
