"""How a cell ends that did not come to its end."""

from __future__ import annotations

from jupyterlab_globus_compute.kernel.bridge.errors import CellError

from .words import plain_text


class ServiceError(CellError):
    """The service refused something or cannot be reached; the text says which, and what to do."""


class NotThereError(ServiceError):
    """A cell cannot run where a class file says; the text goes on a sentence that says so."""


class ClassLimitError(ServiceError):
    """A class does not allow what a cell was about to send."""


ClassLimitError.__name__ = "ComputeError"


class WaitStopped(CellError):  # noqa: N818 - nothing is wrong with the cell
    """The wait for results was ended; the tasks go on."""


class RemoteFailure(Exception):  # noqa: N818 - shown as `TaskFailed`, as in JupyterLab
    """A task failed: shown with the traceback from there, whose lines are the cell's."""

    def __init__(self, text: str, heading: str, traceback: str) -> None:
        super().__init__(text)
        self._heading = heading
        self._traceback = traceback

    def _render_traceback_(self) -> list[str]:
        heading = f"\x1b[0;31m{type(self).__name__}\x1b[0m: {plain_text(self._heading)}"
        return [heading, *plain_text(self._traceback).rstrip().split("\n")]


RemoteFailure.__name__ = "TaskFailed"
