"""`%compute_config`: options that hold for every `%%compute` cell of the kernel."""

from __future__ import annotations

from typing import Any

from .given_options import with_defaults, written
from .magic_line import given_defaults, parse_magic
from .options import help_text

NAME = "compute_config"
RESET = "--reset"
NONE = "No defaults are set. %compute_config -e NAME --no-wait would set two."


class Config:
    """What `%compute_config` was given, as a line of options that cells add theirs to."""

    def __init__(self, line: str = "") -> None:
        self.line = line

    def magic(self, line: str) -> None:
        """Set defaults of %%compute: any of its options. Alone: show them; --reset: forget them."""
        if line.strip() == RESET:
            self.line = ""
        elif line.strip():
            given = given_defaults(line)
            if "help" in given:
                print(help_text())
                return
            merged = written(with_defaults(given, given_defaults(self.line)))
            parse_magic("%%compute", merged)  # a value that is wrong is refused here
            self.line = merged
        print(f"Every cell: %%compute {self.line}" if self.line else NONE)

    # IPython would put the values of $names into the line.
    magic._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]


def install(shell: Any) -> Config:
    """Register `%compute_config`; what another copy of this package was given stays."""
    before = shell.magics_manager.magics["line"].get(NAME)
    line = getattr(getattr(before, "__self__", None), "line", "")
    config = Config(line if isinstance(line, str) else "")
    shell.register_magic_function(config.magic, "line", NAME)
    return config
