"""What is left of Parsl is ended, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local.htex_watch import sweep

from .service_process import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEW_WORKER = "from multiprocessing.spawn import spawn_main; print(1, flush=True); input()"
OTHER = "print(1, flush=True); input()"


class Processes:
    """Processes that print a line to a file, and wait."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def start(self, log: Path, *command: str) -> subprocess.Popen[bytes]:
        """Start Python with arguments; return once it has printed its line."""
        log.parent.mkdir(parents=True, exist_ok=True)
        file = self._stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-c", *command], stdin=subprocess.PIPE, stdout=file
        )
        self._stack.callback(self._end, process)
        wait_until(lambda: log.stat().st_size > 0, "a line is printed")
        return process

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.communicate()


@pytest.fixture
def processes() -> Iterator[Processes]:
    with ExitStack() as stack:
        yield Processes(stack)


def test_a_worker_that_has_just_been_started_is_ended(tmp_path: Path, processes: Processes) -> None:
    worker = processes.start(tmp_path / "run" / "submit" / "block.out", NEW_WORKER)
    sweep(tmp_path / "run")
    assert worker.poll() is not None


def test_others_are_left_alone(tmp_path: Path, processes: Processes) -> None:
    reader = processes.start(tmp_path / "run" / "reader.out", OTHER)
    elsewhere = processes.start(tmp_path / "other" / "block.out", NEW_WORKER)
    sweep(tmp_path / "run")
    assert reader.poll() is None
    assert elsewhere.poll() is None
