"""The command line, and that what it says reaches the engine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local.cli import parse_arguments

from .service_process import LocalService

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = "00000000-0000-0000-0000-00000000DEAD"


def test_the_defaults() -> None:
    settings = parse_arguments([])
    assert settings.port == 0
    assert settings.workers >= 1
    assert settings.engine == "process"
    assert settings.python is None
    assert settings.walltime_s is None
    assert settings.memory_bytes is None
    assert settings.allowed_functions is None
    assert settings.amqp_url is None
    assert settings.keep_s == 30 * 24 * 3600
    assert settings.keep_bytes == 2048 * 1024 * 1024


def test_all_that_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("--walltime=1.5\n--memory=64\n--keep-days=0\n--keep-mib=0\n")
    arguments = [f"@{file}", "--python", sys.executable, "--allowed-function", UNKNOWN]
    settings = parse_arguments([*arguments, "--amqp-url", "amqp://x:y@z/", "--exit-with-stdin"])
    assert settings.walltime_s == 1.5
    assert settings.memory_bytes == 64 * 1024 * 1024
    assert settings.keep_s is None
    assert settings.keep_bytes is None
    assert settings.python == sys.executable
    assert settings.allowed_functions == (UNKNOWN.lower(),)
    assert settings.amqp_url == "amqp://x:y@z/"
    assert settings.exit_with_stdin


@pytest.mark.parametrize(
    "arguments",
    [
        ["--walltime", "0"],
        ["--walltime", "-1"],
        ["--walltime", "nan"],
        ["--memory", "0"],
        ["--keep-days", "-1"],
        ["--keep-mib", "inf"],
        ["--python", "/no/such/program"],
        ["--allowed-function", "nonsense"],
        ["--amqp-url", "http://localhost"],
        ["--amqp-url", "rabbit"],
        ["--endpoint-config", "/no/such/file"],
        ["@/no/such/file"],
    ],
)
def test_wrong_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(arguments)
    assert caught.value.code == 2
    assert arguments[0].lstrip("@") in capsys.readouterr().err


def test_limits_and_interpreter_reach_the_tasks(tmp_path: Path) -> None:
    python = tmp_path / "interpreter"
    python.write_text(f'#!/bin/sh\nMARK=ours exec "{sys.executable}" "$@"\n')
    python.chmod(0o700)
    arguments = ["--walltime", "2", "--memory", "256", "--python", str(python)]
    with LocalService(tmp_path / "data", workers=1, arguments=arguments) as service:
        mark = service.call("import os\ndef f():\n    return os.environ['MARK']\n")
        assert service.value(mark) == "ours"
        slow = service.call("import time\ndef f():\n    time.sleep(600)\n")
        assert slow["status"] == "failed"
        assert "2" in slow["exception"]
        large = service.call("def f():\n    return len(bytearray(1024 ** 3))\n")
        assert large["status"] == "failed"
        assert "MemoryError" in large["exception"]
        assert service.value(service.call("def f():\n    return 1\n")) == 1
