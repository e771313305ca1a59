"""Commands that messages tell a person to run."""

from __future__ import annotations

import re
import shlex


def told_command(message: str) -> list[str]:
    """The pip command at the end of a message, as a shell would split it."""
    found = re.search(r"""(\S+ -m pip install "[^"]+")\s*$""", message)
    assert found is not None, message
    return shlex.split(found[1])
