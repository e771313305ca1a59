"""A person with a home of their own: own Jupyter, own local service, own notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WITHHELD = ("JUPYTER", "IPYTHON", "GLOBUS_COMPUTE", "PYTEST", "TALLY")
_CLASS_FILE = "jupyterlab_globus_compute.class_file"
_ACCEPT_TIMEOUT_S = 60
_SIT = "jupyterlab_globus_compute.tests.classroom.sit"


def environment(home: Path) -> dict[str, str]:
    """The environment of whoever lives in `home`, which is made."""
    home.mkdir(parents=True, exist_ok=True)
    folders = {
        "HOME": home,
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_WITHHELD)}
    return {**kept, **{name: str(folder) for name, folder in folders.items()}}


def accept_class(folder: Path, env: Mapping[str, str]) -> None:
    """Look at the class file of a folder and accept it, as a person does in a terminal."""
    done = subprocess.run(
        [sys.executable, "-m", _CLASS_FILE, "--accept", str(folder)],
        env=dict(env),
        input="y\n",
        capture_output=True,
        text=True,
        timeout=_ACCEPT_TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr


class Sitting:
    """A person who runs a notebook, in a process of its own."""

    def __init__(
        self,
        notebook: Path,
        skipped: list[str],
        env: Mapping[str, str],
        *,
        accepts: bool = True,
    ) -> None:
        """`accepts` says whether they accept the class file beside it first."""
        options = ["--accept"] if accepts else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", _SIT, *options, str(notebook), *skipped],
            env=dict(env),
            cwd=notebook.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, timeout_s: float) -> None:
        """Wait until the notebook is saved; fails if it is not."""
        try:
            _, words = self._process.communicate(timeout=timeout_s)
        finally:
            self._process.kill()
            self._process.wait()
        assert self._process.returncode == 0, words
