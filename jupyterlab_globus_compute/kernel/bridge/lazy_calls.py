"""Calls that were not made, as nothing asked for them."""

from __future__ import annotations

import contextlib
import types
import warnings
from typing import TYPE_CHECKING, Any

from .remote_functions import RemoteFunction, is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .namespace import Json


def lazy_warnings(values: Iterable[tuple[str, Any]], space: Json) -> Iterator[str]:
    """Tell of the values, by what they are called, that would call remote functions."""
    for name, value in values:
        if is_lazy_call(value, space):
            kind = type(value).__name__
            yield f"{name} is a lazy {kind}: its calls were not made. Write list(...)"


def is_lazy_call(value: Any, space: Json) -> bool:
    """Tell whether a value is a generator, map or filter of calls."""
    if isinstance(value, types.GeneratorType):
        return any(is_remote(space, name) for name in value.gi_code.co_names)
    if isinstance(value, (map, filter)):
        with warnings.catch_warnings(), contextlib.suppress(TypeError):
            warnings.simplefilter("ignore")
            return isinstance(value.__reduce__()[1][0], RemoteFunction)
    return False
