"""How a batch reads without the extension, as `src/card/staticForm.ts` tells it."""

from __future__ import annotations

import html
import json
from typing import Any, NamedTuple

from .advice import advice_on
from .words import (
    count_words,
    duration_words,
    iso_date,
    plain_text,
    state_words,
    title_words,
)

Json = dict[str, Any]

BATCH_MIME_TYPE = "application/vnd.globus-compute.batch+json"

_SIGNS = {"done": "✓", "failed": "✗", "problem": "✗"}
_MAX_GROUPS = 10
_MAX_TRACEBACK = 10_000


class _Group(NamedTuple):
    """Tasks that failed in the same way: the first of them, and how many they are."""

    first: Json
    size: int

    @property
    def title(self) -> str:
        failure = self.first["failure"]
        what = f"{failure['type']}: {failure['message']}".removesuffix(": ")
        if self.size > 1:
            return f"{self.size:,} tasks failed alike: {what}"
        return f"{self.first['label']}: {what}"

    @property
    def place(self) -> str:
        frame = self.first["failure"].get("frame")
        return f"line {frame['line']}, in {frame['name']}: {frame['source']}" if frame else ""


def mime_bundle(snapshot: Json) -> Json:
    """Return the data of the output that shows a batch, for JupyterLab and for all others."""
    return {
        BATCH_MIME_TYPE: json.loads(json.dumps(snapshot)),
        "text/html": _html(snapshot),
        "text/plain": text_card(snapshot),
    }


def text_card(snapshot: Json) -> str:
    """Return a batch in plain text; tracebacks follow with the error of the cell."""
    lines = [f"{_headline(snapshot)} on {snapshot['endpoint']['name']}", _summary(snapshot)]
    lines += [snapshot["note"]] if "note" in snapshot else []
    for group in _groups(snapshot)[:_MAX_GROUPS]:
        advice = _advice(group, snapshot)
        lines += [group.title, *([f"  {group.place}"] if group.place else [])]
        lines += [advice] if advice else []
    lines += [_remainder(snapshot)] if _remainder(snapshot) else []
    lines += [" ".join(fact) for fact in _facts(snapshot)]
    return plain_text("\n".join(lines))


def _html(snapshot: Json) -> str:
    when = iso_date(snapshot["created"])
    heading = (
        f"<p><strong>{_escaped(_headline(snapshot))}</strong> on "
        f"{_escaped(snapshot['endpoint']['name'])}<br>{_escaped(_outcome(snapshot))} · "
        f'<time datetime="{when}">{when}</time></p>'
    )
    parts = [heading]
    parts += [f"<p>{_escaped(snapshot['note'])}</p>"] if "note" in snapshot else []
    parts += [_group_html(group, snapshot) for group in _groups(snapshot)[:_MAX_GROUPS]]
    parts += [f"<p>{_remainder(snapshot)}</p>"] if _remainder(snapshot) else []
    facts = [f"{name} <code>{_escaped(value)}</code>" for name, value in _facts(snapshot)]
    parts += [f"<p><small>{'<br>'.join(facts)}</small></p>"] if facts else []
    # Text and ground are inherited, so that it reads on light and dark pages.
    style = "border-left: 3px solid currentcolor; padding-left: 10px"
    return f'<div style="{style}">{"".join(parts)}</div>'


def _advice(group: _Group, snapshot: Json) -> str | None:
    """Return what one can do about the failure, if it does not speak for itself."""
    endpoint, python = snapshot["endpoint"]["name"], snapshot.get("pythonVersion")
    return advice_on(group.first["failure"], endpoint, python)


def _group_html(group: _Group, snapshot: Json) -> str:
    place = f"<br><code>{_escaped(group.place)}</code>" if group.place else ""
    advice = _advice(group, snapshot)
    told = f"<br>{_escaped(advice)}" if advice else ""
    text = group.first["failure"]["traceback"].rstrip()
    if len(text) > _MAX_TRACEBACK:
        text = f"(beginning left out)\n{text[-_MAX_TRACEBACK:]}"
    details = f"<details><summary>Traceback</summary><pre>{_escaped(text)}</pre></details>"
    title = f"<strong>{_escaped(group.title)}</strong>"
    return f"<p>{title}{place}{told}</p>{details if text else ''}"


def _headline(snapshot: Json) -> str:
    sign = _SIGNS.get(snapshot["state"], "…")
    return f"{sign} {title_words(snapshot['title'], snapshot['counts']['total'])}"


def _summary(snapshot: Json) -> str:
    return f"{_outcome(snapshot)} · {iso_date(snapshot['created'])}"


def _outcome(snapshot: Json) -> str:
    ended = snapshot.get("ended")
    parts = [
        state_words(snapshot["state"]),
        count_words(snapshot["counts"]),
        "" if ended is None else duration_words(ended - snapshot["created"]),
    ]
    return " · ".join(part for part in parts if part)


def _groups(snapshot: Json) -> list[_Group]:
    groups: dict[tuple[Any, ...], _Group] = {}
    for task in snapshot["tasks"]:
        failure = task.get("failure")
        if failure:
            line = failure.get("frame", {}).get("line")
            key = (failure["type"], failure["message"], line)
            known = groups.get(key)
            groups[key] = _Group(task, 1) if known is None else _Group(known.first, known.size + 1)
    return sorted(groups.values(), key=lambda group: -group.size)


def _remainder(snapshot: Json) -> str:
    """Return how many failures are not told; nothing if all are."""
    told = sum(group.size for group in _groups(snapshot)[:_MAX_GROUPS])
    more = snapshot["counts"]["failed"] - told
    return f"{more:,} more failed." if more > 0 else ""


def _facts(snapshot: Json) -> list[tuple[str, str]]:
    """Where it ran and from what: ids, versions and hashes, and no names of people."""
    tasks = snapshot["tasks"]
    facts = [
        ("Service", snapshot["service"]),
        ("Endpoint", snapshot["endpoint"]["id"]),
        *(("Function", value) for value in snapshot["functionIds"]),
        ("Task", tasks[0].get("id") if len(tasks) == 1 else None),
        ("Task group", snapshot.get("taskGroupId")),
        ("Python", snapshot.get("pythonVersion")),
        ("Compute SDK", snapshot.get("sdkVersion")),
        ("SHA-256 of the cell", snapshot.get("sourceHash")),
    ]
    return [(name, value) for name, value in facts if value]


def _escaped(text: str) -> str:
    return html.escape(plain_text(text))
