"""How a cell is refused or stopped, and how IPython shows it."""

from __future__ import annotations

from .tracebacks import rendered


class UserTraceback(Exception):  # noqa: N818 - a way of being shown, not an error of its own
    """Shown by IPython with the frames of the user's code only."""

    def _render_traceback_(self) -> list[str]:
        return rendered(self)


class CellError(Exception):
    """A `%%compute` cell cannot run as it is written; the text says why and what to do."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m{type(self).__name__}\x1b[0m: {self}"]


class CellSyntaxError(CellError):
    """A `SyntaxError` in the cell, shown as IPython shows one, at the line of the cell.

    Not a subclass of `SyntaxError`: IPython shows those with the frames that led to it.
    """

    def __init__(self, error: SyntaxError, lines: list[str]) -> None:
        super().__init__(f"{error.msg} (line {error.lineno})")
        self._lines = lines

    def _render_traceback_(self) -> list[str]:
        return self._lines


CellSyntaxError.__name__ = "SyntaxError"


class CellStop(Exception):  # noqa: N818 - stops the cell; the failure itself is shown elsewhere
    """Ends a cell whose tasks failed: status `error`, and nothing to show."""

    def _render_traceback_(self) -> list[str]:
        return []


CellStop.__name__ = "TaskFailed"


class NotReady(UserTraceback, RuntimeError):  # noqa: N818 - a state, as asyncio.InvalidStateError
    """The value of a call was needed before it was here."""


class NotReadyAttribute(NotReady, AttributeError):  # noqa: N818 - as NotReady
    """As `NotReady`; also an `AttributeError`, so that libraries may ask what the value has."""


class RemoteCallError(UserTraceback, RuntimeError):
    """A remote function was called where calls make no tasks."""
