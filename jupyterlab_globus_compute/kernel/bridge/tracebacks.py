"""Which frames of a traceback are the user's."""

from __future__ import annotations

import sys
import traceback
import types
from typing import Any

# `StatementRunner._evaluate`, above this file, runs the cell's code.
RUNNER = "_evaluate"


def is_ours(frame: types.FrameType) -> bool:
    """Tell whether a frame runs code of this package."""
    return frame.f_globals.get("__package__") == __package__


def trimmed(tail: types.TracebackType | None, shell: Any) -> types.TracebackType | None:
    """Return the traceback from the user's first frame on, without the frames of ours."""
    frames = []
    while tail is not None:
        frames.append(tail)
        tail = tail.tb_next
    for at in reversed(range(len(frames))):
        frame = frames[at].tb_frame
        if frame.f_code.co_name == RUNNER and is_ours(frame):
            frames = frames[at + 1 :]
            break
    known = getattr(shell.compile, "_filename_map", {})
    while frames and frames[0].tb_frame.f_code.co_filename not in known:
        frames = frames[1:]
    result = None
    for entry in reversed(frames):
        if not is_ours(entry.tb_frame):
            result = types.TracebackType(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return result


def rendered(error: BaseException) -> list[str]:
    """Return the lines IPython shows for an error, with the frames of the user's code only."""
    shell = sys.modules["IPython"].get_ipython()
    tail = trimmed(error.__traceback__, shell)
    if isinstance(error, SyntaxError):
        lines = shell.SyntaxTB.structured_traceback(type(error), error, traceback.extract_tb(tail))
    else:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, tail, tb_offset=0)
    return [str(line) for line in lines]
