"""Starting, finding and ending the local service, with the stand-in as the service."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.connection import LocalConnection
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.service_process import ServiceProcess
from jupyterlab_globus_compute.tests.gateway import doomed_server
from jupyterlab_globus_compute.tests.gateway.supervised import LOG, Supervised
from jupyterlab_globus_compute.tests.gateway.support import (
    REPOSITORY,
    UUID,
    StandIn,
    eventually,
)
from jupyterlab_globus_compute.tests.local.service_process import is_running

if TYPE_CHECKING:
    from pathlib import Path


UNUSABLE_STATE = [
    "",
    "{}",
    '{"url": "http://10.0.0.1:80", "token": "t", "endpoint_id": "e", "pid": 1}',
    '{"url": "http://127.0.0.1:1", "token": "t", "endpoint_id": "e", "pid": 1}',
]


async def test_concurrent_callers_share_one_start(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisor = supervised.supervisor()
    connections = await asyncio.gather(*(supervisor.ensure() for _ in range(20)))
    assert set(connections) == {await supervisor.ensure()}
    assert [start["pid"] for start in stand_in.starts()] == [connections[0].pid]
    assert stand_in.refusals() == []


async def test_a_caller_that_goes_away_does_not_end_the_start(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisor = supervised.supervisor()
    impatient = asyncio.create_task(supervisor.ensure())
    patient = asyncio.create_task(supervisor.ensure())
    await asyncio.sleep(0)
    impatient.cancel()
    assert is_running((await patient).pid)
    assert len(stand_in.starts()) == 1
    assert stand_in.refusals() == []


async def test_the_service_gets_its_own_folder_session_and_no_jupyter_token(
    supervised: Supervised,
    stand_in: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "s3cret")
    data_dir = tmp_path / "new" / "folder"
    with pytest.raises(GatewayError, match=r"plan\.json"):
        # The stand-in finds no plan in the new folder and says so.
        await supervised.supervisor(data_dir=data_dir).ensure()
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700

    connection = await supervised.supervisor(workers=3).ensure()
    (start,) = stand_in.starts()
    assert start["argv"] == [
        "--exit-with-stdin",
        "--data-dir",
        str(stand_in.data_dir),
        "--workers",
        "3",
    ]
    assert start["cwd"] == str(stand_in.data_dir)
    assert "JUPYTER_TOKEN" not in start["environment"]
    assert os.getsid(connection.pid) == connection.pid != os.getsid(0)


async def test_attaches_to_the_service_of_another_server(
    supervised: Supervised, stand_in: StandIn
) -> None:
    owner, guest = supervised.supervisor(), supervised.supervisor()
    connection = await owner.ensure()
    assert await guest.ensure() == connection
    await guest.stop()
    assert is_running(connection.pid)


async def test_two_servers_that_start_at_once_share_one_service(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisors = [supervised.supervisor() for _ in range(4)]
    connections = await asyncio.gather(*(supervisor.ensure() for supervisor in supervisors))
    assert len(set(connections)) == 1
    assert len(stand_in.starts()) == 1
    assert stand_in.refusals()


@pytest.mark.parametrize("state", UNUSABLE_STATE)
async def test_a_state_file_of_no_use_is_passed_over(
    supervised: Supervised, stand_in: StandIn, state: str
) -> None:
    supervised.settings.state_file.write_text(state, encoding="utf-8")
    connection = await supervised.supervisor().ensure()
    assert connection.pid == stand_in.starts()[0]["pid"]


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("missing-package", "LOCAL_SERVICE_MISSING_PACKAGE", "package 'starlette' is missing"),
        ("crash", "LOCAL_SERVICE_NOT_STARTED", "exit code 1: disk full"),
        ("garbled", "LOCAL_SERVICE_NOT_STARTED", "not what this version"),
        ("silent", "LOCAL_SERVICE_NOT_STARTED", "not ready within 2 seconds"),
    ],
)
async def test_a_failed_start_is_explained_and_leaves_no_process(
    supervised: Supervised, stand_in: StandIn, how: str, code: str, words: str
) -> None:
    stand_in.plan(starts=[how, "normally"])
    supervisor = supervised.supervisor(start_timeout_s=2.0)
    outcomes = await asyncio.gather(
        supervisor.ensure(), supervisor.ensure(), return_exceptions=True
    )
    for error in outcomes:
        assert isinstance(error, GatewayError)
        assert error.code == code
        assert words in error.reason
    assert stand_in.running() == []
    assert is_running((await supervisor.ensure()).pid)


async def test_an_interpreter_that_does_not_exist_is_named(supervised: Supervised) -> None:
    with pytest.raises(GatewayError, match="/no/such/python"):
        await supervised.supervisor(python="/no/such/python").ensure()


async def test_a_folder_that_cannot_be_made_is_named(
    supervised: Supervised, stand_in: StandIn
) -> None:
    folder = stand_in.data_dir / "plan.json" / "folder"
    with pytest.raises(GatewayError, match=r"plan\.json"):
        await supervised.supervisor(data_dir=folder).ensure()


async def test_a_folder_that_somebody_holds_without_answering_is_named(
    supervised: Supervised, stand_in: StandIn
) -> None:
    with (stand_in.data_dir / "service.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(GatewayError, match=str(stand_in.data_dir)) as raised:
            await supervised.supervisor(start_timeout_s=1.0).ensure()
    assert raised.value.code == "LOCAL_SERVICE_BUSY"


async def test_stopping_ends_the_service_cleanly(supervised: Supervised, stand_in: StandIn) -> None:
    supervisor = supervised.supervisor()
    connection = await supervisor.ensure()
    await supervisor.stop()
    assert not is_running(connection.pid)
    assert not supervised.settings.state_file.exists()
    assert len(stand_in.starts()) == 1
    with pytest.raises(GatewayError) as raised:
        await supervisor.ensure()
    assert raised.value.code == "SERVER_STOPPING"


async def test_stopping_ends_a_start_that_is_under_way(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan(starts=["silent"])
    supervisor = supervised.supervisor()
    caller = asyncio.create_task(supervisor.ensure())
    await eventually(stand_in.starts, "the start")
    await supervisor.stop()
    with pytest.raises(GatewayError) as raised:
        await caller
    assert raised.value.code == "SERVER_STOPPING"
    assert stand_in.running() == []


@pytest.mark.parametrize(
    ("how", "exit_code"),
    [("ignores-stdin", -signal.SIGTERM), ("ignores-signals", -signal.SIGKILL)],
)
async def test_a_service_that_will_not_end_is_ended_by_force(
    supervised: Supervised, stand_in: StandIn, how: str, exit_code: int
) -> None:
    stand_in.plan(starts=[how])
    process = await ServiceProcess.start(supervised.settings, LOG, timeout_s=30.0)
    await process.stop(stdin_grace_s=0.1, terminate_grace_s=0.1)
    assert await process.wait() == exit_code


async def test_the_service_ends_when_its_server_is_killed(stand_in: StandIn) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        doomed_server.__name__,
        str(stand_in.data_dir),
        str(stand_in.python),
        cwd=REPOSITORY,
    )
    (start,) = await eventually(stand_in.starts, "the start")
    await eventually(lambda: stand_in.requests("/v2/version"), "the service in use")
    server.kill()
    await server.wait()
    await eventually(lambda: not is_running(start["pid"]), "the end of the service")


def test_connections_of_different_starts_differ() -> None:
    fields = ("http://127.0.0.1:1", UUID, 1)
    assert LocalConnection(fields[0], "a", *fields[1:]) != LocalConnection(
        fields[0], "b", *fields[1:]
    )
