"""What is checked of a request's body before it is passed on."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from .errors import body_malformed, body_missing, body_not_an_object, body_too_large

_MIB = 1024 * 1024

MAX_BODY_BYTES = 11 * _MIB
"""The API takes submits of up to 10 MiB; the margin leaves the verdict on
payloads about that size to the service."""

_JSON_TYPES = {list: "array", str: "string", bool: "boolean", type(None): "null"}


def check_body(body: bytes, *, required: bool) -> dict[str, Any]:
    """The JSON object in `body`, if it is of a size that a service can take.

    An empty body passes as an empty object unless it is `required`. Raises
    `GatewayError` 400 (no JSON), 413 (too large) or 422 (JSON of another type).
    """
    if not body:
        if required:
            raise body_missing()
        return {}
    if len(body) > MAX_BODY_BYTES:
        raise body_too_large(len(body), MAX_BODY_BYTES)
    value = _parse(body)
    if not isinstance(value, dict):
        raise body_not_an_object(_JSON_TYPES.get(type(value), "number"))
    return value


def _parse(body: bytes) -> object:
    try:
        # Decoded here, for json.loads would take UTF-16 and UTF-32 as well.
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise body_malformed("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        position = f"line {error.lineno}, column {error.colno}"
        raise body_malformed(f"{error.msg} at {position}") from None
    except RecursionError:
        raise body_malformed("it is nested too deeply") from None
    except ValueError as error:
        # NaN and friends, or an integer of thousands of digits.
        raise body_malformed(str(error)) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
