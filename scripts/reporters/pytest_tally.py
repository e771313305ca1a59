"""Counts what pytest ran: a pytest plugin, `-p pytest_tally`.

Writes `{"passed", "failed", "skipped": [{"name", "reason"}]}` to the file that the environment
variable `TALLY_FILE` names, as `scripts/lib/tally.mjs` reads it. Where pytest-xdist runs the tests
in several processes, the first of them counts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

import pytest

_SKIPPED = "tally_skipped"


class _Worker(Protocol):
    """A process of pytest-xdist, as far as it is used here; one that crashed has no output."""

    workeroutput: dict[str, dict[str, dict[str, str]]]


class PytestTally:
    """Collects the outcome of every test of one session."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed: set[str] = set()
        self._failed: set[str] = set()
        self._skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a phase; a failure in any phase is a failure of the test."""
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.skipped and not hasattr(report, "wasxfail"):
            self._skipped[report.nodeid] = _reason(report.longrepr)
        elif report.when == "call":
            self._passed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file that cannot be loaded, or that skips itself as a whole."""
        if report.failed:
            self._failed.add(report.nodeid)
        elif report.skipped:
            self._skipped[report.nodeid] = _reason(report.longrepr)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: _Worker) -> None:
        """Take what a process of pytest-xdist skipped while it collected; it tells nobody else."""
        self._skipped |= getattr(node, "workeroutput", {}).get(_SKIPPED, {})

    def pytest_sessionfinish(self) -> None:
        """Write the tally."""
        tally = {
            "passed": len(self._passed - self._failed),
            "failed": len(self._failed),
            "skipped": [{"name": name, "reason": reason} for name, reason in self._skipped.items()],
        }
        self._file.write_text(json.dumps(tally), encoding="utf-8")


class WorkerTally:
    """Keeps, in a process of pytest-xdist, the files that skip themselves as a whole."""

    def __init__(self, workeroutput: dict[str, object]) -> None:
        self._skipped: dict[str, str] = {}
        workeroutput[_SKIPPED] = self._skipped

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that skips itself; the first process hears of the others by itself."""
        if report.skipped:
            self._skipped[report.nodeid] = _reason(report.longrepr)


def _reason(longrepr: object) -> str:
    """Give the reason of a skip, which pytest keeps as (path, line, "Skipped: reason")."""
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return str(text).removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    """Register the tally, where one is wanted."""
    file = os.environ.get("TALLY_FILE")
    output = getattr(config, "workeroutput", None)
    if output is not None:
        config.pluginmanager.register(WorkerTally(output))
    elif file:
        config.pluginmanager.register(PytestTally(Path(file)))
