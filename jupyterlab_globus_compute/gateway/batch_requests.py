"""Reading what browsers send about batches."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .request_body import check_body
from .vault.errors import invalid_batch
from .vault.landings import LANDING_ACTIONS
from .vault.records import BatchPlan, PlannedCall

if TYPE_CHECKING:
    from .vault.landings import LandingAction

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile("[0-9a-f]{64}")
_MAX_TEXT = 10_000
_MAX_NUMBER = 10**9
_MAX_FOLLOWED = 100_000


@dataclass(frozen=True)
class FollowRequest:
    """A checked body of `POST follow`."""

    service: str
    task_ids: tuple[str, ...]
    task_group_id: str | None
    take_over: bool
    title: str


def parse_plan(batch_id: str, body: bytes) -> BatchPlan:
    """Read the body of `PUT batches/{id}`. Raises `GatewayError` 400, 413 or 422."""
    fields = _object(body)
    endpoint = fields.get("endpoint")
    if not isinstance(endpoint, dict):
        raise invalid_batch("endpoint must be an object with id and name")
    calls = fields.get("calls")
    if not isinstance(calls, list):
        raise invalid_batch("calls must be a list")
    planned = tuple(_call(call) for call in calls)
    if len({call.index for call in planned}) < len(planned):
        raise invalid_batch("calls must not name an index twice")
    source_hash = _text(fields, "sourceHash")
    if source_hash and not _HASH.fullmatch(source_hash):
        raise invalid_batch("sourceHash must be a SHA-256 in hexadecimal digits")
    class_hash = fields.get("classHash")
    if class_hash is not None and not _HASH.fullmatch(str(class_hash)):
        raise invalid_batch("classHash must be a SHA-256 in hexadecimal digits")
    group, client = fields.get("taskGroupId"), fields.get("client")
    return BatchPlan(
        batch_id=batch_id,
        title=_text(fields, "title"),
        service=_text(fields, "service"),
        endpoint_id=_text(endpoint, "id"),
        endpoint_name=_text(endpoint, "name"),
        notebook_path=_text(fields, "notebookPath"),
        cell_id=_text(fields, "cellId"),
        source_hash=source_hash,
        created=_time(fields, "created"),
        task_group_id=None if group is None else parse_uuid(group, "taskGroupId"),
        calls=planned,
        class_hash=class_hash,
        client=None if client is None else parse_uuid(client, "client"),
    )


def parse_landing(body: bytes) -> tuple[str, LandingAction]:
    """Read the body of `POST batches/{id}/landing`: client and action."""
    fields = _object(body)
    client = parse_uuid(fields.get("client"), "client")
    for action in LANDING_ACTIONS:
        if fields.get("action") == action:
            return client, action
    raise invalid_batch(f"action must be one of {', '.join(LANDING_ACTIONS)}")


def parse_follow(body: bytes) -> FollowRequest:
    """Read the body of `POST follow`."""
    fields = _object(body)
    ids, group = fields.get("taskIds"), fields.get("taskGroupId")
    if (ids is None) == (group is None):
        raise invalid_batch("Either taskIds or taskGroupId must be given")
    if ids is not None and not (isinstance(ids, list) and 0 < len(ids) <= _MAX_FOLLOWED):
        raise invalid_batch(f"taskIds must be a list of 1 to {_MAX_FOLLOWED} ids")
    take_over = fields.get("takeOver", False)
    if not isinstance(take_over, bool):
        raise invalid_batch("takeOver must be true or false")
    return FollowRequest(
        service=_text(fields, "service"),
        task_ids=tuple(dict.fromkeys(parse_uuid(one, "A member of taskIds") for one in ids or ())),
        task_group_id=None if group is None else parse_uuid(group, "taskGroupId"),
        take_over=take_over,
        title=_text(fields, "title") if fields.get("title") is not None else "",
    )


def parse_class_acceptance(body: bytes) -> tuple[str, str]:
    """Read the body of `POST class-file/acceptance`: folder and hash."""
    fields = _object(body)
    hash_ = _text(fields, "hash")
    if not _HASH.fullmatch(hash_):
        raise invalid_batch("hash must be a SHA-256 in hexadecimal digits")
    return _text(fields, "folder"), hash_


def parse_uuid(value: object, what: str) -> str:
    """A UUID in its usual form, in lower case."""
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise invalid_batch(f"{what} must be a UUID")
    return value.lower()


def parse_limit(text: str | None, largest: int) -> int:
    """How many things an answer may hold; `largest` if the query does not say."""
    return largest if text is None else max(1, min(_whole(text, "limit"), largest))


def parse_offset(text: str | None) -> int:
    """How many things to leave out."""
    return 0 if text is None else _whole(text, "offset")


def _object(body: bytes) -> dict[str, Any]:
    check_body(body, required=True)
    fields: dict[str, Any] = json.loads(body)
    try:
        # JSON can write half of a character, but neither UTF-8 nor the database can.
        json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise invalid_batch("The body holds characters that are not valid Unicode") from None
    return fields


def _call(value: object) -> PlannedCall:
    if not isinstance(value, dict):
        raise invalid_batch("Each call must be an object")
    line = value.get("line")
    return PlannedCall(
        index=_number(value.get("index"), "index"),
        label=_text(value, "label"),
        line=None if line is None else _number(line, "line"),
        function_id=parse_uuid(value.get("functionId"), "functionId"),
    )


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise invalid_batch(f"{name} must be a string of at most {_MAX_TEXT} characters")
    return value


def _number(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_NUMBER:
        raise invalid_batch(f"{name} must be a whole number that is not negative")
    return value


def _time(fields: dict[str, Any], name: str) -> float:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_batch(f"{name} must be a time in seconds since the epoch")
    if not math.isfinite(value):
        raise invalid_batch(f"{name} must be a time in seconds since the epoch")
    return float(value)


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= _MAX_NUMBER):
        raise invalid_batch(f"{name} must be a whole number that is not negative")
    return int(text[:10])
