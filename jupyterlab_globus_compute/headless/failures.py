"""What a failed task says, as `src/model/batches/failure.ts` takes it apart."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.failures import failure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_MARK = "\n#gc "
_START = "Traceback (most recent call last):"


def read_failure(text: str) -> Json:
    """Return `{"type", "message", "frame"?, "traceback"}` of the error text of a task."""
    traceback, details = _parted(text)
    type_name, message = failure_of(traceback, json.dumps(details) if details else "")
    if not details:
        # What has one line is told by the message.
        is_told = traceback.strip() in (message, f"{type_name}: {message}")
        return {"type": type_name, "message": message, "traceback": "" if is_told else traceback}
    failure = {"type": type_name, "message": message, "traceback": _unwrapped(traceback)}
    frame = _last_frame(details.get("frames"))
    return {**failure, "frame": frame} if frame else failure


def printed_before(text: str) -> tuple[str, str]:
    """Return what a task wrote to stdout and stderr before it failed."""
    _, details = _parted(text)
    return _text(details, "out"), _text(details, "err")


def python_of(text: str) -> str | None:
    """Return the Python version that a failed task tells of."""
    return _text(_parted(text)[1], "python") or None


def _parted(text: str) -> tuple[str, Json]:
    """Return the traceback, and what our wrapper tells behind it."""
    traceback, mark, rest = text.rpartition(_MARK)
    if not mark:
        return text, {}
    try:
        details = json.loads(rest.partition("\n")[0])
    except ValueError:
        return text, {}
    return (traceback, details) if isinstance(details, dict) else (text, {})


def _unwrapped(text: str) -> str:
    """Return the user's traceback; the worker puts the name of the wrapper's class before it."""
    start = text.rfind(_START)
    return text[start:] if start > 0 and re.search(r"\w+: $", text[:start]) else text


def _last_frame(frames: object) -> Json | None:
    """Return the innermost frame that lies in the cell."""
    for frame in reversed(frames if isinstance(frames, list) else []):
        where, line, name, source = [*frame, None, None, None, None][:4]
        if where == "cell" and isinstance(line, int):
            return {"line": line, "name": str(name), "source": str(source).strip()}
    return None


def _text(details: Mapping[str, Any], key: str) -> str:
    value = details.get(key)
    return value if isinstance(value, str) else ""
