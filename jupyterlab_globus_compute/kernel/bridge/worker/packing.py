"""Values that travel back."""

from __future__ import annotations

import pickle
from typing import Any


def packed(value: Any, what: str) -> tuple[bytes, str]:
    """Pickle by name; by value (bytecode, same Python only) if that fails."""
    try:
        return pickle.dumps(value, 4), "pickle"
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        try:
            import dill  # noqa: PLC0415 - there when the worker has it, which is not sure

            # Only the globals that functions refer to: not the whole namespace, runtime included.
            return dill.dumps(value, 4, recurse=True), "dill"
        except Exception:  # noqa: BLE001 - the first error says more
            text = "%s of type %s cannot travel: %s" % (what, type(value).__name__, error)
            raise TypeError(text) from None
