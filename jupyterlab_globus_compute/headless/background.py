"""Runs of `--no-wait`: followed aside, landed between cells."""

from __future__ import annotations

import threading
import time
import traceback
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.errors import CellError

if TYPE_CHECKING:
    from .run import Run

_PAUSE_S = 0.1


class Background:
    """Follows runs in threads; their names are bound on the main thread, before a cell runs.

    A thread does nothing but ask the service: values are unpickled and statements run only
    where the kernel runs cells.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._runs: list[tuple[Run, threading.Thread]] = []

    def add(self, run: Run) -> None:
        """Follow a run whose calls were sent."""
        thread = threading.Thread(target=_follow, args=(run,), daemon=True)
        self._runs.append((run, thread))
        thread.start()

    def land(self, *_info: object) -> None:
        """Put the results that have come in their places; what goes wrong is shown, not raised."""
        ended = [entry for entry in self._runs if not entry[1].is_alive()]
        for entry in ended:
            self._runs.remove(entry)
            try:
                if entry[0].land():
                    self.add(entry[0])
            except Exception as error:  # noqa: BLE001 - of another cell than the one that runs now
                print(_told(error))


def _follow(run: Run) -> None:
    while True:
        try:
            if run.poll():
                return
        except CellError:
            # The service may be back the next time; nobody waits for this.
            time.sleep(_PAUSE_S)
        time.sleep(_PAUSE_S)


def _told(error: Exception) -> str:
    render = getattr(error, "_render_traceback_", None)
    lines = render() if callable(render) else traceback.format_exception(error)
    return "\n".join(str(line).rstrip() for line in lines)
