"""Both SDKs with one local service; prints what each saw of the other's function as JSON.

Run as ``python -m jupyterlab_globus_compute.tests.local.both_sdks_session DATA_DIR SDK``,
``SDK`` being the built TypeScript SDK's module, where port 5000 is free; ``--loopback`` as in
``sdk_session``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from globus_compute_sdk import Client
from globus_sdk.authorizers import AccessTokenAuthorizer

from .sdk_session import PORT, result_of
from .service_process import TIMEOUT_S, LocalService


def repeat(times: int, words: list[str]) -> dict[str, Any]:
    """Return something with text that is not ASCII, nested."""
    return {"words": words * times, "times": times}


def observe(service: LocalService, sdk: str) -> dict[str, Any]:
    """Let each SDK run what the other has registered."""
    token = str(service.address["token"])
    client = Client(local_compute_services=True, authorizer=AccessTokenAuthorizer(token))
    function_id = client.register_function(repeat)
    script = Path(__file__).with_name("sdk_session.mjs")
    session = subprocess.run(
        ["node", str(script), sdk, service.address["url"], service.endpoint_id, function_id],  # noqa: S607
        env={**os.environ, "COMPUTE_TOKEN": token},
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    theirs = json.loads(session.stdout)
    task_id = client.run(
        "hi", times=2, endpoint_id=service.endpoint_id, function_id=theirs["functionId"]
    )
    return {"typescript": theirs["result"], "python": result_of(client, task_id)}


def main() -> None:
    """Run the session."""
    if "--loopback" in sys.argv:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607
    with LocalService(Path(sys.argv[1]), port=PORT) as service:
        print(json.dumps(observe(service, sys.argv[2])))


if __name__ == "__main__":
    main()
