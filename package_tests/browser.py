"""A real Chromium on what is installed in an environment."""

from __future__ import annotations

import os
import socket
import subprocess
from typing import TYPE_CHECKING

from .distributions import ROOT

if TYPE_CHECKING:
    from .environment import Environment

_TIMEOUT_S = 240.0


def run_playwright(environment: Environment, application: str, spec: str) -> None:
    """Run the browser tests of one file of `ui-tests/package` against `jupyter <application>`.

    Node, the browser and the tests come from the clone, the server with all that it serves from
    the environment.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    home = environment.home / f"{application}-{spec}"
    done = subprocess.run(
        [
            *("node", str(ROOT / "node_modules/@playwright/test/cli.js"), "test"),
            *("--config", "ui-tests/package.config.ts", spec),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "GLOBUS_COMPUTE_PACKAGE_APPLICATION": application,
            "GLOBUS_COMPUTE_PACKAGE_BIN": str(environment.bin),
            "GLOBUS_COMPUTE_PACKAGE_PATH": environment.env["PATH"],
            "GLOBUS_COMPUTE_UI_TEST_HOME": str(home),
            "GLOBUS_COMPUTE_UI_TEST_PORT": str(port),
            "TALLY_FILE": "",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
