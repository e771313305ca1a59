"""The wheel and the sdist of this tree."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]

FORBIDDEN_TOOLS = ("node", "npm", "npx", "jlpm", "yarn")


class Distributions(NamedTuple):
    """The two files that a release consists of."""

    sdist: Path
    wheel: Path

    def wheel_files(self) -> dict[str, bytes]:
        """The contents of the wheel by their paths in it."""
        with zipfile.ZipFile(self.wheel) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def sdist_files(self) -> dict[str, bytes]:
        """The contents of the sdist by their paths below its topmost folder."""
        files: dict[str, bytes] = {}
        with tarfile.open(self.sdist) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None:
                    files[member.name.partition("/")[2]] = content.read()
        return files


def build(folder: Path) -> Distributions:
    """Build the sdist of this tree, and the wheel of the sdist as pip does, without Node.

    The front end has to be built. Raises `subprocess.CalledProcessError`.
    """
    hatchling = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]
    _run([*hatchling, "--directory", str(folder)], ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    tools = folder / "tools"
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder)]
    _run([*pip, str(sdist)], folder, without_node(tools))
    (wheel,) = folder.glob("*.whl")
    assert calls_of_node(tools) == []
    return Distributions(sdist, wheel)


def without_node(folder: Path) -> dict[str, str]:
    """An environment in which Node and its kin refuse to run and note that they were called."""
    folder.mkdir()
    for name in FORBIDDEN_TOOLS:
        tool = folder / name
        tool.write_text('#!/bin/sh\necho "$0 $*" >> "$(dirname "$0")/calls"\nexit 1\n')
        tool.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path}


def calls_of_node(folder: Path) -> list[str]:
    """How the tools of `without_node` were called."""
    calls = folder / "calls"
    return calls.read_text().splitlines() if calls.exists() else []


def _run(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True, text=True)
