"""Watching and restarting the local service, with the stand-in as the service."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.tests.gateway.support import StandIn, eventually
from jupyterlab_globus_compute.tests.local.service_process import is_running

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.supervisor import LocalServiceSupervisor
    from jupyterlab_globus_compute.tests.gateway.supervised import Supervised


async def report_lost_until_it_fails(supervisor: LocalServiceSupervisor) -> None:
    """Call until an error is raised: a death that is not noticed yet is no error."""
    while True:
        await supervisor.ensure(await supervisor.ensure())


async def test_takes_over_when_the_other_servers_service_ends(
    supervised: Supervised, stand_in: StandIn
) -> None:
    owner, guest = supervised.supervisor(), supervised.supervisor()
    first = await owner.ensure()
    await guest.ensure()
    await owner.stop()
    second = await guest.ensure(first)
    assert second.pid != first.pid
    assert second.endpoint_id == first.endpoint_id


async def test_a_killed_service_is_restarted_before_anybody_asks(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisor = supervised.supervisor()
    first = await supervisor.ensure()
    os.kill(first.pid, signal.SIGKILL)
    await eventually(lambda: len(stand_in.starts()) > 1, "the restart")
    second = await supervisor.ensure()
    assert second.pid == stand_in.starts()[1]["pid"]
    assert second.endpoint_id == first.endpoint_id
    assert second.token != first.token


async def test_many_who_report_the_same_loss_cause_one_restart(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisor = supervised.supervisor()
    lost = await supervisor.ensure()
    os.kill(lost.pid, signal.SIGKILL)
    connections = await asyncio.gather(*(supervisor.ensure(lost) for _ in range(20)))
    assert len(set(connections)) == 1
    assert connections[0] != lost
    assert await supervisor.ensure(lost) == connections[0]
    assert len(stand_in.starts()) == 2
    assert stand_in.refusals() == []


async def test_a_service_that_is_well_is_not_restarted(
    supervised: Supervised, stand_in: StandIn
) -> None:
    supervisor = supervised.supervisor()
    connection = await supervisor.ensure()
    assert await supervisor.ensure(connection) == connection
    assert len(stand_in.starts()) == 1


async def test_a_service_that_hangs_is_replaced(supervised: Supervised, stand_in: StandIn) -> None:
    supervisor = supervised.supervisor(probe_timeout_s=0.5)
    hung = await supervisor.ensure()
    stand_in.plan({"GET v2/version": [{"act": "hang"}, {"body": '"1.0.0"'}]})
    connection = await supervisor.ensure(hung)
    assert not is_running(hung.pid)
    assert connection.pid == stand_in.starts()[1]["pid"]


async def test_gives_up_on_a_service_that_keeps_dying_and_tries_again_when_asked(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan(starts=["normally", *["dies-when-ready"] * 4, "normally"])
    supervisor = supervised.supervisor()
    first = await supervisor.ensure()
    os.kill(first.pid, signal.SIGKILL)
    await eventually(lambda: len(stand_in.starts()) == 5, "the last restart")
    await eventually(lambda: stand_in.running() == [], "the last death")
    with pytest.raises(GatewayError) as raised:
        await report_lost_until_it_fails(supervisor)
    assert raised.value.code == "LOCAL_SERVICE_KEEPS_DYING"
    assert "5 times in a row" in raised.value.reason
    assert any("[token]" in line for line in raised.value.error_args)
    assert is_running((await supervisor.ensure()).pid)
    assert len(stand_in.starts()) == 6


async def test_restarts_go_on_after_a_failed_start(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan(starts=["normally", "crash", "crash", "normally"])
    supervisor = supervised.supervisor()
    os.kill((await supervisor.ensure()).pid, signal.SIGKILL)
    await eventually(lambda: len(stand_in.starts()) == 4, "the third restart")
    assert (await supervisor.ensure()).pid == stand_in.starts()[-1]["pid"]


async def test_gives_up_on_restarts_that_fail_and_tells_the_next_caller_once(
    supervised: Supervised, stand_in: StandIn
) -> None:
    stand_in.plan(starts=["normally", *["crash"] * 4, "normally"])
    supervisor = supervised.supervisor()
    first = await supervisor.ensure()
    os.kill(first.pid, signal.SIGKILL)
    await eventually(lambda: len(stand_in.starts()) == 5, "the last restart")
    with pytest.raises(GatewayError, match="disk full") as raised:
        await supervisor.ensure(first)
    assert raised.value.code == "LOCAL_SERVICE_KEEPS_DYING"
    assert is_running((await supervisor.ensure()).pid)
