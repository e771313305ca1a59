"""Imports of the notebook, and what they find."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import sysconfig


def import_of(name: str, statement: ast.stmt) -> str | None:
    """Return the import that binds just this name, if the statement is one that does."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if (alias.asname or alias.name.partition(".")[0]) == name:
                return f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        for alias in statement.names:
            if (alias.asname or alias.name) == name:
                end = f" as {alias.asname}" if alias.asname else ""
                return f"from {statement.module} import {alias.name}{end}"
            if alias.name == "*":
                return f"from {statement.module} import {name}"
    return None


def beside(module: str, directory: str | None) -> str | None:
    """Return the path of a module that lies beside the notebook, not among installed ones."""
    try:
        known = sys.modules.get(module)
        found = getattr(known, "__spec__", None) or importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    places = [found.origin] if found and found.origin else []
    places += list(found.submodule_search_locations or ()) if found else []
    folder = os.path.realpath(directory or os.getcwd()) + os.sep
    installed = [os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values()]
    for place in filter(os.path.isabs, places):
        path = os.path.realpath(place)
        parts = path.split(os.sep)
        known_place = path.startswith(tuple(installed)) or "dist-packages" in parts
        if path.startswith(folder) and not known_place and "site-packages" not in parts:
            return path
    return None
