"""A Python environment as a person makes one."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TIMEOUT_S = 400.0

# What would let the environment see more, or other things, than were installed into it.
_FORGOTTEN_PREFIXES = ("JUPYTER", "GLOBUS_COMPUTE", "PYTEST", "PYTHON", "VIRTUAL_ENV", "IPYTHON")


class Environment:
    """A virtual environment with a home of its own."""

    def __init__(
        self, folder: Path, *, python: str = sys.executable, env: Mapping[str, str] = os.environ
    ) -> None:
        """Make it, empty but for pip. Raises `subprocess.CalledProcessError`."""
        self.prefix = folder / "env"
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.bin = self.prefix / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = str(self.bin / "python")
        self._env = {
            name: value for name, value in env.items() if not name.startswith(_FORGOTTEN_PREFIXES)
        }
        self._run([python, "-m", "venv", str(self.prefix)], self._env)

    @property
    def env(self) -> dict[str, str]:
        """The environment variables of a person who has activated it."""
        at_home = {
            "HOME": self.home,
            "IPYTHONDIR": self.home / "ipython",
            "JUPYTER_CONFIG_DIR": self.home / "config",
            "JUPYTER_DATA_DIR": self.home / "data",
            "JUPYTER_RUNTIME_DIR": self.home / "runtime",
        }
        path = os.pathsep.join([str(self.bin), self._env.get("PATH", os.defpath)])
        return {**self._env, **{name: str(value) for name, value in at_home.items()}, "PATH": path}

    def pip(self, *arguments: str) -> str:
        """Run pip with the person's own pip settings; its output."""
        command = [self.python, "-m", "pip", "--disable-pip-version-check", *arguments]
        # So that the files of others are known from their RECORD.
        return self._run(command, {**self._env, "PYTHONDONTWRITEBYTECODE": "1"}).stdout

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment, or its `python`, to its end."""
        found = self.bin / command[0]
        program = str(found) if found.exists() else command[0]
        return self._run([program, *command[1:]], self.env, check=check)

    def files(self) -> set[str]:
        """The paths of all files in it, those aside that Python compiled for others."""
        found = (path for path in self.prefix.rglob("*") if not path.is_dir())
        paths = {path.relative_to(self.prefix).as_posix() for path in found}
        return {path for path in paths if "__pycache__" not in path or "jupyterlab_globus" in path}

    def distributions(self) -> list[Distribution]:
        """What is installed."""
        (library,) = self.prefix.glob("[Ll]ib/**/site-packages")
        return list(distributions(path=[str(library)]))

    def recorded_files(self) -> set[str]:
        """The paths of the files that installed distributions own, as `files` has them."""
        owned: set[str] = set()
        for distribution in self.distributions():
            for file in distribution.files or ():
                path = os.path.normpath(str(distribution.locate_file(file)))
                owned.add(os.path.relpath(path, self.prefix).replace(os.sep, "/"))
        return owned

    def _run(
        self, command: list[str], env: Mapping[str, str], *, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.home,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
        assert not check or done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done
