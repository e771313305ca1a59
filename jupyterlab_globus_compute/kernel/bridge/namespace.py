"""What all files name alike: the user's main program, and its namespace."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
MAIN = "__main__"
