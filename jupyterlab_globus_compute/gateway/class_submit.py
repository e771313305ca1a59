"""What a class allows of a submit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .class_errors import class_payload_too_large, class_tasks_spent

if TYPE_CHECKING:
    from .class_file import ClassFile

LIMITS_FIELD = "class_limits"
"""The field of a submit that the service of this computer reads its limits from."""


def within_class(
    fields: dict[str, Any], file: ClassFile, *, used: int, takes_limits: bool
) -> bytes | None:
    """Check a submit's body; answer the body to send instead, None for the one that came.

    `used` tasks were submitted for the class before. `takes_limits`: the service keeps them
    itself. Raises `GatewayError` 403 or 413.
    """
    limits = file.limits
    payloads = _payloads(fields)
    if limits.tasks is not None and used + len(payloads) > limits.tasks:
        raise class_tasks_spent(limits.tasks, used, len(payloads))
    largest = max((len(payload.encode()) for payload in payloads), default=0)
    if limits.payload_bytes is not None and largest > limits.payload_bytes:
        raise class_payload_too_large(limits.payload_bytes, largest)
    if not takes_limits:
        return None
    return json.dumps({**fields, LIMITS_FIELD: kept_limits(file)}).encode()


def kept_limits(file: ClassFile) -> dict[str, Any]:
    """What the service of this computer is to keep, as the value of `LIMITS_FIELD`."""
    limits = file.limits
    given = {
        "tasks": limits.tasks,
        "payload_bytes": limits.payload_bytes,
        "walltime_s": limits.walltime_s,
    }
    kept = {name: value for name, value in given.items() if value is not None}
    return {"class_id": file.class_id, **kept}


def _payloads(fields: dict[str, Any]) -> list[str]:
    """The payloads; of a body that is malformed those there are: the service refuses it."""
    tasks = fields.get("tasks")
    lists = tasks.values() if isinstance(tasks, dict) else ()
    return [
        payload
        for payloads in lists
        if isinstance(payloads, list)
        for payload in payloads
        if isinstance(payload, str)
    ]
