"""Calls that were not made, as nothing asked for them."""

from __future__ import annotations

import contextlib
import operator
import types
import warnings
from typing import TYPE_CHECKING, Any

from .errors import CellError
from .remote_functions import RemoteFunction, is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .namespace import Json


def refuse_lazy_calls(values: Iterable[tuple[str, Any]], space: Json) -> None:
    """Raise `CellError` for a value that would call remote functions, by what it is called."""
    for name, value in values:
        if is_lazy_call(value, space):
            kind = type(value).__name__
            raise CellError(
                f"{name} is a lazy {kind}: its calls were not made. Write list(...), or [...] in "
                "place of (...)"
            )


def is_lazy_call(value: Any, space: Json) -> bool:
    """Tell whether a value is a generator, map or filter of calls still to be made."""
    if isinstance(value, types.GeneratorType):
        unfinished = value.gi_frame is not None
        return unfinished and any(is_remote(space, name) for name in value.gi_code.co_names)
    if isinstance(value, (map, filter)):
        with warnings.catch_warnings(), contextlib.suppress(TypeError):
            warnings.simplefilter("ignore")
            function, things = tuple(value.__reduce__()[1])[:2]
            used_up = isinstance(things, types.GeneratorType) and things.gi_frame is None
            used_up = used_up or operator.length_hint(things, 1) == 0
            return isinstance(function, RemoteFunction) and not used_up
    return False
