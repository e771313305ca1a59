"""What --config and --resources say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import CellError

if TYPE_CHECKING:
    from .namespace import Json


def settings_of(options: Json, name: str, space: Json) -> Json | None:
    """Return what an option says: JSON, or `$name` of a notebook variable. Raises `CellError`."""
    text = options.get(name)
    if not text:
        return None
    where = f"--{name} {text}"
    value: Any
    if text.startswith("$"):
        variable = text[1:].strip("{}")
        if variable not in space:
            raise CellError(f"{where}: the notebook has no variable {variable!r}")
        value = space[variable]
    else:
        try:
            value = json.loads(text)
        except ValueError as error:
            raise CellError(
                f"{where}: this is no JSON ({error}): write '{{\"key\": 1}}', or $name for a "
                "variable"
            ) from None
    try:
        plain = json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise CellError(f"{where}: it cannot be written as JSON: {error}") from None
    if not isinstance(plain, dict):
        raise CellError(f"{where}: it takes an object with names, not {type(value).__name__}")
    return plain
