"""What a person can do about a failed task, as `src/card/advice.ts` tells it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

Json = dict[str, Any]

_MAX_TEXT_LENGTH = 2000  # a message longer than this is not searched: it is no message
_PLACE = re.compile(r"%([123])")


def advice_on(failure: Json, endpoint: str, python_version: str | None) -> str | None:
    """Return what a person can do about a failure; None for one that speaks for itself.

    `failure` has its `type`, `message` and `traceback`, which come from outside.
    """
    kind = failure["type"].rpartition(".")[2]
    text = f"{failure['message']}\n{failure['traceback']}"[-_MAX_TEXT_LENGTH:]
    for known in known_failures():
        if kind not in known.get("types", [kind]):
            continue
        flags = re.IGNORECASE if known.get("ignoreCase") else 0
        match = re.search(known.get("text", "^"), text, flags | re.ASCII)
        if match:
            words = known.get("adviceWithVersion") if python_version else None
            values = (endpoint, *(match.groups() or ("",)), python_version or "")
            return _filled(words or known["advice"], values)
    return None


@cache
def known_failures() -> list[Json]:
    """Return the failures that have a remedy, in the order in which they are tried."""
    folder = resources.files("jupyterlab_globus_compute.kernel")
    declared = json.loads(folder.joinpath("failures.json").read_text("utf-8"))
    return list(declared["failures"])


def _filled(words: str, values: tuple[str, ...]) -> str:
    return _PLACE.sub(lambda place: values[int(place[1]) - 1], words)
