"""The far end of a task: Globus Compute's own `execute_task`, in a process of its own."""

from __future__ import annotations

import base64
import logging
import multiprocessing
import os
import pickle
import tempfile
import uuid
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Task
from globus_compute_endpoint.engines.helper import execute_task


def pack_buffers(buffers: list[str]) -> str:
    """Join buffers as the SDK does."""
    return "".join(f"{len(part)}\n{part}" for part in buffers)


def quiet_worker(run_dir: str) -> None:
    """Prepare a worker process: `execute_task` logs every failure with its traceback."""
    logging.getLogger("globus_compute_endpoint").setLevel(logging.CRITICAL + 1)
    os.chdir(run_dir)


def run_task(
    function: dict[str, Any], task: dict[str, Any], run_dir: str, serializers: list[str]
) -> dict[str, Any]:
    """Run one task of a step as an endpoint would; return its outcome as `feed` takes it.

    `serializers` are the import paths of the strategies that results may use.
    """
    task_id = uuid.uuid4()
    code = function["serialized"] or f"st\n{function['entry']}:{function['source']}"
    body = messagepack.pack(
        Task(task_id=task_id, task_buffer=pack_buffers([code]) + task["payload"])
    )
    done = execute_task(body, task_id, None, result_serializers=serializers, run_dir=run_dir)
    result: Any = messagepack.unpack(done)
    failed = getattr(result, "error_details", None) is not None
    return {"index": task["index"], "ok": not failed, "data": result.data}


def envelope_of(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return the envelope that a successful outcome carries."""
    strategy, _, text = outcome["data"].partition("\n")
    assert strategy == "00"
    envelope = pickle.loads(base64.b64decode(text))  # noqa: S301 - our own worker wrote it
    assert isinstance(envelope, dict)
    return envelope


class Worker:
    """One spawned process that runs tasks, one after the other."""

    def __init__(self) -> None:
        self._run_dir = tempfile.mkdtemp()
        self._pool = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=quiet_worker,
            initargs=(self._run_dir,),
        )

    def run(
        self, function: dict[str, Any], task: dict[str, Any], serializers: list[str]
    ) -> dict[str, Any]:
        """Run a task and return its outcome."""
        future = self._pool.submit(run_task, function, task, self._run_dir, serializers)
        return future.result(timeout=60)

    def call(self, function: Any, *args: Any) -> Any:
        """Run any function of a test module in the worker process."""
        return self._pool.submit(function, *args).result(timeout=60)

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown(cancel_futures=True)
