"""What a person reads when the local service cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway import start_failure
from jupyterlab_globus_compute.local_extra import NOT_INSTALLED_EXIT_CODE

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.errors import GatewayError


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("ModuleNotFoundError: No module named 'starlette'", "starlette"),
        ("ModuleNotFoundError: No module named 'globus_compute_sdk.errors'", "globus-compute-sdk"),
        ("python: Error in finding 'a.b' (ModuleNotFoundError: No module named 'a')", "a"),
        ("/usr/bin/python: No module named jupyterlab_globus_compute", "jupyterlab-globus-compute"),
    ],
)
def test_a_missing_package_is_named_with_its_remedy(line: str, package: str) -> None:
    error = start_failure.start_failed(1, ["Traceback:", line], "/opt/python")
    assert error.code == "LOCAL_SERVICE_MISSING_PACKAGE"
    assert f"package '{package}' is missing" in error.reason
    assert '/opt/python -m pip install "jupyterlab-globus-compute[local]"' in error.reason


def test_an_extra_that_is_not_installed_is_told_with_the_command() -> None:
    lines = ["python -m jupyterlab_globus_compute.local: The local service is not installed"]
    error = start_failure.start_failed(NOT_INSTALLED_EXIT_CODE, lines, "/opt/my python")
    assert error.code == "LOCAL_SERVICE_NOT_INSTALLED"
    assert error.reason.endswith(
        "'/opt/my python' -m pip install \"jupyterlab-globus-compute[local]\""
    )


def test_other_failures_quote_the_last_words() -> None:
    lines = ["No module named 'optional'", "OSError: disk full."]
    error = start_failure.start_failed(1, lines, "python")
    assert error.code == "LOCAL_SERVICE_NOT_STARTED"
    assert "exit code 1: OSError: disk full. The Jupyter server's log" in error.reason
    assert error.body()["error_args"] == lines


@pytest.mark.parametrize(
    ("exit_code", "words"),
    [(0, "exit code 0"), (7, "exit code 7"), (-9, "signal SIGKILL"), (-99, "signal 99")],
)
def test_exits_are_described(exit_code: int, words: str) -> None:
    assert start_failure.describe_exit(exit_code) == words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (start_failure.start_failed(-9, [], "python"), "signal SIGKILL: it said nothing"),
        (start_failure.start_timed_out(60, ["busy"]), "within 60 seconds"),
        (start_failure.start_garbled([]), "not what this version"),
        (start_failure.start_impossible(FileNotFoundError(2, "No such file", "/x")), "file: /x"),
        (start_failure.platform_unsupported(), "WSL"),
        (start_failure.service_busy(Path("/d"), 60), "local_data_dir"),
        (start_failure.gave_up(5, ["boom"]), "5 times in a row"),
    ],
)
def test_every_failure_says_what_happened_and_what_to_do(error: GatewayError, words: str) -> None:
    assert error.status == 503
    assert words in error.reason
