"""What a task failed of, in a few words, from the text that a service gives."""

from __future__ import annotations

import json
import re

_MARK = "\n#gc "
"""Begins the line of JSON with which the worker's capture runtime ends a traceback."""

_EXCEPTION = re.compile(r"([A-Za-z_][\w.]*)(?:: ?(.*))?", re.DOTALL)
_FENCE = re.compile(r"[+-]{20,}")
_FRAME = re.compile(r'\s+File ".*", line \d+|Traceback \(most recent call last\):')
_MAX_CHARACTERS = 2000


def read_failure(text: str) -> tuple[str, str]:
    """The class and the message of the exception that a failed task's text ends with."""
    traceback, mark, report = text.rpartition(_MARK)
    if mark and (told := _told(report)) is not None:
        return told
    return _summary(traceback if mark else text)


def _told(report: str) -> tuple[str, str] | None:
    try:
        fields = json.loads(report.partition("\n")[0])
        kind, message = fields["type"], fields["message"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return _shortened(str(kind), str(message))


def _summary(text: str) -> tuple[str, str]:
    lines = [line for line in text.splitlines() if not _FENCE.fullmatch(line.strip())]
    frames = [number for number, line in enumerate(lines) if _FRAME.match(line)]
    tail = lines[frames[-1] + 1 :] if frames else lines
    while tail and (not tail[0] or tail[0].startswith(" ")):
        tail.pop(0)
    match = _EXCEPTION.fullmatch("\n".join(tail).strip())
    # Without a frame above it a single word is a sentence, not a class.
    if match is None or (not frames and match[2] is None):
        return _shortened("TaskFailed", tail[-1] if tail else "")
    return _shortened(match[1], match[2] or "")


def _shortened(kind: str, message: str) -> tuple[str, str]:
    return kind[:_MAX_CHARACTERS], message.strip()[:_MAX_CHARACTERS]
