"""Checks request bodies and turns them into records; every complaint is a 4xx."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from globus_compute_sdk.serialize import ComputeSerializer

from .errors import MAX_SUBMIT_BYTES, invalid, invalid_uuid, malformed, shorten, too_large
from .records import ContainerRegistration, FunctionRegistration, Submission

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_MAX_DIGITS = 18  # fits SQLite's and everybody's 64 bits
_MAX_DEPTH = 50
_TOO_DEEP = f"The body is nested too deeply: more than {_MAX_DEPTH} levels"


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object (RFC 8259) in ``body``.

    Raises:
        ApiError: REQUEST_MALFORMED if it is not JSON, REQUEST_INVALID if not an object.
    """
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise malformed(_TOO_DEEP) from error
    except ValueError as error:
        # Also undecodable text, and numbers with more digits than Python reads.
        raise malformed("The body is not valid JSON; send one JSON object") from error
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object")
    if _is_deeper(value, _MAX_DEPTH):
        raise malformed(_TOO_DEEP)
    if "\\ud" in text.lower():
        _refuse_lone_surrogates(value)
    return value


def parse_uuid(value: object, what: str) -> str:
    """Return ``value`` as a UUID in its usual form; ``what`` names it in the complaint.

    Raises:
        ApiError: INVALID_UUID.
    """
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError as error:
            raise invalid_uuid(what, value) from error
    raise invalid_uuid(what, json.dumps(value))


def parse_function(body: dict[str, Any]) -> FunctionRegistration:
    """Return the registration in a body of ``POST /v3/functions``.

    Source text (``"serialized": false``) is packed as the hosted service packs it: strategy
    ``st``, entry point, source.

    Raises:
        ApiError: a key is missing or of a wrong type, or the code is too large.
    """
    name = _required(body, "function_name", _text)
    code = _required(body, "function_code", _text)
    if not name or not code:
        raise invalid("function_name and function_code must not be empty")
    if len(code.encode()) > MAX_SUBMIT_BYTES:
        raise too_large("The function")
    if _optional(body, "serialized", _boolean) is False:
        if not name.isidentifier():
            raise invalid("function_name must be the name of a function in function_code")
        code = ComputeSerializer.pack_buffers([f"st\n{name}:{code}"])
    group = _optional(body, "group", _text)
    if _optional(body, "ha_endpoint_id", _text):
        raise invalid("ha_endpoint_id names an endpoint elsewhere; leave it out", "ha_endpoint_id")
    return FunctionRegistration(
        name=name,
        code=code,
        description=_optional(body, "description", _text),
        metadata=_optional(body, "meta", _mapping),
        public=_optional(body, "public", _boolean) or False,
        group=None if group is None else parse_uuid(group, "group"),
    )


def parse_container(body: dict[str, Any]) -> ContainerRegistration:
    """Return the registration in a body of ``POST /v2/containers``.

    Raises:
        ApiError: a key is missing or of a wrong type.
    """
    return ContainerRegistration(
        name=_required(body, "name", _text),
        type=_required(body, "type", _text),
        location=_required(body, "location", _text),
        description=_optional(body, "description", _text),
    )


def parse_submission(
    body: dict[str, Any], *, takes_resources: bool, has_result_queue: bool
) -> Submission:
    """Return the submission in a body of ``POST /v3/endpoints/{id}/submit``.

    ``takes_resources`` says whether the engine has a use for a ``resource_specification``;
    only Parsl's HighThroughputExecutor has. Without ``has_result_queue`` a wish for a queue
    is forgotten, as results could never be delivered to it.

    Raises:
        ApiError: a key is missing or of a wrong type, or the payloads are too large together.
    """
    tasks = _required(body, "tasks", _mapping)
    if not tasks:
        raise invalid("tasks must name at least one function")
    payloads = {
        parse_uuid(function_id, "A key of tasks"): _payloads(value)
        for function_id, value in tasks.items()
    }
    if len(payloads) < len(tasks):
        raise invalid("tasks names a function twice")
    if sum(len(text.encode()) for texts in payloads.values() for text in texts) > MAX_SUBMIT_BYTES:
        raise too_large("The submission")
    _optional(body, "user_runtime", _mapping)
    resources = _optional(body, "resource_specification", _mapping)
    if resources and not takes_resources:
        raise invalid(
            "resource_specification is not supported by this endpoint's engine; leave it out",
            "resource_specification",
        )
    wants_queue = _optional(body, "create_queue", _boolean) or False
    group_id = body.get("task_group_id")
    return Submission(
        task_group_id=None if group_id is None else parse_uuid(group_id, "task_group_id"),
        payloads=payloads,
        result_serializers=_optional(body, "result_serializers", _texts),
        resource_specification=resources,
        user_endpoint_config=_optional(body, "user_endpoint_config", _mapping),
        create_queue=wants_queue and has_result_queue,
    )


def parse_task_ids(body: dict[str, Any]) -> list[str]:
    """Return the ids asked for in a body of ``POST /v2/batch_status``.

    Raises:
        ApiError: task_ids is missing or not a list of UUIDs.
    """
    task_ids = _required(body, "task_ids", _texts)
    return [parse_uuid(task_id, "A member of task_ids") for task_id in task_ids]


def parse_role(role: str | None) -> None:
    """Check the ``role`` that ``GET /v2/endpoints`` is asked for: all roles are one's own here.

    Raises:
        ApiError: it is not one of the API's.
    """
    if role not in (None, "owner", "any"):
        raise invalid(f"role must be owner or any, not {shorten(role)}", "role")


def parse_sequence_number(text: str) -> int:
    """Return the number of an event, as ``Last-Event-ID`` and ``since`` hold it.

    Raises:
        ApiError: it is not a whole number of at most 18 digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise invalid(f"Not the number of an event: {shorten(text)}", "since")
    return int(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is Python's, not JSON's")


def _is_deeper(value: object, levels: int) -> bool:
    """Return whether lists and objects are nested in more than so many levels."""
    if not isinstance(value, dict | list):
        return False
    if levels == 0:
        return True
    members = value.values() if isinstance(value, dict) else value
    return any(_is_deeper(member, levels - 1) for member in members)


def _refuse_lone_surrogates(value: object) -> None:
    # JSON can write half of a character, but neither UTF-8 nor the database can.
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise invalid("The body holds characters that are not valid Unicode") from error


def _payloads(value: object) -> list[str]:
    texts = _texts(value, "Each value of tasks")
    if not texts:
        raise invalid("Each value of tasks must hold at least one payload")
    return texts


def _required(body: dict[str, Any], key: str, check: Callable[[object, str], T]) -> T:
    if key not in body:
        raise invalid(f"{key} is missing", key)
    return check(body[key], key)


def _optional(body: dict[str, Any], key: str, check: Callable[[object, str], T]) -> T | None:
    value = body.get(key)
    return None if value is None else check(value, key)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise invalid(f"{what} must be a string", what)
    return value


def _texts(value: object, what: str) -> list[str]:
    if not isinstance(value, list):
        raise invalid(f"{what} must be a list of strings", what)
    return [_text(item, what) for item in value]


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid(f"{what} must be an object", what)
    return value


def _boolean(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise invalid(f"{what} must be true or false", what)
    return value
