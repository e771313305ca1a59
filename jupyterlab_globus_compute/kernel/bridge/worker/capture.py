"""What a call writes, shows and draws."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import threading
from typing import Any

from .mime import bundle, plain
from .streams import contents, memory_file, unbuffered

IPYTHON_DISPLAYS = ("IPython.display", "IPython.core.display_functions", "IPython.core.display")


class Capture:
    """Everything that a call writes, shows and draws, from entering this context to leaving it.

    File descriptors 1 and 2 are redirected too, so that subprocesses are heard; `sys.stdout`
    writes to descriptor 1 unbuffered, so the order is kept. Only in the main thread: two threads
    cannot share the redirection.
    """

    def __init__(self, space: dict[str, Any], options: dict[str, Any]) -> None:
        self.out = self.err = ""
        self.display = []  # type: list[dict[str, Any]]
        self._space = space
        self._options = options
        self._streams = []  # type: list[tuple[int, int, int]]
        self._patched = []  # type: list[tuple[dict[str, Any], str, Any]]
        self._drawn = set()  # type: set[int]
        self._figures = set()  # type: set[int]

    def __enter__(self) -> Capture:
        if os.environ.get("MPLBACKEND", "module:").startswith("module:"):
            os.environ["MPLBACKEND"] = "Agg"
        if not self._options["capture"]:
            self._space.setdefault("display", print)
            return self
        if self._options["ipython"]:
            self._import_ipython()
        pyplot = sys.modules.get("matplotlib.pyplot")
        self._figures = set(pyplot.get_fignums()) if pyplot else set()
        self._patch_displays()
        if threading.current_thread() is threading.main_thread():
            self._redirect()
        return self

    def __exit__(self, *failure: object) -> None:
        for module, name, value in reversed(self._patched):
            module[name] = value
        texts = {}
        for number, saved, file in self._streams:
            os.dup2(saved, number)
            os.close(saved)
            texts[number] = contents(file)
            os.close(file)
        self.out, self.err = texts.get(1, ""), texts.get(2, "")

    def show(self, *values: Any, raw: bool = False, **_options: Any) -> None:
        """Stand in for IPython's `display`."""
        for value in values:
            self._drawn.add(id(value))
            self.display.append(plain(value) if raw else bundle(value))

    def draw(self, value: Any) -> None:
        """Draw each figure opened during the call once and close it; `value` shows itself."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not self._options["capture"]:
            return
        for number in set(pyplot.get_fignums()) - self._figures:
            figure = pyplot.figure(number)
            if figure is not value and id(figure) not in self._drawn:
                self.display.append(bundle(figure))
            pyplot.close(number)

    def _import_ipython(self) -> None:
        with contextlib.suppress(ImportError):  # the code may do without
            importlib.import_module("IPython.display")

    def _patch_displays(self) -> None:
        for name in IPYTHON_DISPLAYS:
            module = sys.modules.get(name)
            if module is not None and hasattr(module, "display"):
                self._patch(module.__dict__, "display", self.show)
        known = self._space.get("display")
        if known is None or getattr(known, "__module__", "").startswith("IPython"):
            self._space["display"] = self.show

    def _patch(self, space: dict[str, Any], name: str, value: Any) -> None:
        self._patched.append((space, name, space.get(name)))
        space[name] = value

    def _redirect(self) -> None:
        self._patched.append((sys.__dict__, "stdin", sys.stdin))
        sys.stdin = io.StringIO()  # asking would wait for ever: EOFError instead
        for number, name in ((1, "stdout"), (2, "stderr")):
            previous = getattr(sys, name)
            try:
                if previous is not None:
                    previous.flush()
                saved = os.dup(number)
            except (OSError, ValueError):
                continue  # this process has no such stream
            file = memory_file()
            os.dup2(file, number)
            self._streams.append((number, saved, file))
            if unbuffered(number).closed:
                unbuffered.cache_clear()
            self._patch(sys.__dict__, name, unbuffered(number))
