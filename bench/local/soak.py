"""A million empty tasks: the service's memory, and whether a task's cost stays the same.

Prints one JSON object. Batches of 10,000 are submitted and read one after the other.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from client import Client, cpu_s

from jupyterlab_globus_compute.tests.local.service_process import LocalService

SOURCE = "def f():\n    return None\n"
BATCH = 10_000
MIB = 1024 * 1024


def main() -> None:
    """Run batch after batch, and compare the first tenth with the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    given = parser.parse_args()
    batches = given.tasks // BATCH
    tenth = max(1, batches // 10)
    costs_us: list[float] = []
    peak_mib = 0.0
    with (
        tempfile.TemporaryDirectory() as directory,
        LocalService(Path(directory) / "data", workers=2) as service,
    ):
        function_id, payload, client = service.register(SOURCE), service.payload(), Client(service)
        process = psutil.Process(service.process.pid)
        started = time.perf_counter()
        for number in range(batches):
            before_s = cpu_s(process.pid)
            task_ids = client.submit(function_id, [payload] * BATCH)
            succeeded = sum(task["status"] == "success" for task in client.results(task_ids))
            assert succeeded == BATCH  # noqa: S101 - nothing is measured otherwise
            costs_us.append((cpu_s(process.pid) - before_s) * 1e6 / BATCH)
            peak_mib = max(peak_mib, process.memory_info().rss / MIB)
            print(number, f"{costs_us[-1]:.0f} us, {peak_mib:.0f} MiB", file=sys.stderr, flush=True)
        elapsed_s = time.perf_counter() - started
    first_us, last_us = sum(costs_us[:tenth]) / tenth, sum(costs_us[-tenth:]) / tenth
    figures = {
        "tasks": batches * BATCH,
        "tasks_per_s": batches * BATCH / elapsed_s,
        "service_peak_mib": peak_mib,
        "service_cpu_us_per_task_first_tenth": first_us,
        "service_cpu_us_per_task_last_tenth": last_us,
        "last_to_first": last_us / first_us,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
