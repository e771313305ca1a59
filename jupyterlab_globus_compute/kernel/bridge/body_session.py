"""Cells that run there as a whole."""

from __future__ import annotations

import functools
import pickle
from typing import TYPE_CHECKING, Any

from .arguments import PAYLOAD_LIMIT_BYTES, megabytes, unsendable_value
from .asked_calls import asked_call
from .body_run import run_here
from .dependencies import Dependencies
from .errors import CellError
from .names import names_of
from .pickling import buffer, bytecode_warning, pack_buffers, pickled
from .serializers import sends_source, wants_json
from .session import Host, Session
from .source import Source
from .tasks import DONE, PENDING, Task
from .units import unit_of
from .worker_source import wrapped

if TYPE_CHECKING:
    from .cell_text import CellText
    from .namespace import Json


class BodySession(Session):
    """The whole cell is one task."""

    form = "body"

    def __init__(self, bridge: Host, request: Json, cell: CellText) -> None:
        super().__init__(bridge, request)
        self._cell = cell
        self._title = "cell"
        self.quiet = True
        self._source: Source | None = None
        text_lines = cell.text.rstrip("\n").count("\n") + 1
        self._remote_lines = [cell.first_line, max(cell.first_line, text_lines)]
        self._outputs: Json = {}

    def prepare(self) -> None:
        """Refuse what cannot work, and make the one task. Raises `CellError`."""
        self._check_options()
        inputs, outputs = self.options.get("inputs") or [], self.options.get("outputs") or []
        for number, line in self._cell.shell_lines.items():
            if "get_ipython().system(" not in line and "get_ipython().getoutput(" not in line:
                raise CellError(
                    f"line {number}: `{self._cell.written[number - 1].strip()}` is an IPython "
                    "magic, which does not exist there: move it into a cell without %%compute"
                )
        for name in (*inputs, *outputs):
            if not name.isidentifier():
                raise CellError(f"{name!r} is not the name of a variable: see -i and -o")
        packed = pickled({name: self._input(name) for name in inputs})
        self._source = self._build(inputs, outputs, packed.names)
        payload = pack_buffers([buffer(pickled(()).data), buffer(packed.data)])
        if len(payload) > PAYLOAD_LIMIT_BYTES:
            raise CellError(
                f"what -i sends takes {megabytes(len(payload))}, and a task may take "
                f"{megabytes(PAYLOAD_LIMIT_BYTES)}: make or read the data there"
            )
        task = Task(self, "cell", "cell", payload, self._cell.first_line)
        if self.options.get("local"):
            task.here = functools.partial(self._run_here, packed.data, outputs)
        self.add_task(task)

    def advance(self) -> bool:
        """Wait once, for the whole cell."""
        return self.tasks[0].state != PENDING

    def receive(self) -> None:
        """Bind the names that -o brings back; the value is shown."""
        task = self.tasks[0]
        if task.state == DONE:
            self.space.update(self._outputs)
            self.value = task.value
            self.quiet = self._cell.quiet

    def unwrapped(self, envelope: Json) -> Any:
        """Return the value, and keep what -o brings back."""
        for name in envelope["outputs"]:
            self._outputs[name] = self.loaded(envelope, name)
        return self.loaded(envelope)

    def source_for(self, name: str) -> Source:  # noqa: ARG002 - the cell is all there is
        """Return the cell in its wrapper."""
        assert self._source is not None  # noqa: S101 - made by prepare()
        return self._source

    def _check_options(self) -> None:
        options = self.options
        asked_call(options, None, 0)
        if options.get("registerOnly"):
            raise CellError("--register-only registers functions, and this cell defines none")
        if not sends_source(options) or wants_json(options):
            name = "--result-serializer" if sends_source(options) else "--serializer"
            raise CellError(
                f"{name} is for functions: a whole cell travels as its text, and its value with "
                "what it shows. Put the code into a function, or leave the option out"
            )

    def _run_here(self, inputs: bytes, outputs: list[str]) -> Any:
        """Run the cell in this kernel, in a copy of the notebook's namespace."""
        space = {**self.space, **pickle.loads(inputs)}
        value = run_here(self._cell, space, self.bridge.loop())
        missing = [name for name in outputs if name not in space]
        if missing:
            raise CellError(f"the cell does not set {', '.join(missing)}, which -o brings back")
        self._outputs = {name: space[name] for name in outputs}
        return value

    def _input(self, name: str) -> Any:
        if name not in self.space:
            raise CellError(f"-i {name}: the notebook has no variable of this name")
        value = self.space[name]
        try:
            packed = pickled(value)
        except Exception:  # noqa: BLE001 - __reduce__ may raise anything
            raise CellError(f"-i {name}: {unsendable_value(value)}") from None
        if packed.bytecode:
            self.warn([bytecode_warning(f"-i {name}")])
        return value

    def _build(self, inputs: list[str], outputs: list[str], met: set[str]) -> Source:
        tree = self._cell.tree
        shell = {"get_ipython"} if self._cell.shell_lines else set()
        needs = Dependencies(self.bridge.notebook, {*inputs, *shell}, True, self.directory)
        needs.add_code(tree, names_of(tree, False), "the cell")
        for name in sorted(met):
            needs.add_name(name, "a variable sent with -i")
        self.warn(needs.warnings)
        self.sent_along.update(needs.found)
        units = needs.units_in_order()
        units.append(unit_of("cell", "cell", self._cell.text, False))
        options = {"capture": self.options.get("capture", True), "body": True,
                   "quiet": self._cell.quiet, "outputs": outputs,
                   "ipython": any("IPython" in unit.text for unit in units)}  # fmt: skip
        return Source(wrapped(units, "cell", options), "_gc_entry")
