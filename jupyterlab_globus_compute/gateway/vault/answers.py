"""Taking a service's answers apart without changing a byte of what it said of a task.

`POST /v2/batch_status` and `GET /v2/tasks/{id}`, https://compute.api.globus.org/redoc.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from .failures import read_failure
from .records import TaskAnswer
from .states import FAILED, LOST, SUCCESS, pending_state

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_UNKNOWN = frozenset({"unknown", "abandoned", "expired"})
_STARTS = ("execution-start", "running")


class AnswerMalformedError(ValueError):
    """The answer is not what the API says it is. The message quotes none of it."""


def split_batch_status(body: bytes) -> dict[str, bytes]:
    """The JSON text of each task's object in the answer to `POST /v2/batch_status`, by id.

    Raises `AnswerMalformedError`.
    """
    try:
        text = body.decode("utf-8")
        for key, start, end in _members(text, 0):
            if key == "results":
                return {
                    task_id: text[first:last].encode()
                    for task_id, first, last in _members(text, start)
                }
            del end
    except (ValueError, IndexError, RecursionError):
        # The cause may quote a result.
        raise AnswerMalformedError("not an answer to batch_status") from None
    raise AnswerMalformedError("an answer to batch_status without results")


def read_answer(task_id: str, text: bytes) -> TaskAnswer:
    """What a task's object says. Raises `AnswerMalformedError`."""
    try:
        fields = json.loads(text)
        status = str(fields["status"]).lower()
    except (ValueError, LookupError, TypeError, RecursionError):
        raise AnswerMalformedError("not a task") from None
    details = fields.get("details")
    details = details if isinstance(details, dict) else {}
    transitions = details.get("task_transitions")
    transitions = transitions if isinstance(transitions, dict) else {}
    started = next((_time(transitions[key]) for key in _STARTS if key in transitions), None)
    version = details.get("python_version")
    if status in _UNKNOWN:
        return _lost(task_id, text, "The service does not know the task any more.")
    if status not in (SUCCESS, FAILED):
        return TaskAnswer(task_id, pending_state(status), text, started=started)
    ended = _time(fields.get("completion_t"))
    if isinstance(exception := fields.get("exception"), str):
        kind, message = read_failure(exception)
        return TaskAnswer(
            task_id, FAILED, text, started, ended, kind, message, _text_or_none(version)
        )
    if fields.get("result") is not None:
        return TaskAnswer(
            task_id, SUCCESS, text, started, ended, python_version=_text_or_none(version)
        )
    if status == FAILED and isinstance(reason := fields.get("reason"), str):
        return TaskAnswer(task_id, FAILED, text, started, ended, "TaskFailed", reason[:2000])
    return _lost(task_id, text, "The service has the task's state, but no longer its result.")


def _lost(task_id: str, text: bytes, why: str) -> TaskAnswer:
    return TaskAnswer(
        task_id, LOST, text, failure_type="ResultLost", failure_message=why, is_unknown=True
    )


def _members(text: str, start: int) -> list[tuple[str, int, int]]:
    """Key, and start and end of the value, of each member of the JSON object at `start`."""
    found: list[tuple[str, int, int]] = []
    at = _skip(text, _skip(text, start), "{")
    if text[at] == "}":
        return found
    while True:
        key, at = _DECODER.raw_decode(text, at)
        if not isinstance(key, str):
            raise ValueError(key)
        first = _skip(text, _skip(text, at), ":")
        _, last = _DECODER.raw_decode(text, first)
        found.append((key, first, last))
        at = _skip(text, last)
        if text[at] == "}":
            return found
        at = _skip(text, at, ",")


def _skip(text: str, at: int, character: str = "") -> int:
    """The place after `character`, which is required at `at`, and after space."""
    if character and text[at] != character:
        raise ValueError(character)
    at += len(character)
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _time(value: Any) -> float | None:
    """Seconds since the epoch, from a number, the text of one, or ISO 8601."""
    try:
        return float(value)
    except (TypeError, ValueError):
        pass
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def _text_or_none(value: Any) -> str | None:
    return value[:100] if isinstance(value, str) else None
