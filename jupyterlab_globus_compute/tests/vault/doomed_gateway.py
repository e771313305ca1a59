"""The gateway on its own, to be killed: `VAULT_DIR LOCAL_DIR CLOUD_URL`.

Prints `{"url"}` when it answers. Its routes are those of the Jupyter server, without that
server's door: `services/{name}/{path}`, `batches` and `batches/{id}`. The token of the cloud is
in the environment's `FAKE_CLOUD_TOKEN`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from jupyterlab_globus_compute.gateway.batch_requests import parse_plan
from jupyterlab_globus_compute.gateway.batches import VaultSettings
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.gateway import Gateway
from jupyterlab_globus_compute.gateway.gateway_settings import GatewaySettings
from jupyterlab_globus_compute.gateway.local_settings import LocalServiceSettings
from jupyterlab_globus_compute.gateway.remote_services import remote_services
from jupyterlab_globus_compute.gateway.submit_observer import BATCH_HEADER
from jupyterlab_globus_compute.gateway.vault.retention import RetentionLimits
from jupyterlab_globus_compute.gateway.watcher.pace import WatchPace

TOKEN_VARIABLE = "FAKE_CLOUD_TOKEN"
PACE = WatchPace(first_poll_s=0.3, unknown_grace_s=3.0, confirm_s=3.0)
"""As short as the patience of a test; the rest is as in a Jupyter server."""


def _no_log(_handler: RequestHandler) -> None:
    """No access log."""


class _Handler(RequestHandler):
    def initialize(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def get(self, path: str) -> None:
        """A batch, or all."""
        batches = self._gateway.batches
        _, _, batch_id = path.partition("/")
        if batch_id:
            await self._answer(batches.batch(batch_id))
        else:
            await self._answer(batches.list(notebook=None, before=None, limit=1000))

    async def put(self, path: str) -> None:
        """A plan."""
        _, _, batch_id = path.partition("/")
        await self._answer(self._gateway.batches.plan(parse_plan(batch_id, self.request.body)))

    async def post(self, path: str) -> None:
        """A request to a service."""
        _, service, rest = path.split("/", 2)
        try:
            answer = await self._gateway.relay(
                service,
                method="POST",
                path=rest,
                query="",
                body=self.request.body,
                content_type="application/json",
                accept="application/json",
                batch=self.request.headers.get(BATCH_HEADER),
            )
        except GatewayError as error:
            self._refuse(error)
        else:
            self.set_status(answer.status)
            self.finish(answer.body)

    async def _answer(self, answer: Any) -> None:
        try:
            self.finish(json.dumps(await answer))
        except GatewayError as error:
            self._refuse(error)

    def _refuse(self, error: GatewayError) -> None:
        self.set_status(error.status)
        self.finish(json.dumps(error.body()))


async def serve_until_killed(vault: Path, local: Path, cloud_url: str) -> None:
    """Serve on a free port."""
    settings = GatewaySettings(
        LocalServiceSettings(local, sys.executable, 2),
        remote=remote_services(
            cloud={},
            others={"fake": {"url": cloud_url, "token_env": TOKEN_VARIABLE, "results_once": True}},
        ),
        vault=VaultSettings(vault, RetentionLimits(None, None), PACE),
    )
    gateway = Gateway(settings, logging.getLogger("doomed"))
    gateway.start()
    socket, port = bind_unused_port()
    server = HTTPServer(
        Application([(r"/(.*)", _Handler, {"gateway": gateway})], log_function=_no_log)
    )
    server.add_sockets([socket])
    print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve_until_killed(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
