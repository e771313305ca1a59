"""The values of options, as `src/cell/magic/magicValues.ts` reads them. All raise `MagicError`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from .given_options import MagicError
from .options import find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .given_options import GivenOption

NAME = re.compile(r"[^\W\d]\w*")
TIME = re.compile(r"(\d+(?:\.\d+)?)([smh]?)", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
UNIT_MS = {"": 1000, "s": 1000, "m": 60_000, "h": 3_600_000}
MAX_TIMEOUT_MS = 2**31 - 1  # what a browser's timer can count to
MAX_COUNT = 100


def to_names(option: str, given: Iterable[GivenOption]) -> list[str]:
    """Read values as names of variables, separated by commas; each name once."""
    parts = [part.strip() for one in given for part in (one.value or "").split(",")]
    names = list(dict.fromkeys(part for part in parts if part))
    for name in names:
        if not NAME.fullmatch(name):
            raise MagicError(f'--{option} takes names of variables, and "{name}" is none.')
    return names


def to_milliseconds(option: str, given: GivenOption) -> float:
    """Read a value as a time."""
    match = TIME.fullmatch(given.value or "")
    time = float(match[1]) * UNIT_MS[match[2]] if match else 0
    if time <= 0:
        raise MagicError(
            f'--{option} takes a time such as 90, 1.5m or 2h, and "{given.value}" is none.'
        )
    return min(time, MAX_TIMEOUT_MS)


def to_count(option: str, given: GivenOption) -> int:
    """Read a value as a whole number from 0 to 100."""
    text = given.value or ""
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > MAX_COUNT:
        raise MagicError(f'--{option} takes a number from 0 to {MAX_COUNT}, and "{text}" is none.')
    return int(text)


def to_text(_option: str, given: GivenOption) -> str:
    """Take a value as it is."""
    return given.value or ""


def to_uuid(option: str, given: GivenOption) -> str:
    """Read a value as a UUID, in lower case."""
    return uuid_of(option, given.value or "")


def to_json_text(option: str, given: GivenOption) -> str:
    """Check that a value is a JSON object or `$name`, a variable of the notebook."""
    text = given.value or ""
    if not (NAME.fullmatch(text[1:]) if text.startswith("$") else is_object(text)):
        raise MagicError(
            f"--{option} takes JSON such as '{{\"nodes\": 2}}', or $name for a variable of the "
            f'notebook, and "{text}" is neither.'
        )
    return text


def to_named_expression(option: str, given: GivenOption) -> list[str]:
    """Read a value as `NAME=EXPRESSION`."""
    return split_name(option, given, "an expression, as r=range(5)")


def to_named_uuid(option: str, given: GivenOption) -> list[str]:
    """Read a value as `NAME=UUID`."""
    name, uuid = split_name(option, given, "the id of a function")
    return [name, uuid_of(option, uuid)]


def to_known_value(option: str, given: GivenOption) -> str:
    """Check that a value is one of those that the option takes."""
    declared = find(option)
    known = declared.values if declared else ()
    if given.value not in known:
        raise MagicError(f'--{option} takes {", ".join(known)}, and "{given.value}" is none.')
    return given.value or ""


def split_name(option: str, given: GivenOption, what: str) -> list[str]:
    """Split a value at its first equals sign."""
    name, _, rest = (given.value or "").partition("=")
    if not NAME.fullmatch(name.strip()) or not rest.strip():
        raise MagicError(f'--{option} takes a name, "=" and {what}; "{given.value}" is not that.')
    return [name.strip(), rest.strip()]


def uuid_of(option: str, text: str) -> str:
    """Check a UUID and return it in lower case."""
    if not UUID.fullmatch(text):
        raise MagicError(f'--{option} takes a UUID, and "{text}" is none.')
    return text.lower()


def is_object(text: str) -> bool:
    """Tell whether a text is a JSON object, which knows no NaN."""
    try:
        return isinstance(json.loads(text, parse_constant=refuse), dict)
    except ValueError:
        return False


def refuse(constant: str) -> NoReturn:
    """Refuse what JSON has no word for."""
    raise ValueError(constant)
