"""Write the pickles of the benchmark, or time CPython's pickle on one of them.

``cpython.py write FOLDER`` or ``cpython.py time FILE REPEATS``; times are printed in milliseconds,
as JSON.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PROTOCOL = 4

CASES: dict[str, Callable[[], Any]] = {
    "integers": lambda: list(range(1_000_000)),
    "floats": lambda: [i * 0.1 for i in range(1_000_000)],
    "strings": lambda: [f"string number {i}" for i in range(100_000)],
    "dicts": lambda: [
        {"id": i, "name": f"name {i}", "score": i * 0.5, "ok": True} for i in range(100_000)
    ],
    "bytes": lambda: bytes(64 * 1024 * 1024),
}


def write(folder: Path) -> None:
    """Write a pickle for each case."""
    for name, make in CASES.items():
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(make(), PROTOCOL))


def measure(file: Path, repeats: int) -> dict[str, list[float]]:
    """Time reading and writing."""
    payload = file.read_bytes()
    value = pickle.loads(payload)  # noqa: S301
    return {
        "read": [_time_ms(lambda: pickle.loads(payload)) for _ in range(repeats)],  # noqa: S301
        "write": [_time_ms(lambda: pickle.dumps(value, PROTOCOL)) for _ in range(repeats)],
    }


def _time_ms(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    result = action()
    elapsed = time.perf_counter() - start
    del result
    return elapsed * 1000


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]))))
