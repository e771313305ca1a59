"""A kernel without messages: lines of JSON in, lines of JSON out. Run by another Python."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import types

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def main(directory: str, libraries: str) -> None:
    """Run each line's cell and write what came of it, until there are no more."""
    sys.path[:0] = [""]  # as in any kernel
    sys.path.append(libraries)
    os.chdir(directory)
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415 - found only now
    from traitlets.config import Config  # noqa: PLC0415

    config = Config()
    config.HistoryManager.enabled = False
    module = types.ModuleType("__main__")
    shell = InteractiveShell.instance(
        user_module=module, colors="nocolor", ipython_dir=tempfile.mkdtemp(), config=config
    )
    sys.modules["__main__"] = module
    replies = sys.stdout
    for line in sys.stdin:
        code, expression, silent = json.loads(line)
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            result = shell.run_cell(code, store_history=not silent, silent=silent)
            failure = result.error_before_exec or result.error_in_exec
            value = ""
            if expression and failure is None:
                try:
                    value = repr(eval(expression, shell.user_ns))  # noqa: S307 - of a test
                except Exception as error:  # noqa: BLE001 - told, as a kernel does
                    value = f"{type(error).__name__}: {error}"
        told = f"{type(failure).__name__}: {failure}" if failure else ""
        print(json.dumps([ANSI.sub("", shown.getvalue()), told, value]), file=replies, flush=True)


main(*sys.argv[1:])
