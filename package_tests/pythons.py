"""The Pythons of this computer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from .distributions import ROOT


def supported_versions() -> list[str]:
    """The minor versions that pyproject.toml names, for example `3.10`."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    return re.findall(r"Programming Language :: Python :: (\d\.\d+)", text)


def find_python(version: str) -> str | None:
    """A Python of that minor version: on the PATH, or one of pyenv's."""
    on_path = shutil.which(f"python{version}")
    folders = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob(
        f"versions/{version}.*/bin/python"
    )
    for candidate in [on_path, *map(str, sorted(folders))]:
        if candidate is not None and _is(candidate, version):
            return candidate
    return None


def _is(python: str, version: str) -> bool:
    # pyenv puts commands on the PATH that only say that a version is not chosen.
    probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version
