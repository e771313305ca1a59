"""How numbers, times and states are put into words, as `src/model/format.ts` does it."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STATES = {
    "sending": "Sending",
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "problem": "Sending failed",
}


def state_words(state: str) -> str:
    """Return the state of a batch as a label."""
    return _STATES[state]


def title_words(title: str, total: int) -> str:
    """Return the name of a batch with the number of its tasks where there are several."""
    return f"{title} \N{MULTIPLICATION SIGN} {total:,}" if total > 1 else title


def count_words(counts: Mapping[str, int]) -> str:
    """Return the counts that are not zero, the good news first: `5 done · 1 failed`."""
    phases = ("done", "running", "waiting", "failed")
    return " · ".join(f"{counts[phase]:,} {phase}" for phase in phases if counts[phase])


def duration_words(seconds: float) -> str:
    """Return a time in at most two units: `0.05 s`, `3.1 s`, `3 min 12 s`, `1 h 5 min`."""
    if seconds <= 0:
        return "0 s"
    if seconds < 0.005:  # noqa: PLR2004 - rounds to nothing
        return "< 0.01 s"
    if seconds < _MINUTE_S - 0.5:
        decimals = 2 if seconds < 0.995 else 1 if seconds < 9.95 else 0  # noqa: PLR2004
        return f"{round(seconds, decimals):g} s"
    whole = round(seconds)
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    if whole < _DAY_S:
        return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"
    return f"{whole // _DAY_S} d {whole % _DAY_S // _HOUR_S} h"


def iso_date(seconds: float) -> str:
    """Return a time since the epoch as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_text(text: str) -> str:
    """Return text from outside without what could steer a terminal."""
    return _CONTROL.sub("", _ANSI.sub("", text))
