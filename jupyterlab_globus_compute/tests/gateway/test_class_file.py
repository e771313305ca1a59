"""What a class file may say, and reading it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from jupyterlab_globus_compute.gateway.class_file import (
    MAX_CLASS_FILE_BYTES,
    ClassFileInvalidError,
    ClassLimits,
    read_class_file,
)
from jupyterlab_globus_compute.gateway.class_submit import LIMITS_FIELD, within_class
from jupyterlab_globus_compute.gateway.errors import GatewayError

CLASS = "7d3c3b52-7c1a-4f4b-9a55-5f0d8f6f2f10"
FUNCTION = "0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b"


def class_text(**changes: Any) -> str:
    """A class file's text."""
    fields = {"version": 1, "id": CLASS, "title": "Astronomy 101", "service": "local"}
    return json.dumps({**fields, **changes})


def test_reads_what_it_says() -> None:
    text = class_text(limits={"tasks": 5, "payloadBytes": 2048, "walltimeSeconds": 1.5})
    file = read_class_file(text)
    assert file.hash == hashlib.sha256(text.encode()).hexdigest()
    assert (file.class_id, file.service) == (CLASS, "local")
    assert file.limits == ClassLimits(5, 2048, 1.5)
    assert read_class_file(class_text()).limits == ClassLimits()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"url": "https://evil.example"}, "the file"),
        ({"service": "https://evil.example"}, "service"),
        ({"service": "../../api"}, "service"),
        ({"version": 2}, "version"),
        ({"id": "me"}, "id"),
        ({"title": ""}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\u202eb\u2028"}, "title"),
        ({"endpoint": {"id": CLASS, "url": "x"}}, "endpoint"),
        ({"functions": [{"name": "import os", "id": FUNCTION}]}, "functions.0.name"),
        ({"limits": {"tasks": 0}}, "limits.tasks"),
        ({"limits": {"walltimeSeconds": float(10**9)}}, "limits.walltimeSeconds"),
        ({"python": "2.7"}, "python"),
        (
            {"functions": [{"name": "f", "id": FUNCTION}, {"name": "f", "id": CLASS}]},
            "functions",
        ),
    ],
)
def test_refuses_what_the_schema_does_not_allow(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ClassFileInvalidError) as refused:
        read_class_file(class_text(**changes))
    assert refused.value.problems[0].startswith(f"{place}: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"version": NaN}',
        "[" * 100_000,
        class_text(title="\ud800"),
        class_text() + " " * MAX_CLASS_FILE_BYTES,
    ],
)
def test_refuses_what_is_no_class_file(text: str) -> None:
    with pytest.raises(ClassFileInvalidError):
        read_class_file(text)


def test_adds_its_limits_to_a_submit() -> None:
    file = read_class_file(class_text(limits={"tasks": 3, "payloadBytes": 1024}))
    fields = {"tasks": {FUNCTION: ["a", "b"]}, "task_group_id": None}
    body = within_class(fields, file, used=1, takes_limits=True)
    assert body is not None
    assert json.loads(body) == {
        **fields,
        LIMITS_FIELD: {"class_id": CLASS, "tasks": 3, "payload_bytes": 1024},
    }
    # Another service would not know the field.
    assert within_class(fields, file, used=1, takes_limits=False) is None


def test_refuses_a_submit_beyond_its_limits() -> None:
    file = read_class_file(class_text(limits={"tasks": 3, "payloadBytes": 1024}))
    with pytest.raises(GatewayError, match=r"allows 3 tasks.*2 were submitted before") as spent:
        within_class({"tasks": {FUNCTION: ["a", "b"]}}, file, used=2, takes_limits=False)
    assert (spent.value.status, spent.value.code) == (403, "CLASS_TASKS_SPENT")
    with pytest.raises(GatewayError, match="allows 1,024 bytes") as large:
        within_class({"tasks": {FUNCTION: ["é" * 600]}}, file, used=0, takes_limits=False)
    assert (large.value.status, large.value.code) == (413, "CLASS_PAYLOAD_TOO_LARGE")


def test_the_service_is_left_to_refuse_a_malformed_submit() -> None:
    file = read_class_file(class_text(limits={"tasks": 1}))
    malformed: list[Any] = [None, [], {FUNCTION: None}, {FUNCTION: [1]}]
    for tasks in malformed:
        body = within_class({"tasks": tasks}, file, used=0, takes_limits=True)
        assert body is not None
        assert json.loads(body)["tasks"] == tasks
