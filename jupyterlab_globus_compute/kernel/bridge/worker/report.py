"""What is told of a failure."""

from __future__ import annotations

import json
import linecache
import sys
import traceback
from typing import Any

from .budget import fitted

ERROR_BUDGET_BYTES = 2_000_000


def report(failure: BaseException, places: dict[str, str], caught: dict[str, Any]) -> str:
    """Tell of a failure: the user's traceback, then `#gc ` and what there is to show, in JSON."""
    told = {
        "type": type(failure).__name__,
        "message": message_of(failure),
        "frames": frames_of(failure, places),
        "out": "",
        "err": "",
        "display": [],
        "python": "%d.%d.%d" % sys.version_info[:3],
    }  # type: dict[str, Any]
    told.update(caught)
    text = traceback_of(failure, places, 0)
    return text.rstrip() + "\n#gc " + json.dumps(fitted(told, ERROR_BUDGET_BYTES))


def message_of(failure: BaseException) -> str:
    """Return the text of an exception, even of one that cannot tell it."""
    try:
        return str(failure)
    except Exception as error:  # noqa: BLE001 - an exception may have a broken __str__
        return "<no text: %s>" % type(error).__name__


def frames_of(failure: BaseException, places: dict[str, str]) -> list[list[Any]]:
    """Return `[where, line, name, source line]` of each of the user's own frames."""
    frames = []
    for frame, line in traceback.walk_tb(failure.__traceback__):
        label = frame.f_code.co_filename
        if label in places:
            source = linecache.getline(label, line).strip()
            frames.append([places[label], line, frame.f_code.co_name, source])
    return frames[:20] + frames[-20:] if len(frames) > 40 else frames  # noqa: PLR2004 - recursion


def traceback_of(failure: BaseException, places: dict[str, str], depth: int) -> str:
    """Return the text of the traceback, of the user's own frames only."""
    text = ""
    cause = failure.__cause__
    before = cause or (None if failure.__suppress_context__ else failure.__context__)
    if before is not None and depth < 5:  # noqa: PLR2004 - chains may be circular
        link = "direct cause of the following" if cause else "context of another"
        text = traceback_of(before, places, depth + 1)
        text += "\nThe above was the " + link + " exception:\n\n"
    text += "Traceback (most recent call last):\n"
    for where, line, name, source in frames_of(failure, places):
        text += '  File "%s", line %d, in %s\n    %s\n' % (where, line, name, source)
    try:
        last = "".join(traceback.format_exception_only(type(failure), failure))
    except Exception:  # noqa: BLE001 - an exception may have a broken __str__
        last = type(failure).__name__ + "\n"
    for label, where in places.items():
        last = last.replace(label, where)
    for part in getattr(failure, "exceptions", ())[:5]:
        if isinstance(part, BaseException) and depth < 5:  # noqa: PLR2004 - as above
            last += traceback_of(part, places, depth + 1)
    return text + last
