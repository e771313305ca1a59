"""Describe what the Python half declares, as JSON for `scripts/lib/reference.mjs`.

Settings of the server, arguments of the local service, and every message with which the project
refuses something: those are read from the sources, so that none can be left out.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.extension import GlobusComputeExtension
from jupyterlab_globus_compute.local import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "jupyterlab_globus_compute"
REFUSALS = ("CellError", "MagicError", "RemoteCallError", "ServiceError", "WaitStopped")
CODED = ("GatewayError", "ApiError")
FROM_FILES = "VaultUnusableError"
STARTUP = "StartupError"
LONGEST_CHAIN = 4
MOST_WAYS = 2
FEWEST_WORDS = 3
PLACE = re.compile(r"\{[^}]*\}")


def main() -> None:
    """Print the description."""
    described = {
        "arguments": list(arguments()),
        "settings": list(settings()),
        "refusals": list(refusals()),
        "codes": list(codes()),
    }
    json.dump(described, sys.stdout, indent=2)


def settings() -> Iterator[dict[str, Any]]:
    """Describe the settings that the server's configuration can hold."""
    for name, trait in GlobusComputeExtension.class_own_traits(config=True).items():
        yield {
            "name": name,
            "type": trait.info_text if hasattr(trait, "info_text") else type(trait).__name__,
            "default": repr(trait.default()),
            "help": " ".join(trait.help.split()),
        }


def arguments() -> Iterator[dict[str, Any]]:
    """Describe the command line of the local service."""
    for action in cli._parser()._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        takes = action.metavar or action.dest.upper() if action.nargs != 0 else None
        if action.choices:
            takes = " or ".join(map(str, action.choices))
        yield {"name": action.option_strings[-1], "takes": takes, "help": action.help}


def refusals() -> Iterator[dict[str, str]]:
    """Describe what refuses or ends a cell, by the module that does it."""
    for folder in ("kernel/bridge", "headless"):
        for path in sorted((PACKAGE / folder).glob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for call, function in calls(tree, REFUSALS):
                for text in worded(call.args[0], function):
                    # Where all is filled in, the words stand at another place.
                    if len(PLACE.sub("", text).split()) >= FEWEST_WORDS:
                        yield {"folder": folder, "module": path.stem, "text": text}


def codes() -> Iterator[dict[str, Any]]:
    """Describe the errors with a code, of the gateway and of the local service."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        of = "local" if "local" in path.relative_to(PACKAGE).parts else "gateway"
        tree = ast.parse(path.read_text("utf-8"))
        for call, function in calls(tree, (FROM_FILES,)):
            for text in worded(call.args[0], function):
                yield {"of": of, "status": 503, "code": "VAULT_UNUSABLE", "text": text}
        for call, function in calls(tree, (STARTUP,)):
            for text in worded(call.args[0], function):
                yield {"of": "startup", "status": 0, "code": "", "text": text}
        for call, function in calls(tree, CODED):
            status, *named = call.args[:3]
            if not isinstance(status, ast.Constant) or len(named) != len(("code", "reason")):
                continue
            for code in worded(named[0], function):
                for text in worded(named[1], function):
                    if text != "{error}":
                        yield {"of": of, "status": status.value, "code": code, "text": text}


def constants() -> dict[str, str]:
    """Return the texts that modules give to names in capitals."""
    return {
        target.id: statement.value.value
        for path in PACKAGE.rglob("*.py")
        for statement in ast.parse(path.read_text("utf-8")).body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name) and isinstance(statement.value.value, str)
    }


CONSTANTS = constants()
Function = ast.FunctionDef | ast.AsyncFunctionDef | None


def calls(tree: ast.AST, names: tuple[str, ...]) -> Iterator[tuple[ast.Call, Function]]:
    """Yield the calls of these names, each with the function that it stands in."""

    def visit(node: ast.AST, function: Function) -> Iterator[tuple[ast.Call, Function]]:
        for child in ast.iter_child_nodes(node):
            inside = child if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
            if isinstance(child, ast.Call) and child.args and called(child.func) in names:
                yield child, function
            yield from visit(child, inside or function)

    yield from visit(tree, None)


def worded(node: ast.expr, function: Function, depth: int = 0) -> list[str]:
    """Return what a text may say: what is filled in stands in braces, by its name."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        ways = joined([worded(part, function, depth) for part in node.values])
        if len(ways) <= MOST_WAYS:
            return ways
        return joined([worded(part, None, depth) for part in node.values])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return joined([worded(node.left, function, depth), worded(node.right, function, depth)])
    if isinstance(node, ast.FormattedValue):
        return worded(node.value, function, depth)
    if isinstance(node, ast.IfExp):
        return worded(node.body, function, depth) + worded(node.orelse, function, depth)
    return (named(node.id, function, depth) if isinstance(node, ast.Name) else []) or [
        "{" + called(node) + "}"
    ]


def named(name: str, function: Function, depth: int) -> list[str]:
    """Return the texts that a name stands for; nothing if it stands for others too."""
    if function is not None and depth < LONGEST_CHAIN:
        values = assigned(name, function)
        found = [text for value in values for text in worded(value, function, depth + 1)]
        if found:
            return list(dict.fromkeys(found))
    return [CONSTANTS[name]] if name in CONSTANTS else []


def joined(parts: list[list[str]]) -> list[str]:
    """Return every way to put the parts together."""
    texts = [""]
    for ways in parts:
        texts = [text + way for text in texts for way in ways]
    return texts


def assigned(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """Return the texts that a function gives a name; nothing if it gives it anything else."""
    values = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == name
    ]
    texts = (ast.Constant, ast.JoinedStr, ast.IfExp, ast.BinOp)
    return values if all(isinstance(value, texts) for value in values) else []


def called(node: ast.expr) -> str:
    """Return a few words for a value that is filled in."""
    if isinstance(node, ast.Attribute):
        return called(node.value) if node.attr.startswith("__") else node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join" and node.args:
            return called(node.args[0])
        return called(node.args[0]) if node.args else called(node.func)
    if isinstance(node, (ast.Subscript, ast.Starred)):
        return called(node.value)
    inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Name)]
    return inner[0].id if inner else "…"


if __name__ == "__main__":
    main()
