"""What a class file says, in plain text, as `src/panel/classes/classFacts.ts` puts it."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.headless.names import label_of
from jupyterlab_globus_compute.headless.words import duration_words, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Json = dict[str, Any]

_INDENT = " " * 18
# What makes text read otherwise than it is written.
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def class_facts(content: Json, known: Sequence[str], tasks: int) -> str:
    """Return lines for a person to read before they accept. Nothing of it is looked up.

    `known` are the services that there are, `tasks` those submitted for the class so far.
    """
    lines = []
    for name, value in _facts(content, known, tasks):
        first, *rest = _visible(value).split("\n")
        lines += [f"{name:<{len(_INDENT)}}{first}", *(f"{_INDENT}{line}" for line in rest)]
    return "\n".join(line.rstrip() for line in lines)


def _facts(content: Json, known: Sequence[str], tasks: int) -> Iterator[tuple[str, str]]:
    service, endpoint, group = content["service"], content.get("endpoint"), content.get("group")
    if "contact" in content:
        yield "Contact", content["contact"]
    label = label_of(service) if service in known else f"{service}, which is not here"
    yield "Service", label
    yield "Endpoint", _named(endpoint) if endpoint else "the first that the service has"
    if endpoint:
        yield "Owner", endpoint.get("owner") or "The file does not say."
    if group:
        yield "Group", _named(group)
    if "python" in content:
        yield "Python", f"{content['python']} or newer"
    yield from (("Limit", limit) for limit in _limits(content.get("limits", {})))
    for function in content.get("functions", ()):
        yield "Function", _function(function)
    if "config" in content:
        yield "Template values", json.dumps(content["config"], indent=2)
    if tasks:
        yield "Submitted", f"{tasks:,} tasks until now"


def _limits(limits: Json) -> Iterator[str]:
    if "tasks" in limits:
        yield f"{limits['tasks']:,} tasks in all"
    if "payloadBytes" in limits:
        yield f"{limits['payloadBytes']:,} bytes of arguments for a task"
    if "walltimeSeconds" in limits:
        yield f"{duration_words(limits['walltimeSeconds'])} for a task, on this computer"


def _function(function: Json) -> str:
    words = " ".join(filter(None, (function["name"], function.get("description"))))
    source = textwrap.indent(function.get("source", "").rstrip(), "  ")
    return "\n".join(filter(None, (f"{words} {function['id']}", source)))


def _named(item: Json) -> str:
    return f"{item.get('name', '')} {item['id']}".strip()


def _visible(text: str) -> str:
    """Return text from outside with nothing that steers a terminal or hides itself."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", plain_text(text))
