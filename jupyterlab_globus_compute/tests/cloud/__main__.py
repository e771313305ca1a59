"""Runs the stand-in until standard input ends."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from pathlib import Path

import httpx
import uvicorn

from jupyterlab_globus_compute.tests.local.service_process import LocalService

from .app import Front
from .books import Books
from .control import Control
from .identity import TokenCheck
from .provider import Provider
from .upstream import Upstream

_TIMEOUT_S = 60.0


def main() -> None:
    """Start everything, and say in one JSON line where it is."""
    parser = argparse.ArgumentParser(prog="python -m jupyterlab_globus_compute.tests.cloud")
    parser.add_argument("folder", type=Path, help="where the local service keeps its data")
    parser.add_argument("--port", type=int, default=0, help="of the Compute service")
    parser.add_argument("--redirect-uri", action="append", default=[], help="may get codes")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with Provider(given.redirect_uri) as provider, LocalService(given.folder / "data") as service:
        asyncio.run(_run(provider, service, given.port))


async def _run(provider: Provider, service: LocalService, port: int) -> None:
    books = Books()
    async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
        front = Front(books, TokenCheck(provider, http), Upstream(service.address, http))
        doors = [
            (front.app(), socket.create_server(("127.0.0.1", port))),
            (Control(books).app(), socket.create_server(("127.0.0.1", 0))),
        ]
        urls = [f"http://127.0.0.1:{door.getsockname()[1]}" for _, door in doors]
        servers = [
            uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
            for app, _ in doors
        ]
        # Both listen already: requests that come before they are served wait.
        print(
            json.dumps(
                {
                    "compute": urls[0],
                    "control": urls[1],
                    "auth": provider.url,
                    "authControl": provider.control_url,
                    "programClient": provider.program_client,
                }
            ),
            flush=True,
        )
        serving = [
            asyncio.ensure_future(server.serve([door]))
            for server, (_, door) in zip(servers, doors, strict=True)
        ]
        await asyncio.to_thread(sys.stdin.read)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)


if __name__ == "__main__":
    main()
