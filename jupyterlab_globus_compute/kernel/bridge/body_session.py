"""Cells that run there as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .dependencies import Dependencies
from .errors import CellError
from .names import names_of
from .pickling import buffer, bytecode_warning, pack_buffers, pickled
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
        self.add_task(Task(self, "cell", "cell", payload, self._cell.first_line))

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

    def _input(self, name: str) -> Any:
        if name not in self.space:
            raise CellError(f"-i {name}: the notebook has no variable of this name")
        value = self.space[name]
        try:
            packed = pickled(value)
        except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
            raise CellError(f"-i {name} cannot be sent: {type(value).__name__}: {error}") from None
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
        units = needs.units_in_order()
        units.append(unit_of("cell", "cell", self._cell.text, False))
        options = {"capture": self.options.get("capture", True), "body": True,
                   "quiet": self._cell.quiet, "outputs": outputs,
                   "ipython": any("IPython" in unit.text for unit in units)}  # fmt: skip
        return Source(wrapped(units, "cell", options), "_gc_entry")
