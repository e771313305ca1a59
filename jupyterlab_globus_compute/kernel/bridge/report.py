"""What `--dry-run` shows."""

from __future__ import annotations

import platform
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .namespace import Json

SHOWN_CALLS = 20
FORMS = {
    "call": "the functions run there, the lines below them here",
    "body": "the whole cell runs there, as one task",
    "register": "the functions are registered, and nothing is called",
}
LIBRARIES = ("numpy", "pandas", "dill", "globus_compute_sdk")


def report_of(step: Json, options: Json, sent_along: Json, stopped: int | None) -> str:
    """Return what would be sent: `step` as it would be told, `stopped` the line that waits."""
    parts = [
        f"Dry run of {step['name']}: nothing was sent, and the notebook's names are as before.",
        "",
        f"form          {step['form']}: {FORMS[step['form']]}",
        f"kernel        {', '.join(versions())}",
    ]
    settings = [name for name in ("config", "resources") if step[name] is not None]
    parts += [f"{name:<13} {step[name]}" for name in settings]
    parts += [f"needs         {name}: {found}" for name, found in sorted(sent_along.items())]
    if not sent_along:
        parts.append("needs         nothing of the notebook")
    parts += calls_in_words(step, stopped)
    parts += [f"note          {warning}" for warning in step["warnings"]]
    serializer = options.get("serializer") or "source"
    for function in step["functions"]:
        parts += ["", *function_in_words(function, serializer)]
    return "\n".join(parts) + "\n"


def versions() -> Iterator[str]:
    """Yield the Python of this kernel, and the libraries it has loaded that results may need."""
    yield f"{platform.python_implementation()} {platform.python_version()}"
    for name in LIBRARIES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            yield f"{name} {version}"


def calls_in_words(step: Json, stopped: int | None) -> Iterator[str]:
    """Yield the calls of the step, and what they take."""
    tasks = step["tasks"]
    if not tasks:
        yield "calls         none"
        return
    total = sum(len(task["payload"]) for task in tasks)
    largest = max(len(task["payload"]) for task in tasks)
    yield f"calls         {len(tasks)}, {total:,} bytes of arguments, {largest:,} at most in one"
    for task in tasks[:SHOWN_CALLS]:
        line = f"line {task['line']}: " if task["line"] else ""
        yield f"              {line}{task['label']}  ({len(task['payload']):,} bytes)"
    if len(tasks) > SHOWN_CALLS:
        yield f"              ... and {len(tasks) - SHOWN_CALLS:,} more"
    if stopped is not None:
        yield f"              then line {stopped} waits for results: what follows is not known yet"


def function_in_words(function: Json, serializer: str) -> Iterator[str]:
    """Yield what would be registered of a function, exactly."""
    name = function["name"]
    if function["id"]:
        yield f"{name} is registered already: function {function['id']}"
        return
    text = function["serialized"] or function["source"]
    yield f"{name}, {len(text.encode()):,} bytes ({serializer}), entry {function['entry']}:"
    yield text
