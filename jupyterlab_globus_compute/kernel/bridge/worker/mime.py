"""Values as they show themselves."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from .shortened import shortened

TEXT_BUDGET_CHARACTERS = 20_000
LONG_CONTAINER = 1000  # elements; as IPython, show no more of them
REPRESENTATIONS = (
    ("html", "text/html"),
    ("markdown", "text/markdown"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("latex", "text/latex"),
    ("json", "application/json"),
)


def bundle(value: Any) -> dict[str, Any]:
    """Return the MIME bundle of a value, as IPython's display formatter would."""
    found = {"text/plain": text_of(value)}  # type: dict[str, Any]
    if isinstance(value, type):
        return found
    found.update(represented(value, "mimebundle", include=None, exclude=None) or {})
    for form, mime in REPRESENTATIONS:
        data = represented(value, form)
        if data is not None:
            found[mime] = data
    figure = any(base.__module__ == "matplotlib.figure" for base in type(value).__mro__)
    if figure and "image/png" not in found:
        picture = io.BytesIO()
        try:
            value.savefig(picture, format="png", bbox_inches="tight")
            found["image/png"] = picture.getvalue()
        except Exception as error:  # noqa: BLE001 - drawing runs what the user hung into the figure
            found["text/plain"] = "<cannot be drawn: %s: %s>" % (type(error).__name__, error)
    return plain(found)


def represented(value: Any, form: str, **options: Any) -> Any:
    """Return one of the value's forms, or None; its metadata is left out."""
    try:
        represent = getattr(value, "_repr_%s_" % form, None)
        data = None if represent is None else represent(**options)
    except Exception:  # noqa: BLE001 - as IPython: a failing form is left out
        return None
    return data[0] if isinstance(data, tuple) and data else data


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """Return the bundle with builtin values only, whatever libraries put there."""
    clean = {}
    for mime, data in found.items():
        if isinstance(data, (bytes, bytearray)):
            clean[str(mime)] = base64.b64encode(data).decode()
        elif isinstance(data, str):
            clean[str(mime)] = str(data)
        elif data is not None:
            clean[str(mime)] = json.loads(json.dumps(data, default=repr))
    return clean


def text_of(value: Any) -> str:
    """Return the value's `repr`, of bounded length."""
    try:
        more = ""
        if type(value) in (list, tuple, set, dict) and len(value) > LONG_CONTAINER:
            items = list(value.items() if type(value) is dict else value)[:LONG_CONTAINER]
            more = "\n[... %d more ...]" % (len(value) - LONG_CONTAINER)
            value = type(value)(items)
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - a value may have a broken repr
        return "<no text: %s: %s>" % (type(error).__name__, error)
    if len(text) > TEXT_BUDGET_CHARACTERS:
        text = shortened(text, TEXT_BUDGET_CHARACTERS, len(text))
    return str(text) + more
