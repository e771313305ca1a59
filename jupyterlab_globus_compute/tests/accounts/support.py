"""What several test modules of accounts use."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import ADA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GlobusStandIn
    from jupyterlab_globus_compute.tests.gateway.support import Api

_DEADLINE_S = 60.0
_POLL_S = 0.05


async def sign_in(
    api: Api, globus: GlobusStandIn, user: dict[str, str] = ADA, requirements: Any = None
) -> dict[str, Any]:
    """Sign in as a person does; answer the AccountInfo."""
    body = {"requirements": requirements}
    begun = await api.call("POST", "accounts/cloud/sign-in", body)
    assert begun.status == 200, begun.json
    code = globus.authorize(begun.json["url"], user)
    path = f"accounts/cloud/sign-in/{begun.json['id']}"
    done = await api.call("POST", path, {"code": f" {code}\n"})
    assert done.status == 200, done.json
    account: dict[str, Any] = done.json
    return account


async def ask_compute(api: Api) -> int:
    """Ask Globus Compute for something through the gateway; answer the status."""
    return (await api.call("GET", "services/cloud/v2/endpoints")).status


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until something holds that has to be asked for."""
    deadline = time.monotonic() + _DEADLINE_S
    while not await condition():
        assert time.monotonic() < deadline, f"{what} did not come about"
        await asyncio.sleep(_POLL_S)


async def in_terminal(
    globus: GlobusStandIn, script: str, *, answer: Callable[[str], str] | None = None
) -> Any:
    """Run a script of the Python SDK in a process of its own; give the JSON that it prints last.

    What it prints first goes to `answer`, whose text it then reads.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "GLOBUS_SDK_SERVICE_URL_AUTH": f"{globus.url}/",
            "GLOBUS_SDK_SERVICE_URL_GROUPS": f"{globus.url}/",
        },
    )
    given = b""
    if answer is not None:
        assert process.stdout is not None
        asked = await asyncio.wait_for(process.stdout.readline(), _DEADLINE_S)
        given = f"{answer(json.loads(asked))}\n".encode()
    output, errors = await asyncio.wait_for(process.communicate(given), _DEADLINE_S)
    assert process.returncode == 0, errors.decode()
    return json.loads(output.decode().splitlines()[-1])
