"""Sessions of the unmodified Python SDK with the stand-in; prints what it saw as JSON.

The SDK talks to ``http://localhost:5000`` when told to use local services, and nothing can
change that. Run as ``python -m jupyterlab_globus_compute.tests.cloud.sdk_session DIR`` where
port 5000 is free; ``--loopback`` first brings up the loopback device of a new network
namespace.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyterlab_globus_compute.tests.local.sdk_session import PORT

from .browse import get_code
from .cloud import Cloud
from .endpoints import CLUSTER, PROGRAMS_CLUSTER


def run_user(
    cloud: Cloud, home: Path, *arguments: str, program: bool = False, signs_in: bool = False
) -> dict[str, Any]:
    """Run ``sdk_user``: sign in as a person would, let its access tokens end in the pause."""
    env = {
        **os.environ,
        "GLOBUS_COMPUTE_USER_DIR": str(home),
        "GLOBUS_SDK_SERVICE_URL_AUTH": f"{cloud.auth_url}/",
    }
    if program:
        env["GLOBUS_COMPUTE_CLIENT_ID"] = cloud.program_client["clientId"]
        env["GLOBUS_COMPUTE_CLIENT_SECRET"] = cloud.program_client["clientSecret"]
    user = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.sdk_user", *arguments],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdin is not None
    assert user.stdout is not None
    line = ""
    prompts = 0
    for line in user.stdout:
        if re.match(r"https?://", line):
            assert signs_in, "the SDK asks for a sign-in"
            prompts += 1
            print(get_code(line.strip()), file=user.stdin, flush=True)
        elif line.rstrip().endswith("paused"):
            cloud.control_auth("end-access-tokens")
            print(file=user.stdin, flush=True)
    assert user.wait() == 0, line
    assert prompts == int(signs_in)
    # The prompt for the code ends without a new line.
    seen: dict[str, Any] = json.loads(line[line.index("{") :])
    return seen


def main() -> None:
    """Run a person's session twice and a program's once."""
    if "--loopback" in sys.argv:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)  # noqa: S607
    folder = Path(sys.argv[1])
    with Cloud(folder, port=PORT) as cloud:
        cloud.control("set", requests_in_10_s=1000)
        home = folder / "home"
        first = run_user(cloud, home, CLUSTER, "--pause", signs_in=True)
        grants = cloud.control_auth("grants")
        again = run_user(cloud, home, CLUSTER, "--log-out")
        program = run_user(cloud, folder / "program", PROGRAMS_CLUSTER, "--pause", program=True)
        issued = cloud.control_auth("issued")
        person_tokens = issued["refreshTokens"]
        print(
            json.dumps(
                {
                    "first": first,
                    "again": again,
                    "program": program,
                    "grants": grants,
                    "all_grants": cloud.control_auth("grants"),
                    "refreshable": [
                        cloud.control_auth("alive", token=token) for token in person_tokens
                    ],
                    **cloud.control("log"),
                }
            )
        )


if __name__ == "__main__":
    main()
