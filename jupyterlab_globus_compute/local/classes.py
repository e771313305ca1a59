"""What a class allows of submissions: ``class_limits``, an extension of the Compute API.

Whoever submits says what to be held to, so it can only be tighter than the service is anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import class_payload_too_large, class_tasks_spent, invalid, not_supported
from .records import ClassLimits
from .schemas import parse_uuid

if TYPE_CHECKING:
    import sqlite3

    from .records import Submission

_FIELDS = frozenset({"class_id", "tasks", "payload_bytes", "walltime_s"})


def parse_class_limits(
    body: dict[str, Any], submission: Submission, *, keeps_walltime: bool
) -> ClassLimits | None:
    """Return the limits in a body of ``POST /v3/endpoints/{id}/submit``, None if there are none.

    ``keeps_walltime`` says whether the engine can end a task that runs too long.

    Raises:
        ApiError: they are malformed, NOT_SUPPORTED, or CLASS_PAYLOAD_TOO_LARGE.
    """
    given = body.get("class_limits")
    if given is None:
        return None
    if not isinstance(given, dict) or not given.keys() <= _FIELDS:
        raise invalid(f"class_limits must be an object of {', '.join(sorted(_FIELDS))}")
    limits = ClassLimits(
        parse_uuid(given.get("class_id"), "class_id"),
        tasks=_whole(given, "tasks"),
        payload_bytes=_whole(given, "payload_bytes"),
        walltime_s=_seconds(given.get("walltime_s")),
    )
    if limits.walltime_s is not None and not keeps_walltime:
        raise not_supported("walltime_s is not kept by this engine; set it in its configuration")
    size = max(len(text.encode()) for texts in submission.payloads.values() for text in texts)
    if limits.payload_bytes is not None and size > limits.payload_bytes:
        raise class_payload_too_large(limits.payload_bytes)
    return limits


def count_tasks(connection: sqlite3.Connection, limits: ClassLimits, number: int) -> None:
    """Add to the tasks of a class, inside the transaction that adds them.

    Raises:
        ApiError: CLASS_TASKS_SPENT.
    """
    row = connection.execute(
        "SELECT number FROM class_tasks WHERE class_id = ?", (limits.class_id,)
    ).fetchone()
    used = 0 if row is None else int(row[0])
    if limits.tasks is not None and used + number > limits.tasks:
        raise class_tasks_spent(limits.tasks, used)
    connection.execute(
        "INSERT INTO class_tasks VALUES (?, ?)"
        " ON CONFLICT (class_id) DO UPDATE SET number = number + excluded.number",
        (limits.class_id, number),
    )


def _whole(given: dict[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise invalid(f"{name} must be a whole number that is not negative", name)
    return value


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    # A number without end, or none at all, is not above 0 and below a year.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _YEAR_S:
        raise invalid("walltime_s must be a length of time in seconds", "walltime_s")
    return float(value)


_YEAR_S = 366 * 24 * 60 * 60
