"""Kernels that run cells: a real ipykernel, and IPython of another Python."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from jupyter_client.manager import start_new_kernel

from jupyterlab_globus_compute.tests.kernel.notebook import ANSI

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

TIMEOUT_S = 60
SHELL = Path(__file__).with_name("shell_kernel.py")


class Reply(NamedTuple):
    """What code came to: the text it showed, `Type: text` of its error, an expression's repr."""

    shown: str
    error: str
    value: str


class Kernel(Protocol):
    """Runs code."""

    def execute(self, code: str, expression: str = "", silent: bool = False) -> Reply:
        """Run code as a cell, then evaluate an expression; `silent` is not counted nor kept."""

    def close(self) -> None:
        """End it."""


class IpyKernel:
    """A real ipykernel."""

    def __init__(self, directory: Path) -> None:
        started: tuple[KernelManager, BlockingKernelClient] = start_new_kernel(cwd=str(directory))
        self._manager, self._client = started

    def execute(self, code: str, expression: str = "", silent: bool = False) -> Reply:
        """Run code as a cell, as JupyterLab sends it."""
        texts: list[str] = []

        def take(message: dict[str, Any]) -> None:
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                texts.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                mark = "[image/png]" if "image/png" in content["data"] else ""
                texts.append(content["data"].get("text/plain", "") + mark + "\n")
            elif kind == "error":
                texts.append(ANSI.sub("", "\n".join(content["traceback"])) + "\n")

        reply = self._client.execute_interactive(
            code, silent=silent, store_history=not silent, output_hook=take, timeout=TIMEOUT_S,
            user_expressions={"value": expression} if expression else {},
        )["content"]  # fmt: skip
        error = f"{reply['ename']}: {reply['evalue']}" if reply["status"] == "error" else ""
        return Reply("".join(texts), error, value_of(reply))

    def close(self) -> None:
        """End it."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def value_of(reply: dict[str, Any]) -> str:
    """Return the repr of the expression in a kernel's reply, or its error."""
    found = reply.get("user_expressions", {}).get("value")
    if found is None:
        return ""
    if found["status"] == "error":
        return f"{found['ename']}: {found['evalue']}"
    return str(found["data"]["text/plain"])


class ShellKernel:
    """IPython in a process of another Python, without ZeroMQ, which is compiled for ours.

    It finds the libraries of this environment; those with compiled parts do not load there.
    """

    def __init__(self, python: str, directory: Path) -> None:
        self._process = subprocess.Popen(
            [python, str(SHELL), str(directory), sysconfig.get_path("purelib")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout

    def execute(self, code: str, expression: str = "", silent: bool = False) -> Reply:
        """Run code as a cell."""
        print(json.dumps([code, expression, silent]), file=self._requests, flush=True)
        line = self._replies.readline()
        assert line, "the other Python ended"
        return Reply(*json.loads(line))

    def close(self) -> None:
        """End it."""
        self._requests.close()
        self._process.wait(TIMEOUT_S)
        self._replies.close()


def other_python() -> str | None:
    """Return the newest Python of another minor version that can run IPython, if there is one."""
    found = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))
    for path in [*reversed(found)]:
        code = "import sys, IPython; print(*sys.version_info[:2], sep='.')"
        ran = subprocess.run(
            [str(path), "-c", code],
            env={"PYTHONPATH": sysconfig.get_path("purelib")},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode == 0 and ran.stdout.strip() != "{}.{}".format(*sys.version_info[:2]):
            return str(path)
    return None
