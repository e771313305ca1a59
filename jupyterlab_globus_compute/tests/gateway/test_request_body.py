"""What is checked of a request's body."""

from __future__ import annotations

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.request_body import MAX_BODY_BYTES, check_body


@pytest.mark.parametrize(
    "body", [b"{}", b' {"a": [1, null]} ', '{"ü": "\\ud800"}'.encode()], ids=["empty", "a", "text"]
)
@pytest.mark.parametrize("required", [True, False])
def test_objects_pass(body: bytes, required: bool) -> None:
    check_body(body, required=required)


def test_a_body_may_be_missing_where_none_is_required() -> None:
    check_body(b"", required=False)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "no body"),
        (b" ", 400, "line 1, column 2"),
        (b"{", 400, "not JSON"),
        (b"{'a': 1}", 400, "not JSON"),
        (b"{} {}", 400, "Extra data"),
        (b'{"a": NaN}', 400, "NaN is no JSON value"),
        (b'{"a": -Infinity}', 400, "-Infinity is no JSON value"),
        (b"\xff{}", 400, "UTF-8"),
        ("{}".encode("utf-16"), 400, "UTF-8"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", 400, "digits"),
        (b"[]", 422, "a JSON array"),
        (b'"{}"', 422, "a JSON string"),
        (b"1.5", 422, "a JSON number"),
        (b"true", 422, "a JSON boolean"),
        (b"null", 422, "a JSON null"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "11,534,337 bytes"),
    ],
)
def test_anything_else_is_refused(body: bytes, status: int, words: str) -> None:
    with pytest.raises(GatewayError) as raised:
        check_body(body, required=True)
    assert raised.value.status == status
    assert words in raised.value.reason
    assert raised.value.body()["http_status_code"] == status


def test_the_largest_body_passes() -> None:
    frame = b'{"a": ""}'
    check_body(frame[:-2] + b"x" * (MAX_BODY_BYTES - len(frame)) + frame[-2:], required=True)
