"""The unmodified Python SDK works against the local service."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .sdk_session import PORT
from .service_process import TIMEOUT_S

NAMESPACE = ["unshare", "--user", "--map-root-user", "--net"]


def namespaces_work() -> bool:
    """Whether this system lets us have a network of our own, in which port 5000 is free."""
    try:
        subprocess.run([*NAMESPACE, "ip", "link", "set", "lo", "up"], check=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def port_is_free() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) != 0


def run_session(
    module: str, home: Path, *arguments: str, timeout_s: float = TIMEOUT_S
) -> dict[str, Any]:
    """Run a module where port 5000 is free, and return the JSON it prints."""
    command = [sys.executable, "-m", module, str(home / "data"), *arguments]
    if namespaces_work():
        command = [*NAMESPACE, *command, "--loopback"]
    elif not port_is_free():
        pytest.skip(f"the SDK's fixed port {PORT} is taken, and no network namespace can be had")
    session = subprocess.run(
        command,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert session.returncode == 0, session.stderr
    seen: dict[str, Any] = json.loads(session.stdout)
    return seen


def test_the_sdk_works_unmodified(tmp_path: Path) -> None:
    seen = run_session(f"{__package__}.sdk_session", tmp_path)
    assert seen["function"] == "double"
    assert seen["run"] == 42
    assert seen["task"] == "success"
    assert seen["batch"] == [2 * i for i in range(10)]
    assert "ValueError: bad 7" in seen["failure"]
    assert seen["source"] == 1.5
    assert platform.python_version() in seen["hardware"]
    assert seen["unknown_task"] == "unknown"
    assert seen["endpoints"] == [seen["endpoint_id"]]
    assert seen["metadata"]["display_name"] == "This computer"
    assert seen["status"] == "online"
    assert seen["allowed"] is False
    assert seen["deleted"] == [404, "FUNCTION_NOT_FOUND"]


def test_each_sdk_runs_what_the_other_registers(tmp_path: Path) -> None:
    sdk = Path(__file__).parents[3] / "lib" / "sdk" / "index.js"
    if shutil.which("node") is None or not sdk.exists():
        pytest.skip("the TypeScript SDK is not built: run npm run build:lib")
    seen = run_session(f"{__package__}.both_sdks_session", tmp_path, str(sdk))
    assert seen["typescript"] == {"words": ["größe", "😀"] * 4, "times": 4}
    assert seen["python"] == ["HI", "HI"]
