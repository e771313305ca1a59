"""`%%compute` and its line magics, where no front end of ours runs the cells.

What they do is the runner's business: see `jupyterlab_globus_compute/headless`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

from .bridge import config, fetched
from .inject import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable


class Runner(Protocol):
    """Runs cells, and brings the results of earlier ones."""

    def compute(self, line: str, cell: str) -> None:
        """Run a `%%compute` cell."""

    def fetch(self, line: str) -> Any:
        """Return what `%compute_result` asks for."""

    def before_cell(self, *_info: object) -> None:
        """Do what is to be done between cells."""


class Magics:
    """The magics of one shell."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def compute(self, line: str, cell: str) -> None:
        """Run this cell on Globus Compute: %%compute --help tells how."""
        self._runner.compute(line, cell)

    def fetch(self, line: str) -> Any:
        """Fetch the results of a batch again: %compute_result NAME-OR-ID [-o NAME]."""
        return self._runner.fetch(line)

    # IPython would put the values of $names into the lines.
    compute._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    fetch._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]


def install(shell: Any, make_runner: Callable[[Callable[[], str]], Runner]) -> None:
    """Register the magics. `make_runner` is given what tells the line of `%compute_config`.

    Where JupyterLab has put its bridge already, its magics stay, and hand over the cells that
    JupyterLab does not run itself.
    """
    bridge = sys.modules.get(PACKAGE)
    if bridge is None:
        config.install(shell)
    runner = make_runner(lambda: defaults(shell))
    magics = Magics(runner)
    if bridge is None:
        shell.register_magic_function(magics.compute, "cell", "compute")
        shell.register_magic_function(magics.fetch, "line", fetched.NAME)
    else:
        bridge.installed.fallback = magics.compute
        if hasattr(bridge, "results"):  # of a front end that knows it
            bridge.results.fallback = magics.fetch
    shell.events.register("pre_run_cell", runner.before_cell)


def defaults(shell: Any) -> str:
    """Return the options given to `%compute_config`, whichever copy of the bridge keeps them."""
    magic = shell.magics_manager.magics["line"].get(config.NAME)
    line = getattr(getattr(magic, "__self__", None), "line", "")
    return line if isinstance(line, str) else ""
