"""A server that uses the local service until it is killed: `DATA_DIR PYTHON`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jupyterlab_globus_compute.tests.gateway.supervised import Supervised


async def serve_until_killed(data_dir: Path, python: Path) -> None:
    """Start the service, use it once, and wait for the end."""
    supervisor = Supervised(data_dir, python).supervisor()
    # Reporting a well connection lost makes the supervisor ask the service.
    await supervisor.ensure(await supervisor.ensure())
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve_until_killed(Path(sys.argv[1]), Path(sys.argv[2])))
