"""The unmodified Python SDK, with its own login, finds the stand-in to be what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_globus_compute.tests.local.test_sdk import run_session

from .endpoints import PERSON, PROGRAM

if TYPE_CHECKING:
    from pathlib import Path


def test_the_sdk_signs_in_and_works(tmp_path: Path) -> None:
    seen = run_session(f"{__package__}.sdk_session", tmp_path, timeout_s=110)
    for user in ("first", "again", "program"):
        assert seen[user]["run"] == 42
        assert seen[user]["batch"] == [2 * i for i in range(10)]
        assert "ValueError: bad 7" in seen[user]["failure"]
        assert seen[user]["status"] == "online"
    assert seen["first"]["username"] == "ada@university.example"
    assert seen["program"]["username"] == f"{PROGRAM}@clients.auth.globus.org"
    assert seen["first"]["endpoints"] == {
        "owner": ["adas-cluster", "old-cluster", "service-node"],
        "any": ["adas-cluster", "big-machine", "old-cluster", "service-node"],
    }
    assert seen["program"]["endpoints"]["owner"] == ["nightly"]

    # One sign-in, whose tokens were renewed when they had ended; the second session needed none.
    assert seen["grants"].count("authorization_code") == 1
    assert "refresh_token" in seen["grants"]
    assert seen["all_grants"].count("authorization_code") == 1
    assert seen["all_grants"].count("client_credentials") > 1
    # The log-out ended what could have renewed it.
    assert seen["refreshable"]
    assert not any(seen["refreshable"])

    assert seen["unexpected"] == []
    assert {request["identity"] for request in seen["requests"]} <= {PERSON, PROGRAM, None}
    refused = [request for request in seen["requests"] if request["status"] != 200]
    assert {request["status"] for request in refused} == {401}
    tasks = [task["id"] for submission in seen["submissions"] for task in submission["tasks"]]
    assert len(tasks) == len(set(tasks)) == 3 * 12
