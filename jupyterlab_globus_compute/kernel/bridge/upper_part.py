"""The part of a cell that runs there, as it stands in the cell."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .cell_text import refuse_shell_lines
from .dependencies import BUILTINS
from .errors import CellError
from .names import stored_names
from .origins import origin_of
from .remote_functions import RemoteFunction
from .statements import (
    BLOCKS,
    DEFINING,
    blocks_of,
    calls_in,
    functions_in,
    is_main_guard,
    short_source,
    takes_effect,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .cell_text import CellText
    from .namespace import Json
    from .remote_functions import Caller


class UpperPart:
    """Everything down to the last function of a cell, and what it means for what stands below.

    `functions` are those it defines; `last_line` is its last line, 0 if there are none.
    """

    def __init__(self, cell: CellText, statements: list[ast.stmt]) -> None:
        self.functions = [name for statement in statements for name in functions_in(statement)]
        self.last_line = statements[-1].end_lineno or 0 if statements else 0
        self.origin = origin_of(cell.part(self.last_line), self.functions, cell.first_line)
        self._cell = cell
        self._statements = statements
        self._problems: dict[str, str] = {}

    def check(self) -> None:
        """Refuse what may not stand in it. Raises `CellError`."""
        way = "move it below the functions, or use subprocess"
        refuse_shell_lines(self._cell, self.last_line, way)
        for statement in self._statements:
            self._check_statement(statement)

    def check_names(self, lower: Iterable[ast.stmt]) -> None:
        """Refuse functions that read what only the lower part sets. Raises `CellError`."""
        free, bound = self.origin.names
        below: set[str] = set()
        for statement in lower:
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                below |= stored_names(statement)
        for name in sorted(below - bound - set(self.functions)):
            if name in free and name not in BUILTINS:
                raise CellError(
                    f"{free[name] or 'the upper part'} reads {name}, which is set below the "
                    "functions: move it above them, or pass it as an argument"
                )

    def take_effect(self, space: Json, caller: Caller, whole: bool) -> None:
        """Let imports, definitions and constants take effect here, functions as remote ones.

        With `whole`, for --local, whatever else stands there as well.
        """
        for statement in self._statements:
            if not whole and not takes_effect(statement):
                continue
            code = self._cell.compiled([statement], lazy=self.origin.lazy)
            names = stored_names(statement)
            try:
                exec(code, space)
            except Exception as error:  # noqa: BLE001 - what is missing here may exist there
                for name in names:
                    space.pop(name, None)
                    self._problems[name] = f"{type(error).__name__}: {error}"
        for name in dict.fromkeys(self.functions):
            local = space.get(name)
            if isinstance(local, RemoteFunction):
                local = local.plain
            problem = self._problems.pop(name, "it does not exist here")
            space[name] = RemoteFunction(caller, name, self.origin, local, problem)

    def check_uses(self, lower: Iterable[ast.stmt]) -> None:
        """Refuse statements below that read what does not exist here. Raises `CellError`."""
        computed = self._computed_names()
        set_here: set[str] = set()
        for statement in lower:
            for node in ast.walk(statement):
                if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
                    continue
                if node.id in computed and node.id not in set_here:
                    raise CellError(
                        f"line {node.lineno}: {node.id} is computed in line {computed[node.id]}, "
                        "which runs there: compute it below the functions as well, or return it"
                    )
                if node.id in self._problems and node.id not in set_here:
                    raise CellError(
                        f"line {node.lineno}: {node.id} cannot be used here: "
                        f"{self._problems[node.id]}"
                    )
            set_here |= stored_names(statement)

    def _check_statement(self, statement: ast.stmt) -> None:
        """Refuse what may not stand above the last function."""
        if isinstance(statement, BLOCKS) and not is_main_guard(statement):
            for inner in blocks_of(statement):
                self._check_statement(inner)
            return
        where = f"line {statement.lineno}: `{short_source(self._cell.text, statement)}`"
        way = "move it below the functions, or use --body"
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            name = calls_in(statement, self.functions)
            if name:
                raise CellError(
                    f"{where} calls {name}, a function of this cell, above the last function; {way}"
                )
            return
        constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not constant and not isinstance(statement, DEFINING):
            raise CellError(f"{where} stands above the last function; {way}")

    def _computed_names(self) -> dict[str, int]:
        """Return the names that it computes there, with their lines."""
        computed: dict[str, int] = {}
        for statement in self._statements:
            assigns = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
            if assigns and not takes_effect(statement):
                computed.update(dict.fromkeys(stored_names(statement), statement.lineno))
        return computed
