"""What is told, cut to the size that may travel."""

from __future__ import annotations

from typing import Any

from .shortened import shortened


def weight(item: Any) -> int:
    """Return about how many bytes a plain value takes when pickled."""
    if isinstance(item, bytes):
        return len(item)
    if isinstance(item, str):
        return len(item) if item.isascii() else 3 * len(item)
    if isinstance(item, dict):
        return sum(weight(key) + weight(value) for key, value in item.items())
    return sum(map(weight, item)) if isinstance(item, list) else 8


def fitted(told: dict[str, Any], budget: int) -> dict[str, Any]:
    """Make it fit: pictures go first, then streams are cut, then rich forms; never the value."""
    bundles = [told.get("mime", {}), *told.get("display", [])]
    for unwanted in ("image/", "", "text/"):
        if weight(told) <= budget:
            return told
        if not unwanted:
            rest = weight({name: told[name] for name in told if name not in ("out", "err")})
            limit = max((budget - rest) // 6, 1000)
            for name in ("out", "err"):
                if len(told.get(name, "")) > limit:
                    told[name] = shortened(told[name], limit, len(told[name]))
            continue
        for found in bundles:
            for mime in [mime for mime in found if mime.startswith(unwanted)]:
                if mime != "text/plain":
                    del found[mime]
                    found["text/plain"] = "[left out: the result is too large to travel with it]"
    return told
