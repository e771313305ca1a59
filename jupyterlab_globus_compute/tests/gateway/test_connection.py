"""Reading what a service says of itself."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest

from jupyterlab_globus_compute.gateway.connection import LocalConnection, is_loopback_origin
from jupyterlab_globus_compute.tests.gateway.support import UUID

FIELDS = {"url": "http://127.0.0.1:5000/", "token": "s3cret", "endpoint_id": UUID, "pid": 12}


def test_reads_the_ready_line() -> None:
    connection = LocalConnection.from_json(json.dumps({**FIELDS, "more": 1}) + "\n")
    assert connection == LocalConnection("http://127.0.0.1:5000", "s3cret", UUID, 12)


def test_does_not_show_its_token() -> None:
    assert "s3cret" not in repr(LocalConnection.from_json(json.dumps(FIELDS)))


@pytest.mark.parametrize(
    "change",
    [
        {"url": None},
        {"url": "http://192.168.1.2:5000"},
        {"token": ""},
        {"token": 5},
        {"endpoint_id": None},
        {"pid": "12"},
    ],
)
def test_refuses_fields_that_are_not_right(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"missing|not an http address"):
        LocalConnection.from_json(json.dumps({**FIELDS, **change}))


@pytest.mark.parametrize("text", ["", "[]", '{"token": "s3cret"', "[" * 100_000, b"\xff"])
def test_refuses_what_is_no_object_without_quoting_it(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="not") as raised:
        LocalConnection.from_json(text)
    assert "s3cret" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://127.0.0.1:80", True),
        ("http://127.9.9.9:80/", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000", True),
        ("https://127.0.0.1:80", False),
        ("http://127.0.0.1", False),
        ("http://127.0.0.1:99999", False),
        ("http://127.0.0.1:80/v2", False),
        ("http://127.0.0.1:80?x", False),
        ("http://user@127.0.0.1:80", False),
        ("http://127.0.0.1@example.org:80", False),
        ("http://127.0.0.1.example.org:80", False),
        ("http://10.0.0.1:80", False),
        ("http://[::1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_this_computer_is_trusted(url: str, is_loopback: bool) -> None:
    assert is_loopback_origin(url) is is_loopback
