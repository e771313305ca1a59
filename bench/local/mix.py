"""Tasks of 1 ms and of 10 s in one batch, with and without several tasks in a worker's hands.

Prints one JSON object: the median seconds that the batch takes, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from client import Client

from jupyterlab_globus_compute.tests.local.service_process import LocalService

SOURCE = "import time\ndef f(seconds):\n    time.sleep(seconds)\n"
NO_SHARING = "from jupyterlab_globus_compute.local import pace\npace.MAX_SHARE = 1\n"


def main() -> None:
    """Run the rounds, the two ways taking turns in each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--short-tasks", type=int, default=1000)
    parser.add_argument("--long-s", type=float, default=10)
    given = parser.parse_args()
    # Neither first nor last: short ones are before, between and behind.
    durations_s = [0.001] * given.short_tasks
    durations_s[given.short_tasks // 3] = durations_s[given.short_tasks // 2] = given.long_s
    seconds: dict[str, list[float]] = {"sharing": [], "no_sharing": []}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(given.rounds):
            for name, prelude in (("sharing", ""), ("no_sharing", NO_SHARING)):
                data_dir = Path(directory) / f"{name}-{number}"
                seconds[name].append(batch_s(data_dir, prelude, durations_s))
                print(name, seconds[name][-1], file=sys.stderr, flush=True)
    medians = {f"{name}_median_s": median(all_s) for name, all_s in seconds.items()}
    ratio = medians["sharing_median_s"] / medians["no_sharing_median_s"]
    print(json.dumps({"rounds": given.rounds, **medians, "ratio": ratio}))


def batch_s(data_dir: Path, prelude: str, durations_s: list[float]) -> float:
    """Return how long a batch takes on two workers that have found tasks to be short."""
    with LocalService(data_dir, workers=2, prelude=prelude) as service:
        function_id, client = service.register(SOURCE), Client(service)
        list(client.results(client.submit(function_id, [service.payload(0.0)] * 400)))
        payloads = [service.payload(duration_s) for duration_s in durations_s]
        started = time.perf_counter()
        tasks = client.results(client.submit(function_id, payloads))
        assert all(task["status"] == "success" for task in tasks)  # noqa: S101 - as it says
        return time.perf_counter() - started


if __name__ == "__main__":
    main()
