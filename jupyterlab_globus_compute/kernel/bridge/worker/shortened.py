"""Long texts without their middle."""

from __future__ import annotations


def shortened(text: str, limit: int, size: int) -> str:
    """Leave out the middle of a text, and say so."""
    half = max(limit // 2, 0)
    note = "\n[... the middle of %d characters is left out ...]\n" % size
    return text[:half] + note + text[len(text) - half :]
