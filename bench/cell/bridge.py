"""Times the bridge in an IPython shell; prints medians in seconds as JSON."""

from __future__ import annotations

import base64
import json
import pickle
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from jupyterlab_globus_compute.tests.kernel.notebook import encoded, new_shell, opened

REPEATS = 5
CALLS = 10_000
CHUNK_CHARACTERS = 4 * 1024 * 1024
CELL = "%%compute\ndef f(x):\n    return x\n"
MANY = f"{CELL}values = [f(x) for x in range({CALLS})]"
BESIDE_LIST = f"{MANY}\nmany = list(range(2_000_000))\nmany[0];"
LARGE = f"{CELL}parts = [f(x) for x in range(64)]"


def result(value: Any) -> str:
    """Return a result as a worker writes it."""
    envelope = {"gc": 1, "value": pickle.dumps(value, 4), "outputs": {}, "mime": {}, "out": "",
                "err": "", "display": []}  # fmt: skip
    return "00\n" + base64.encodebytes(pickle.dumps(envelope, 4)).decode()


def timed(notebook: Any, source: str, count: int, value: Any) -> tuple[float, float]:
    """Run a cell with ready results; return how long preparing and delivering took."""
    sid = notebook.arm(source)
    start = time.perf_counter()
    notebook.execute(source)
    notebook.bridge.take(sid)
    prepared = time.perf_counter() - start
    data = result(value)
    text = encoded([{"index": at, "ok": True, "data": data} for at in range(count)])
    start = time.perf_counter()
    for at in range(0, len(text), CHUNK_CHARACTERS):
        notebook.bridge.feed(sid, text[at : at + CHUNK_CHARACTERS])
    notebook.bridge.resume(sid)
    return prepared, time.perf_counter() - start


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as folder, opened(None, new_shell(Path(folder))) as notebook:
        many = [timed(notebook, MANY, CALLS, 5) for _ in range(REPEATS)]
        beside = [timed(notebook, BESIDE_LIST, CALLS, 5) for _ in range(REPEATS)]
        large = [timed(notebook, LARGE, 64, b"x" * 2**20) for _ in range(REPEATS)]
    figures = {
        "prepare": statistics.median(prepared for prepared, _ in many),
        "deliver": statistics.median(delivered for _, delivered in many),
        "deliverBesideList": statistics.median(delivered for _, delivered in beside),
        "deliver64MiB": statistics.median(delivered for _, delivered in large),
    }
    print(json.dumps(figures))


main()
