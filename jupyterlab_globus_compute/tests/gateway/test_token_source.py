"""Where tokens come from, and that they show nowhere else."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.token_source import (
    CommandToken,
    EnvironmentToken,
    FileToken,
    TokenSource,
)

if TYPE_CHECKING:
    from pathlib import Path

BAD_TOKENS = ["", " ", "two words", "line\r\nX-Other: 1", "ü", "a:b"]


async def refusal(source: TokenSource) -> GatewayError:
    """The error that a source gives instead of a token."""
    with pytest.raises(GatewayError) as raised:
        await source.token("Our lab")
    assert (raised.value.status, raised.value.code) == (503, "TOKEN_MISSING")
    assert "Our lab" in raised.value.reason
    assert "s3cret" not in "".join(traceback.format_exception(raised.value))
    return raised.value


async def test_reads_the_environment_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    source = EnvironmentToken("A_TOKEN")
    monkeypatch.delenv("A_TOKEN", raising=False)
    assert "A_TOKEN" in (await refusal(source)).reason
    monkeypatch.setenv("A_TOKEN", "s3cret")
    assert await source.token("Our lab") == "s3cret"
    for bad in BAD_TOKENS:
        monkeypatch.setenv("A_TOKEN", f"s3cret{bad}" if bad.strip() else bad)
        await refusal(source)


async def test_reads_a_file_that_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "token"
    source = FileToken(str(path))
    await refusal(source)
    path.write_text("s3cret\n", encoding="utf-8")
    path.chmod(0o640)
    assert "chmod 600" in (await refusal(source)).reason
    path.chmod(0o600)
    assert await source.token("Our lab") == "s3cret"
    path.write_bytes(b"s3cret \xff\n")
    await refusal(source)


async def test_runs_a_program_without_a_shell() -> None:
    source = CommandToken([sys.executable, "-c", "import sys; print(sys.argv[1])", "a;b"])
    await refusal(source)
    source = CommandToken([sys.executable, "-c", "import sys; print(sys.argv[1])", "s3cret=="])
    assert await source.token("Our lab") == "s3cret=="


@pytest.mark.parametrize(
    "code",
    [
        "print('s3cret'); raise SystemExit(1)",
        "import sys; print('s3cret', file=sys.stderr)",
        "print('s3cret and more')",
    ],
)
async def test_a_program_that_fails_is_explained(code: str) -> None:
    await refusal(CommandToken([sys.executable, "-c", code]))


async def test_a_program_that_is_missing_or_hangs_is_explained(tmp_path: Path) -> None:
    await refusal(CommandToken([str(tmp_path / "missing")]))
    waits = CommandToken([sys.executable, "-c", "import sys; sys.stdin.read(); input()"])
    await refusal(waits)
    hangs = CommandToken(
        [sys.executable, "-c", "import threading; threading.Event().wait()"], timeout_s=0.2
    )
    assert "too long" in (await refusal(hangs)).reason
