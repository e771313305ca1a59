"""A notebook without JupyterLab: a real IPython shell with the bridge, and a real worker."""

from __future__ import annotations

import base64
import builtins
import contextlib
import io
import json
import re
import sys
import types
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyterlab_globus_compute.kernel import inject
from jupyterlab_globus_compute.tests.kernel.worker import envelope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyterlab_globus_compute.tests.kernel.worker import Worker

MODULE = inject.PACKAGE
KERNEL = Path(inject.__file__).parent
BRIDGE = KERNEL / "bridge"
OPTIONS: dict[str, Any] = {
    "inputs": [],
    "outputs": [],
    "body": False,
    "capture": True,
    "name": None,
    "args": None,
    "kwargs": None,
    "over": [],
    "functions": [],
    "offered": [],
    "registerOnly": False,
    "dryRun": False,
    "local": False,
    "config": None,
    "resources": None,
    "serializer": None,
    "resultSerializer": None,
    "quiet": False,
}
SERIALIZERS = {"json": ["globus_compute_sdk.serialize.JSONData"]}
INJECTION = (
    "(lambda space: exec(__import__('base64').b64decode('%(source)s'), space)\n"
    "  or space['inject']('%(texts)s', get_ipython())\n"
    ")({'__name__': '_globus_compute_inject'})"
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def encoded(value: Any) -> str:
    """Return base64 of JSON, as the doors of the bridge take it."""
    return base64.b64encode(json.dumps(value).encode()).decode()


class Run(NamedTuple):
    """What a cell did: its steps, outcomes of its tasks, its error, and what it showed here."""

    steps: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    error: BaseException | None
    shown: str

    @property
    def labels(self) -> list[list[str]]:
        """Labels of the tasks of each step."""
        return [[task["label"] for task in step["tasks"]] for step in self.steps]

    @property
    def warnings(self) -> list[str]:
        """Warnings of all steps."""
        return [text for step in self.steps for text in step["warnings"]]

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        """Envelopes of the tasks that succeeded."""
        return [envelope_of(outcome) for outcome in self.outcomes if outcome["ok"]]

    @property
    def failures(self) -> list[dict[str, Any]]:
        """What the failed tasks told, without the traceback."""
        texts = [outcome["data"] for outcome in self.outcomes if not outcome["ok"]]
        return [json.loads(text.partition("\n#gc ")[2]) for text in texts]


def bridge_texts() -> dict[str, str]:
    """The texts of the bridge's files, by module name, as JupyterLab sends them."""
    options = (KERNEL / "options.json").read_text(encoding="utf-8")
    modules = {
        ".".join(path.relative_to(BRIDGE).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in BRIDGE.rglob("*.py")
    }
    return {**modules, "options.json": options}


def injection() -> str:
    """The code that JupyterLab runs in a kernel to put the bridge there."""
    text = (KERNEL / "inject.py").read_text(encoding="utf-8")
    source = base64.b64encode(text.encode()).decode()
    return INJECTION % {"source": source, "texts": encoded(bridge_texts())}


def new_shell(ipython_dir: Path) -> InteractiveShell:
    """A shell whose namespace is a main program of its own."""
    config = Config()
    config.HistoryManager.enabled = False
    module = types.ModuleType("__main__")
    shell = InteractiveShell.instance(
        user_module=module, colors="nocolor", ipython_dir=str(ipython_dir), config=config
    )
    # Once, as JupyterLab does; `install` makes all that a notebook's bridge keeps.
    inject.inject(encoded(bridge_texts()), shell)
    return shell


class Notebook:
    """Runs plain cells and `%%compute` cells, tasks in the worker."""

    def __init__(self, worker: Worker, shell: Any) -> None:
        self._worker = worker
        self.shell = shell
        shell.reset(new_session=True)
        shell.history_manager.reset()
        self.space: dict[str, Any] = self.shell.user_ns
        # What a main program has, and a reset takes away.
        self.space.update({"__name__": "__main__", "__spec__": None, "__builtins__": builtins})
        self.bridge: Any = sys.modules[MODULE]
        shell.magics_manager.magics["cell"].pop("compute", None)
        self.bridge.install(self.shell)
        self.directory: str | None = None
        self.cell_id: str | None = None
        self.elsewhere: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}

    def execute(self, source: str) -> tuple[BaseException | None, str]:
        """Run a cell as it is; return its error and what it showed."""
        with self._showing() as shown:
            result = self.shell.run_cell(source, store_history=True)
        return result.error_before_exec or result.error_in_exec, ANSI.sub("", shown.getvalue())

    def compute(self, source: str, **options: Any) -> Run:
        """Run a `%%compute` cell to its end, with all its tasks."""
        sid = self.arm(source, **options)
        error, shown = self.execute(source)
        run = Run([], [], error, shown)
        functions: dict[str, Any] = {}
        while run.error is None:
            run.steps.append(json.loads(base64.b64decode(self.bridge.take(sid))))
            step = run.steps[-1]
            if step["state"] == "finished":
                break
            functions.update({function["key"]: function for function in step["functions"]})
            outcomes = [self._outcome(functions[t["function"]], t, options) for t in step["tasks"]]
            run.outcomes.extend(outcomes)
            self.bridge.feed(sid, encoded(outcomes))
            run = self._resumed(sid, run)
        return run

    def arm(self, source: str, **options: Any) -> str:
        """Announce a cell; return the id of its session."""
        sid = str(uuid.uuid4())
        request = {"sid": sid, "source": source, "options": {**OPTIONS, **options}}
        place = {"directory": self.directory, "cellId": self.cell_id}
        self.bridge.arm(encoded({**request, **place}))
        return sid

    def _outcome(
        self, function: dict[str, Any], task: dict[str, Any], options: dict[str, Any]
    ) -> dict[str, Any]:
        """Run a task there, if its function's source is there to run."""
        if function["id"]:
            return {"index": task["index"], **self.elsewhere[function["id"]](task)}
        name = options.get("resultSerializer")
        return self._worker.run(function, task, SERIALIZERS[name] if name else [])

    def value(self, expression: str) -> Any:
        """Evaluate an expression in the notebook."""
        return eval(expression, self.space)  # noqa: S307 - of a test

    def _resumed(self, sid: str, run: Run) -> Run:
        with self._showing() as shown:
            result = self.shell.run_cell(f"__import__('sys').modules[{MODULE!r}].resume({sid!r})")
        error = result.error_before_exec or result.error_in_exec
        return run._replace(error=error, shown=run.shown + ANSI.sub("", shown.getvalue()))

    @contextlib.contextmanager
    def _showing(self) -> Iterator[io.StringIO]:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            yield shown


@contextlib.contextmanager
def opened(worker: Worker, shell: InteractiveShell) -> Iterator[Notebook]:
    """A notebook as the process's main program, as in a kernel; put back afterwards."""
    before = sys.modules["__main__"]
    notebook = Notebook(worker, shell)
    sys.modules["__main__"] = shell.user_module
    try:
        yield notebook
    finally:
        sys.modules["__main__"] = before
