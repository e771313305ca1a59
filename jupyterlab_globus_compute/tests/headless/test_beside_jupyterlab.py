"""The magics in a kernel where JupyterLab's front end puts its bridge, too."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.headless.lab import LOAD, Lab, data_dir_of
from jupyterlab_globus_compute.tests.kernel.notebook import MODULE, OPTIONS, encoded, injection

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.local.service_process import LocalService

DOOR = f"__import__('sys').modules[{MODULE!r}]"
CELL = "%%compute\ndef f(x):\n    return 6 / x\n\nf(2)"


@pytest.mark.parametrize("order", [(LOAD, injection()), (injection(), LOAD)], ids=["first", "last"])
def test_each_runs_its_own_cells(
    service: LocalService, tmp_path: Path, order: tuple[str, str]
) -> None:
    (tmp_path / "cwd").mkdir()
    data_dir = data_dir_of(service.data_dir, tmp_path / "data")
    with Lab(data_dir, tmp_path / "cwd", load=False) as lab:
        for source in order:
            lab.ok(source)
        # Of a front end that knows nothing of the extension: the magic runs the cell.
        assert lab.ok(CELL).value == "3.0"
        # Of JupyterLab: its bridge prepares the cell, and nothing is sent from here.
        request = {"sid": "s", "source": CELL, "options": OPTIONS}
        lab.ok(f"{DOOR}.arm({encoded(request)!r})")
        ran = lab.ok(CELL)
        assert (ran.outputs, ran.value) == ([], None)
        step = json.loads(base64.b64decode(lab.value(f"{DOOR}.take('s')")))
        assert [task["label"] for task in step["tasks"]] == ["f(2)"]
        # One set of defaults for both.
        lab.ok("%compute_config --name both")
        line = base64.b64decode(lab.value(f"{DOOR}.defaults()")).decode()
        assert line == "--name=both"
        assert lab.ok(f"{CELL} + 0").cards[0]["title"] == "both"
        assert lab.ok("%compute_result both").value == "3.0"
