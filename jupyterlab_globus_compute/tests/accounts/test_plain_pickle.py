"""Reading a pickle without executing it."""

from __future__ import annotations

import os
import pickle
import pickletools
from collections import OrderedDict
from typing import Any

import pytest

from jupyterlab_globus_compute.gateway.accounts.plain_pickle import (
    NotPlainError,
    read_plain_pickle,
)

SHARED = ["x"]
PLAIN = [
    {},
    {"tokens": {"funcx_service": {"access_token": "t", "expires_in": 172800, "x": None}}},
    [1, -1, 255, 65536, 2**40, 2**80, 1.5, True, False, None, "ü\u2028", ()],
    ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
    {str(number): number for number in range(1500)},
    list(range(3000)),
    [SHARED, SHARED],
    "text",
]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", PLAIN)
def test_reads_plain_data_of_every_protocol(value: Any, protocol: int) -> None:
    assert read_plain_pickle(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", range(3, pickle.HIGHEST_PROTOCOL + 1))
def test_reads_bytes_where_they_are_no_call(protocol: int) -> None:
    value = [b"", b"bytes", b"x" * 300]
    assert read_plain_pickle(pickle.dumps(value, protocol)) == value


class Calling:
    """Would run a command."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (77,))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [Calling(), {"a": [Calling()]}, OrderedDict(a=1), {1, 2}, print])
def test_refuses_everything_else_unexecuted(value: Any, protocol: int) -> None:
    with pytest.raises(NotPlainError):
        read_plain_pickle(pickle.dumps(value, protocol))


HOSTILE = {
    "global": b"cos\nsystem\n(S'true'\ntR.",
    "stack global": b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
    "persistent id": b"Pname\n.",
    "binary persistent id": b"\x80\x02K\x01Q.",
    "extension": b"\x80\x02\x82\x01.",
    "instance": b"(S'true'\nios\nsystem\n.",
    "object": b"(cos\nsystem\nS'true'\no.",
    "new object": b"\x80\x02cos\nsystem\n)\x81.",
    "build": b"\x80\x02}}b.",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_refuses_what_would_import_call_or_build(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        read_plain_pickle(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b".",
        b"N",
        b"(.",
        b"NN.",
        b"a.",
        b"Na.",
        b"}Ns.",
        b"h\x07.",
        b"0.",
        b"\xff.",
        b"t.",
        b"(Nd.",
    ],
)
def test_refuses_what_is_malformed(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        read_plain_pickle(data)


def test_refuses_what_is_too_large() -> None:
    with pytest.raises(NotPlainError, match="too large"):
        read_plain_pickle(pickle.dumps("x" * 2_000_000))


def test_knows_every_opcode_as_plain_or_refuses_it() -> None:
    """An opcode that a later Python adds is refused, too."""
    names = {opcode.name for opcode in pickletools.opcodes}
    dangerous = {"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"}
    dangerous |= {"PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4"}
    assert dangerous <= names
