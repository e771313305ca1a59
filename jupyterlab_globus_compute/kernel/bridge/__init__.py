"""What runs inside the notebook's kernel: `%%compute` cells become tasks of Globus Compute.

A package of the standard library, sent as text into any IPython kernel (Python 3.9 or newer), where
it lives as `_globus_compute_bridge`. JupyterLab talks to it through the functions below: `arm`,
then the cell's own text runs the `compute` magic, `take` tells what to submit, `feed` and `resume`
bring the results, `discard` gives up.

A cell is one of three forms. *Call*: everything down to the last function goes there, everything
below runs here, statement by statement, where calling a function makes a task. *Body*: the whole
cell is one task. *Register*: functions that nothing below uses. What is sent is source text
(strategy `st` of `globus_compute_sdk.serialize`), whose line n is line n of the cell.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from . import config, fetched
from .bridge import Bridge

installed: Bridge
configured: config.Config
results: fetched.Fetched
_arriving = b""


def install(shell: Any) -> None:
    """Register the magics; the `compute` there before keeps the cells that were not armed."""
    global configured, installed, results  # noqa: PLW0603 - this is the kernel's handle on them
    configured = config.install(shell)
    results = fetched.install(shell)
    fallback = shell.magics_manager.magics["cell"].get("compute")
    installed = Bridge(shell, fallback, lambda: configured.line)

    def compute(line: str, cell: str) -> Any:
        """Run this cell on Globus Compute."""
        return installed.magic(line, cell)

    compute._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    shell.register_magic_function(compute, "cell", "compute")


def defaults() -> str:
    """Return the options that `%compute_config` was given, a line of text, in base64."""
    return base64.b64encode(configured.line.encode()).decode()


def bring(chunk_b64: str, last: bool) -> None:
    """Bring a piece of the JSON of a batch that a `%compute_result` asks for, in base64."""
    global _arriving  # noqa: PLW0603 - pieces of a message too large to come at once
    _arriving += base64.b64decode(chunk_b64)
    if last:
        record, _arriving = _arriving, b""
        results.bring(json.loads(record))


def arm(request_b64: str) -> None:
    """Announce a cell that is executed next.

    Takes base64 of JSON: sid, source, options, directory, and the defaults that the options were
    made with. With other defaults than there are, the cell does nothing, and its step is `stale`.
    """
    installed.arm(json.loads(base64.b64decode(request_b64)))


def take(sid: str) -> str:
    """Return the step that a session reached, base64 of JSON. Raises `CellError` if unknown."""
    return installed.take(sid)


def feed(sid: str, chunk_b64: str) -> None:
    """Bring a piece of the JSON list of outcomes, in base64. Raises `CellError` if unknown."""
    installed.session(sid).feed(base64.b64decode(chunk_b64))


def resume(sid: str, chunk_b64: str | None = None) -> None:
    """Run a cell on with the outcomes fed, the last piece of them perhaps given here.

    Raises what `Session.resume` raises.
    """
    if chunk_b64 is not None:
        feed(sid, chunk_b64)
    installed.resume(sid)


def discard(sid: str, reason: str) -> None:
    """Give up a session, for a reason to be told. Raises `CellError` if unknown."""
    installed.discard(sid, reason)
