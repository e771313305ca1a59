"""What came back with the value of a task."""

from __future__ import annotations

from typing import Any, NamedTuple

from jupyterlab_globus_compute.kernel.bridge.pickling import loaded


class Shown(NamedTuple):
    """What a task wrote and drew there: its streams, and MIME bundles in order."""

    stdout: str = ""
    stderr: str = ""
    displays: tuple[dict[str, Any], ...] = ()


def shown_with(result: str) -> Shown:
    """Return what the envelope of a serialized result holds; nothing if it is none.

    It is only unpickled in the run that a person started, as its value is.
    """
    try:
        _, envelope = loaded(result)
    except Exception:  # noqa: BLE001 - unpickling may raise anything; the bridge will tell of it
        return Shown()
    if envelope is None:
        return Shown()
    return Shown(envelope.get("out", ""), envelope.get("err", ""),
                 tuple(envelope.get("display", ())))  # fmt: skip
