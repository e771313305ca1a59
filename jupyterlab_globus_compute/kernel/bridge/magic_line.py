"""What a `%%compute` line asks for, as `src/cell/magic/magic.ts` reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from .given_options import MagicError, read_options, with_defaults
from .magic_values import (
    to_count,
    to_json_text,
    to_known_value,
    to_milliseconds,
    to_named_expression,
    to_named_uuid,
    to_names,
    to_text,
    to_uuid,
)
from .words import UnclosedQuoteError, split_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from .given_options import GivenOption, GivenOptions
    from .namespace import Json

MAGIC = re.compile(r"\s*%%compute(?=\s|$)")


class Magic(NamedTuple):
    """What a line asks for.

    `endpoint` is a name or an id, None for the default one; `timeout_ms` None is for ever;
    `request` is what the bridge wants to know, its `options`.
    """

    endpoint: str | None
    wait: bool
    timeout_ms: float | None
    public: bool
    group: str | None
    description: str | None
    container: str | None
    retries: int
    help: bool
    request: Json


def parse_magic(line: str, defaults: str = "") -> Magic:
    """Read a line that starts with `%%compute`; `defaults` are options of `%compute_config`.

    Raises `MagicError`.
    """
    own = given_in(line.split("\n", 1)[0])
    values = with_defaults(own, given_defaults(defaults))

    def last(name: str, read: Callable[[str, GivenOption], Any]) -> Any:
        given = values.get(name)
        return read(name, given[-1]) if given else None

    def each(name: str, read: Callable[[str, GivenOption], Any]) -> list[Any]:
        return [read(name, given) for given in values.get(name, ())]

    request = {
        "inputs": to_names("input", values.get("input", ())),
        "outputs": to_names("output", values.get("output", ())),
        "body": "body" in values,
        "capture": "no-capture" not in values,
        "name": last("name", to_text),
        "args": last("args", to_text),
        "kwargs": last("kwargs", to_text),
        "over": each("over", to_named_expression),
        "functions": each("function", to_named_uuid),
        "registerOnly": "register-only" in values,
        "dryRun": "dry-run" in values,
        "local": "local" in values,
        "config": last("config", to_json_text),
        "resources": last("resources", to_json_text),
        "serializer": last("serializer", to_known_value),
        "resultSerializer": last("result-serializer", to_known_value),
        "quiet": "quiet" in values,
    }
    return Magic(
        endpoint=last("endpoint", to_text),
        wait="no-wait" not in values,
        timeout_ms=last("timeout", to_milliseconds),
        public="public" in values,
        group=last("group", to_uuid),
        description=last("description", to_text),
        container=last("container", to_uuid),
        retries=last("retries", to_count) or 0,
        help="help" in own,
        request=request,
    )


def given_in(line: str) -> GivenOptions:
    """Return the options of a line that starts with `%%compute`. Raises `MagicError`."""
    match = MAGIC.match(line)
    try:
        return read_options(split_words(line, match.end() if match else 0))
    except UnclosedQuoteError as error:
        raise MagicError(f"The %%compute line is incomplete. {error}") from None


def given_defaults(line: str) -> GivenOptions:
    """Return options given to `%compute_config`. Raises `MagicError`, which says so."""
    try:
        return given_in(f"%%compute {line}")
    except MagicError as error:
        raise MagicError(f"%compute_config: {error}") from None
