"""One run of a cell."""

from __future__ import annotations

import base64
import contextlib
import json
import pickle
from typing import TYPE_CHECKING, Any, Protocol

from .errors import CellError, CellStop
from .failures import NotLoaded, TaskFailed
from .pickling import loaded
from .remote_functions import Caller
from .report import report_of
from .settings import settings_of
from .tasks import DONE, FAILED, PENDING

if TYPE_CHECKING:
    import asyncio
    import threading
    from collections.abc import Iterable

    from .errors import NotReady
    from .namespace import Json
    from .notebook import Notebook
    from .source import Source
    from .tasks import Task


class Host(Caller, Protocol):
    """What the runs of one kernel share: the shell, the notebook, and which of them runs now."""

    shell: Any
    notebook: Notebook
    active: Session | None
    lock: threading.RLock

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop that runs what cells await."""


class Session:
    """One run of a cell, from arming it to the last result. Subclasses are the forms."""

    form = "call"

    def __init__(self, bridge: Host, request: Json) -> None:
        self.id: str = request["sid"]
        self.source: str = request["source"]
        self.options: Json = request["options"]
        self.touched: list[NotReady] = []
        self.bridge = bridge
        self.shell = bridge.shell
        self.space: Json = bridge.shell.user_ns
        self.state = "armed"
        self.value: Any = None
        self.quiet = False
        self.is_running_here = False
        self.count = 0
        self.tasks: list[Task] = []
        self.directory: str | None = request.get("directory")
        self._warnings: list[str] = []
        self._received: list[bytes] = []
        self._outcomes: dict[int, Json] = {}
        self._sent = 0
        self._step: Json = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._remote_lines: list[int] | None = None
        self.is_dry = bool(self.options.get("dryRun"))
        self.sent_along: dict[str, str] = {}
        self._title = ""
        self._config = settings_of(self.options, "config", self.space)
        self._resources = settings_of(self.options, "resources", self.space)

    # What a form has to do.
    def advance(self) -> bool:
        """Run until results are needed, and return False then; True at the end."""
        raise NotImplementedError

    def run_here(self) -> None:
        """Run the tasks in this kernel, for --local. Raises what they raise."""
        self.is_running_here = True
        try:
            with self.bridge.running_locally():
                for task in self.tasks:
                    if task.state == PENDING and task.here is not None:
                        task.settle(DONE, task.here())
        finally:
            self.is_running_here = False

    def receive(self) -> None:
        """Put the values of finished tasks where they belong."""
        raise NotImplementedError

    def source_for(self, name: str) -> Source:
        """Return what to register for a function."""
        raise NotImplementedError

    def stopped_at(self) -> int | None:
        """Return the line that waits for results, None if no statement is left."""
        return None

    def fail(self) -> None:
        """Leave what there is to see of a cell whose tasks failed."""

    # What JupyterLab asks for.
    def proceed(self) -> None:
        """Run until results are needed, or to the end, and show the last value there."""
        self.bridge.active = self
        try:
            finished = self.advance()
            while not finished and self.options.get("local"):
                self.run_here()
                self.receive()
                finished = self.advance()
        finally:
            self.bridge.active = None
        self._step = self._told("finished" if finished else "waiting")
        self.state = self._step["state"]
        if self.is_dry:
            self._end_dry_run()
        elif finished:
            self.show_value()

    def take(self) -> str:
        """Return the step reached, as base64 of JSON. Asking again gives the same."""
        return base64.b64encode(json.dumps(self._step).encode()).decode()

    def feed(self, chunk: bytes) -> None:
        """Take a piece of a JSON list of outcomes."""
        self._received.append(chunk)
        if chunk.rstrip().endswith(b"]"):
            with contextlib.suppress(ValueError):
                for outcome in json.loads(b"".join(self._received)):
                    self._outcomes[int(outcome["index"])] = outcome
                self._received.clear()

    def resume(self) -> None:
        """Put the results in their places and run on.

        Raises `CellStop` if a task failed, `CellError` if results are missing, and what the
        cell raises.
        """
        waiting = [task for task in self.tasks if task.state == PENDING]
        missing = [task.label for task in waiting if task.index not in self._outcomes]
        if self.state != "waiting" or self._received or missing:
            raise CellError(
                f"results of {', '.join(missing[:3]) or 'this cell'} did not arrive in the kernel: "
                "run the cell again"
            )
        for task in waiting:
            self._settle(task, self._outcomes.pop(task.index))
        self.receive()
        failed = [task for task in waiting if task.state == FAILED]
        if failed:
            self.fail()
            self.close("another task of its cell failed")
            raise CellStop(str(failed[0].value))
        self.proceed()

    def close(self, reason: str) -> None:
        """End the session; what is still missing will say why."""
        self.state = "closed"
        for task in self.tasks:
            task.close(reason)

    # Shared by the forms.
    def add_task(self, task: Task) -> None:
        """Number a task, to be sent with the next step."""
        with self.bridge.lock:
            task.index = len(self.tasks)
            self.tasks.append(task)

    def warn(self, texts: Iterable[str]) -> None:
        """Tell something in the next step, once."""
        self._warnings += [text for text in texts if text not in self._warnings]

    def take_warnings(self) -> list[str]:
        """Return what is to be told, once."""
        told, self._warnings = self._warnings, []
        return told

    def loaded(self, envelope: Json, name: str = "") -> Any:
        """Return a value of the envelope, or a `NotLoaded` that says why there is none."""
        try:
            return pickle.loads(envelope["outputs"][name] if name else envelope["value"])
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            return self._not_loaded(error, {} if name else envelope.get("mime", {}))

    def _not_loaded(self, error: Exception, mime: Json) -> NotLoaded:
        reason = f"{type(error).__name__}: {error}"
        self.warn([f"a result came back but cannot be loaded here: {reason}"])
        return NotLoaded(reason, mime)

    def _settle(self, task: Task, outcome: Json) -> None:
        data = outcome.get("data") or ""
        if not outcome.get("ok"):
            task.settle(FAILED, TaskFailed(data))
            return
        try:
            value, envelope = loaded(data)
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            value, envelope = self._not_loaded(error, {}), None
        task.settle(DONE, value if envelope is None else self.unwrapped(envelope))

    def unwrapped(self, envelope: Json) -> Any:
        """Return the value of a task from its envelope."""
        return self.loaded(envelope)

    def _told(self, state: str) -> Json:
        functions: list[Json] = []
        tasks: list[Json] = []
        for task in [] if self.options.get("local") else self.tasks[self._sent :]:
            key = self._key_of(task.function, functions)
            tasks.append({"index": task.index, "function": key, "payload": task.payload,
                          "label": task.label, "line": task.line})  # fmt: skip
        self._sent = len(self.tasks)
        told = self.take_warnings()
        return {"sid": self.id, "form": self.form, "name": self.options.get("name") or self._title,
                "state": state, "functions": functions, "tasks": tasks, "warnings": told,
                "remote_lines": self._remote_lines, "config": self._config,
                "resources": self._resources, "report": None}  # fmt: skip

    def _end_dry_run(self) -> None:
        """Tell what would be sent, in place of sending it."""
        report = report_of(self._step, self.options, self.sent_along, self.stopped_at())
        self._step = {**self._step, "state": "finished", "functions": [], "tasks": [],
                      "report": report}  # fmt: skip
        self.close("it was a dry run, and nothing was sent")

    def _key_of(self, name: str, functions: list[Json]) -> str:
        """Return the key of a function's source, listing the function for this step."""
        source = self.source_for(name)
        key = self._sources.setdefault((name, source.hash), str(len(self._sources)))
        if not any(known["key"] == key for known in functions):
            functions.append({"key": key, "name": name, "source": source.text,
                              "entry": source.entry, "hash": source.hash, "id": source.uuid,
                              "serialized": source.serialized})  # fmt: skip
        return key

    def show_value(self) -> None:
        """Show the cell's value as its `Out[n]`, whatever cells ran in between."""
        if self.value is None or self.quiet:
            return
        hook, count = self.shell.displayhook, self.shell.execution_count
        self.shell.execution_count = self.count + 1
        hook.quiet = lambda: False  # it would look for a semicolon in another cell
        try:
            hook(self.value)
        finally:
            del hook.quiet
            self.shell.execution_count = count
