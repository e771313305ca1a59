"""`%compute_config`, as the bridge keeps it in a kernel."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.kernel.bridge.config import NAME, install
from jupyterlab_globus_compute.tests.kernel.conftest import notebook, shell, worker

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

__all__ = ["notebook", "shell", "worker"]


def defaults(notebook: Notebook) -> str:
    """What the door for JupyterLab answers."""
    return base64.b64decode(notebook.bridge.defaults()).decode()


def test_it_adds_shows_and_forgets(notebook: Notebook) -> None:
    notebook.execute("%compute_config --reset")
    assert notebook.execute("%compute_config")[1].startswith("No defaults are set.")
    assert defaults(notebook) == ""
    notebook.execute("%compute_config -e 'my cluster' --no-wait")
    _, shown = notebook.execute("%compute_config --wait -r $res")
    assert shown == 'Every cell: %%compute "--endpoint=my cluster" --wait "--resources=$res"\n'
    assert defaults(notebook) == '"--endpoint=my cluster" --wait "--resources=$res"'
    notebook.execute("%compute_config --reset")
    assert defaults(notebook) == ""


def test_a_mistake_changes_nothing(notebook: Notebook) -> None:
    notebook.execute("%compute_config --reset")
    notebook.execute("%compute_config -t 2m")
    for line, message in (("--oops", "no option --oops"), ("-t soon", '"soon" is none')):
        error, _ = notebook.execute(f"%compute_config {line}")
        assert message in str(error)
        assert defaults(notebook) == "--timeout=2m"


def test_the_lines_of_another_copy_stay(notebook: Notebook) -> None:
    notebook.execute("%compute_config --reset")
    notebook.execute("%compute_config -e far")
    config = install(notebook.shell)
    assert config.line == "--endpoint=far"
    assert notebook.shell.magics_manager.magics["line"][NAME].__self__ is config
    notebook.bridge.install(notebook.shell)
    assert defaults(notebook) == "--endpoint=far"
