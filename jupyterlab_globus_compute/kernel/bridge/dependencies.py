"""What the code that runs there needs of the notebook."""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import types
from typing import TYPE_CHECKING, Any, NoReturn

from .errors import CellError
from .imports import beside, import_of
from .names import dotted_names, names_of
from .namespace import MAIN
from .remote_functions import RemoteFunction
from .statements import source_of, star_imports
from .units import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .names import Names
    from .namespace import Json
    from .notebook import Binding, Notebook
    from .units import Unit

# IPython takes Python's own exit and quit away while cells run.
BUILTINS = frozenset({*dir(builtins), "exit", "quit"}) - {"display", "get_ipython", "__IPYTHON__"}
MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__builtins__", "__spec__",
                          "__loader__", "__package__", "__annotations__", "__dict__"})  # fmt: skip


class Dependencies:
    """What code that runs there needs of the notebook: imports, functions, classes.

    Raises `CellError` for what cannot be sent.
    """

    def __init__(
        self, notebook: Notebook, provided: Iterable[str], body: bool, directory: str | None
    ) -> None:
        self.imports: list[str] = []
        self.units: list[Unit] = []
        self.warnings: list[str] = []
        self.found: Json = {}
        self._notebook = notebook
        self._done = set(provided)
        self._body = body
        self._directory = directory

    def add_code(self, tree: ast.Module, names: Names, reader: str) -> None:
        """Add what a piece of code reads and does not bind itself."""
        self._check_imports(tree, reader)
        dotted = dotted_names(tree)
        stars = star_imports(tree)
        for name, who in sorted(names.free.items()):
            if not any(self._may_have(module, name) for module in stars):
                self.add_name(name, who or reader, dotted)

    def add_name(self, name: str, reader: str, dotted: Iterable[str] = ()) -> None:
        """Add what a name of the notebook stands for."""
        if name in self._done or name in MODULE_NAMES or name == "display":
            return
        if name == "get_ipython":
            raise CellError(
                f"{reader} uses IPython itself, which exists only here: "
                "do that below the functions, or in a cell without %%compute"
            )
        self._done.add(name)
        space = self._notebook.space
        if name not in space or self._is_builtin(name, space[name]):
            if name not in BUILTINS:
                self.found[name] = "not defined anywhere"
                self.warnings.append(f"{reader} uses {name}, which is not defined anywhere")
            return
        value = space[name]
        binding = self._notebook.binding(name)
        if isinstance(value, RemoteFunction):
            self.found[name] = "function of an earlier %%compute cell"
            self._add_origin(value, reader)
        elif not (self._add_import(name, value, binding, dotted, reader)
                  or self._add_definition(name, value, binding, reader)
                  or self._add_importable(name, value, reader)):  # fmt: skip
            self._refuse(name, value, reader)

    def _may_have(self, module: str, name: str) -> bool:
        """Tell whether `from module import *` binds a name; one not loaded here may."""
        known = sys.modules.get(module)
        return hasattr(known, name) if known else name not in self._notebook.space

    def units_in_order(self) -> list[Unit]:
        """Return the units, those first that others need."""
        lines = "".join(f"{line}\n" for line in dict.fromkeys(self.imports))
        return ([unit_of("imports", "imports", lines, False)] if lines else []) + self.units

    def _is_builtin(self, name: str, value: Any) -> bool:
        if name not in BUILTINS:
            return False
        # IPython puts its own open, exit and quit into the namespace.
        replaced = name in ("open", "exit", "quit") and getattr(value, "__module__", "") != MAIN
        return replaced or value is getattr(builtins, name, None)

    def _add_origin(self, function: RemoteFunction, reader: str) -> None:
        origin = function.origin
        name = function.__name__
        if origin is None:
            raise CellError(
                f"{reader} calls {name}, which was registered elsewhere (--function): its source "
                "is not known here. Call it below the functions, and pass its result"
            )
        self._done |= origin.names.bound
        self.add_code(origin.tree, origin.names, name)
        self.units.append(unit_of(f"cell of {name}", f"cell {name}", origin.text, origin.lazy))

    def _add_import(
        self, name: str, value: Any, binding: Binding | None, dotted: Iterable[str], reader: str
    ) -> bool:
        line = None if binding is None else import_of(name, binding.statement)
        if line is None and isinstance(value, types.ModuleType):
            line = f"import {value.__name__}" + (f" as {name}" if value.__name__ != name else "")
        if line is None or getattr(value, "__module__", None) == MAIN:
            return False
        self._check_imports(ast.parse(line), reader)
        self.imports.append(line)
        self.found[name] = line
        if isinstance(value, types.ModuleType):
            for longer in sorted(dotted):
                head, _, tail = longer.partition(".")
                while head == name and tail:
                    full = f"{value.__name__}.{tail}"
                    if full in sys.modules:
                        alone = f"import {full}"
                        self.imports.append(
                            alone if value.__name__ == name else f"{alone} as _gc_submodule"
                        )
                        break
                    tail = tail.rpartition(".")[0]
        return True

    def _add_definition(self, name: str, value: Any, binding: Binding | None, reader: str) -> bool:
        plain = inspect.unwrap(value) if callable(value) else value
        kind = isinstance(value, type)
        if not kind and not isinstance(plain, types.FunctionType):
            return False
        if getattr(plain, "__module__", None) != MAIN or binding is None:
            return False
        statement = binding.statement
        assigned = isinstance(statement, ast.Assign)
        local = "<locals>" in getattr(plain, "__qualname__", "")
        if local and not (hasattr(value, "__wrapped__") or (assigned and kind)):
            maker = plain.__qualname__.partition(".")[0]
            raise CellError(
                f"{reader} uses {name}, a function that {maker}() returned: its source alone does "
                "not make it. Define it with def in a cell, or pass it as an argument"
            )
        if not assigned and not isinstance(
            statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            return False
        text = source_of(binding.text, statement)
        tree = ast.parse(text)
        lazy = not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
        self.add_code(tree, names_of(tree, lazy), name)
        where = "class" if kind else "function"
        self.found[name] = f"{where} of this notebook"
        self.units.append(unit_of(f"{where} {name}", f"{where} {name}", text, lazy))
        return True

    def _add_importable(self, name: str, value: Any, reader: str) -> bool:
        module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        kinds = (type, types.FunctionType, types.BuiltinFunctionType)
        if not isinstance(value, kinds) or not isinstance(module, str) or module == MAIN:
            return False
        if getattr(sys.modules.get(module), str(path), None) is not value:
            return False
        line = f"from {module} import {path} as {name}"
        self.found[name] = line
        self._check_imports(ast.parse(line), reader)
        self.imports.append(line)
        return True

    def _refuse(self, name: str, value: Any, reader: str) -> NoReturn:
        if isinstance(value, types.FunctionType):
            raise CellError(
                f"{reader} uses the function {name}, whose source is not to be found: "
                "define it with def in a cell, or pass it as an argument"
            )
        way = (
            f"add -i {name}"
            if self._body
            else f"pass it as an argument, or send it with --body -i {name}"
        )
        raise CellError(f"{reader} reads the notebook variable {name!r}: {way}")

    def _check_imports(self, tree: ast.AST, reader: str) -> None:
        for node in ast.walk(tree):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in modules:
                path = beside(module.partition(".")[0], self._directory)
                if path:
                    raise CellError(
                        f"{reader} imports {module}, a file beside the notebook ({path}) that does "
                        "not exist there: put what it needs into a cell, or install it there"
                    )
