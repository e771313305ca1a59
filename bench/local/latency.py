"""One empty task at a time through the local service, and how soon a new service takes one.

Prints one JSON object. A task's time is from the submission to the result in the client's
hands, which the service's event stream tells it to fetch.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

from client import Client

from jupyterlab_globus_compute.tests.local.service_process import LocalService

SOURCE = "def f():\n    return None\n"


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        starts_s = [cold_start_s(Path(directory) / str(i)) for i in range(given.starts)]
        latencies_ms = task_latencies_ms(Path(directory) / "data", given.tasks)
    figures = {
        "cold_start_median_s": median(starts_s),
        "one_task_median_ms": median(latencies_ms),
        "one_task_p95_ms": quantiles(latencies_ms, n=20)[-1],
    }
    print(json.dumps({"starts": given.starts, "tasks": given.tasks, **figures}))


def cold_start_s(data_dir: Path) -> float:
    """Return the time from the command to the answer that accepts the first submission."""
    service = LocalService(data_dir, workers=2)
    started = time.perf_counter()
    with service:
        service.submit(service.register(SOURCE))
        return time.perf_counter() - started


def task_latencies_ms(data_dir: Path, tasks: int) -> list[float]:
    """Return the time that each of so many tasks has taken, one after the other."""
    with LocalService(data_dir, workers=2) as service:
        function_id, payload, client = service.register(SOURCE), service.payload(), Client(service)
        events = client.events()
        next(events)
        latencies_ms = []
        for _ in range(tasks + 10):
            started = time.perf_counter()
            (task_id,) = client.submit(function_id, [payload])
            for event in events:
                if event["task_id"] == task_id and event["status"] in ("success", "failed"):
                    break
            assert client.task(task_id)["status"] == "success"  # noqa: S101 - as it says
            latencies_ms.append((time.perf_counter() - started) * 1000)
    # The first ones meet workers that are still starting.
    return latencies_ms[10:]


if __name__ == "__main__":
    main()
