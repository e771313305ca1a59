"""A notebook without JupyterLab: a real ipykernel, the magics, and a real local service."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_client.manager import KernelManager

from jupyterlab_globus_compute.headless.card import BATCH_MIME_TYPE

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from jupyter_client.blocking.client import BlockingKernelClient

LOAD = "%load_ext jupyterlab_globus_compute"
TIMEOUT_S = 60
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Ran(NamedTuple):
    """What a cell did: its status, and the outputs as a notebook keeps them."""

    status: str
    outputs: list[dict[str, Any]]

    @property
    def stdout(self) -> str:
        """What it printed."""
        return self._stream("stdout")

    @property
    def stderr(self) -> str:
        """What it wrote to stderr."""
        return self._stream("stderr")

    @property
    def value(self) -> str | None:
        """Its value as text; None if it has none."""
        values = [out["data"]["text/plain"] for out in self.outputs if "execution_count" in out]
        return str(values[-1]) if values else None

    @property
    def error(self) -> str:
        """Its error as it is read: type, text, traceback."""
        return "\n".join(
            f"{out['ename']}: {out['evalue']}\n{ANSI.sub('', chr(10).join(out['traceback']))}"
            for out in self.outputs
            if "traceback" in out
        )

    @property
    def card_outputs(self) -> list[dict[str, Any]]:
        """The outputs that are cards."""
        return [out for out in self.outputs if BATCH_MIME_TYPE in out.get("data", {})]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The batches of its cards."""
        return [out["data"][BATCH_MIME_TYPE] for out in self.card_outputs]

    def _stream(self, name: str) -> str:
        return "".join(out["text"] for out in self.outputs if out.get("name") == name)


class Lab:
    """One kernel whose Jupyter data folder is `data_dir`, with or without the magics loaded."""

    def __init__(self, data_dir: Path, cwd: Path, *, load: bool = True) -> None:
        self.data_dir = data_dir
        self._cwd = cwd
        self._load = load
        self._displays: dict[str, dict[str, Any]] = {}
        self._manager = KernelManager()

    def __enter__(self) -> Lab:
        env = {**os.environ, "JUPYTER_DATA_DIR": str(self.data_dir), "IPYTHONDIR": str(self._cwd)}
        env.pop("PYTEST_CURRENT_TEST", None)
        self._manager.start_kernel(env=env, cwd=str(self._cwd))
        self._client: BlockingKernelClient = self._manager.blocking_client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=TIMEOUT_S)
        if self._load:
            loaded = self.run(LOAD)
            assert loaded.status == "ok", loaded.error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tail: TracebackType | None,
    ) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def restart(self) -> None:
        """Restart the kernel, and load the magics again."""
        self._manager.restart_kernel(now=True)
        self._client.wait_for_ready(timeout=TIMEOUT_S)
        self.run(LOAD)

    def interrupt(self) -> None:
        """Interrupt the cell that runs."""
        self._manager.interrupt_kernel()

    def run(self, source: str, *, on_output: Any = None) -> Ran:
        """Run a cell; `on_output` is told of each output when it comes."""
        outputs: list[dict[str, Any]] = []

        def take(message: dict[str, Any]) -> None:
            kind, content = message["header"]["msg_type"], message["content"]
            display_id = content.get("transient", {}).get("display_id")
            if kind == "update_display_data":
                self._displays[display_id]["data"] = content["data"]
            elif kind in ("stream", "error", "execute_result", "display_data"):
                outputs.append(content)
                if display_id is not None:
                    self._displays[display_id] = content
            if on_output is not None and kind != "status":
                on_output(content)

        reply = self._client.execute_interactive(
            source, output_hook=take, timeout=TIMEOUT_S, stop_on_error=False
        )
        return Ran(reply["content"]["status"], outputs)

    def evaluate(self, expression: str) -> str:
        """Return the repr of an expression, or its error."""
        reply = self._client.execute_interactive(
            "", timeout=TIMEOUT_S, silent=True, user_expressions={"value": expression}
        )
        value = reply["content"]["user_expressions"]["value"]
        if value["status"] == "error":
            return f"{value['ename']}: {value['evalue']}"
        return str(value["data"]["text/plain"])

    def ok(self, source: str) -> Ran:
        """Run a cell that must succeed."""
        ran = self.run(source)
        assert ran.status == "ok", ran.error
        return ran

    def value(self, expression: str) -> Any:
        """The value of an expression, which must be one of JSON."""
        ran = self.ok(f"import json as _json; print(_json.dumps({expression}))")
        return json.loads(ran.stdout.splitlines()[-1])


def data_dir_of(service_dir: Path, folder: Path) -> Path:
    """A Jupyter data folder whose local service is the one that runs on `service_dir`."""
    (folder / "globus-compute").mkdir(parents=True)
    (folder / "globus-compute" / "local").symlink_to(service_dir)
    return folder
