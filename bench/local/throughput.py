"""10,000 empty tasks through the local service, beside its peers on as many workers.

Prints one JSON object: for each contender the tasks per second of each round, and for the
service the CPU that it and its client use per task.
"""

# The contenders are imported one by one, each when it is its turn to start.
# ruff: noqa: PLC0415

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from client import Client, cpu_s

from jupyterlab_globus_compute.tests.local.service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Callable

    Contender = Callable[[int], dict[str, float]]

WORKERS = 2
SOURCE = "def f():\n    return None\n"


def main() -> None:
    """Run the rounds, the contenders taking turns in each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--peer-tasks", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, ExitStack() as stack:
        contenders = {
            "local service": (local_service(Path(directory), stack), given.tasks),
            "ProcessPoolEngine": (process_pool_engine(directory, stack), given.tasks),
            "dask.distributed": (dask_distributed(directory, stack), given.peer_tasks),
            "ipyparallel": (ipyparallel(stack), given.peer_tasks),
        }
        for contender, _ in contenders.values():
            contender(400)
        rounds: dict[str, dict[str, list[float]]] = {name: {} for name in contenders}
        for _ in range(given.rounds):
            for name, (contender, tasks) in contenders.items():
                figures = timed(contender, tasks)
                for key, value in figures.items():
                    rounds[name].setdefault(key, []).append(value)
                print(name, figures, file=sys.stderr, flush=True)
    print(json.dumps(rounds))


def timed(contender: Contender, tasks: int) -> dict[str, float]:
    """Return the rate of one round, and what else the contender says of it."""
    started = time.perf_counter()
    figures = contender(tasks)
    return {"tasks_per_s": tasks / (time.perf_counter() - started), **figures}


def local_service(directory: Path, stack: ExitStack) -> Contender:
    """The service: one submission, all results read through HTTP."""
    service = stack.enter_context(LocalService(directory / "data", workers=WORKERS))
    function_id, payload, client = service.register(SOURCE), service.payload(), Client(service)

    def run(tasks: int) -> dict[str, float]:
        cpu_before = cpu_s(service.process.pid) + time.process_time()
        task_ids = client.submit(function_id, [payload] * tasks)
        succeeded = sum(task["status"] == "success" for task in client.results(task_ids))
        assert succeeded == tasks  # noqa: S101 - nothing is measured otherwise
        used_s = cpu_s(service.process.pid) + time.process_time() - cpu_before
        return {"service_and_client_cpu_ms_per_task": used_s * 1000 / tasks}

    return run


def process_pool_engine(directory: str, stack: ExitStack) -> Contender:
    """Globus Compute's engine by itself, fed one task at a time: no HTTP, no database."""
    from globus_compute_common import messagepack
    from globus_compute_common.messagepack.message_types import Task
    from globus_compute_endpoint.engines import ProcessPoolEngine
    from globus_compute_endpoint.engines.base import GCFuture
    from globus_compute_sdk.serialize import ComputeSerializer

    engine = ProcessPoolEngine(max_workers=WORKERS, mp_context=multiprocessing.get_context("spawn"))
    engine.start(endpoint_id=uuid.uuid4(), run_dir=directory)
    stack.callback(engine.shutdown, block=True)
    serializer = ComputeSerializer()
    code = serializer.pack_buffers([f"st\nf:{SOURCE}"])
    payload = serializer.pack_buffers([serializer.serialize(()), serializer.serialize({})])

    def submit() -> Any:
        task_id = uuid.uuid4()
        future = GCFuture(task_id)
        body = messagepack.pack(Task(task_id=task_id, task_buffer=code + payload))
        engine.submit(future, body, {})
        return future

    def run(tasks: int) -> dict[str, float]:
        for future in [submit() for _ in range(tasks)]:
            future.result()
        return {}

    return run


def dask_distributed(directory: str, stack: ExitStack) -> Contender:
    """One future per task."""
    from distributed import Client as DaskClient
    from distributed import LocalCluster

    cluster = stack.enter_context(
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=directory,
        )
    )
    client = stack.enter_context(DaskClient(cluster))

    def run(tasks: int) -> dict[str, float]:
        client.gather(client.map(nothing, range(tasks), pure=False))
        return {}

    return run


def ipyparallel(stack: ExitStack) -> Contender:
    """A load-balanced view with chunks of one task."""
    from ipyparallel import Cluster

    client = stack.enter_context(Cluster(n=WORKERS, log_level=40))
    view = client.load_balanced_view()

    def run(tasks: int) -> dict[str, float]:
        view.map_async(nothing, range(tasks), chunksize=1).get()
        return {}

    return run


def nothing(_: int) -> None:
    """Do nothing."""


if __name__ == "__main__":
    main()
