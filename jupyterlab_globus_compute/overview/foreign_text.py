"""Text from outside, made fit to be shown as text."""

from __future__ import annotations

import re

from .limits import MAX_SHOWN_CHARACTERS

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Control characters, and those that turn the direction of text or are not seen at all.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def plain(text: str) -> str:
    """Return text without what steers terminals and hides, and which UTF-8 can write."""
    whole = text.encode("utf-8", errors="replace").decode("utf-8")
    return _STEERING.sub("", _ANSI.sub("", whole))


def shortened(text: str, length: int = MAX_SHOWN_CHARACTERS) -> str:
    """Return text on one line, of at most `length` characters."""
    # Only what can be shown is looked at: the rest may be long.
    line = " ".join(plain(text[: 8 * length]).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def joined(value: object, length: int) -> str:
    """Return a text of a notebook, which may be a list of its lines; empty if it is none."""
    if isinstance(value, str):
        return value[:length]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)[:length]
    return ""
