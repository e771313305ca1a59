"""What stands where the value of a task would be when there is none."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .namespace import Json


class TaskFailed(Exception):  # noqa: N818 - what users read in its repr
    """Stands where the value of a failed task would be.

    `type_name` and `message` are of the exception there, `text` is the whole error text.
    """

    def __init__(self, text: str) -> None:
        self.text, _, details = text.partition("\n#gc ")
        self.type_name, self.message = failure_of(self.text, details)
        super().__init__(f"{self.type_name}: {self.message}" if self.message else self.type_name)

    def __repr__(self) -> str:
        return f"<failed: {self}>"


class NotLoaded:
    """Stands where a value would be that came back but cannot be made here.

    Shows itself as the value did there.
    """

    def __init__(self, reason: str, mime: Json) -> None:
        self.reason = reason
        self._mime = mime

    def __repr__(self) -> str:
        return f"<came back, but cannot be loaded here: {self.reason}>"

    def _repr_mimebundle_(self, **_options: object) -> Json:
        return self._mime or {"text/plain": repr(self)}


def failure_of(text: str, details: str) -> tuple[str, str]:
    """Return type and message of a failure: told by our wrapper, else the last line of the text."""
    if details:
        with contextlib.suppress(ValueError, KeyError):
            told = json.loads(details)
            return str(told["type"]), str(told["message"])
    last = text.strip().rpartition("\n")[2]
    match = re.fullmatch(r"([\w.]+)(?:: (.*)|\((.*)\))?", last)
    return (match[1], match[2] or match[3] or "") if match else ("Error", last)
