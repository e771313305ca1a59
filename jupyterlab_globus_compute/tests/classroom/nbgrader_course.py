"""The real nbgrader, in a virtual environment of its own on top of this one.

Of its own, for nbgrader adds itself to every JupyterLab and Jupyter server of its environment. On
top, so that it runs with the packages that are tested here. It is kept inside this one, which
every tool that looks through the project leaves alone.
"""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.classroom.person import environment

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIREMENT = "nbgrader==0.9.6"
COURSE = "compute101"

_INSTALL_TIMEOUT_S = 400
_COMMAND_TIMEOUT_S = 280
_UNREACHABLE = re.compile(
    r"No matching distribution|Could not find a version|ConnectionError|NewConnectionError|"
    r"Temporary failure in name resolution|Read timed out"
)
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {exchange!r}
c.ExecutePreprocessor.timeout = 200
# All have one account here: see `Course.submit`.
c.ExchangeCollect.check_owner = False
"""


def install_nbgrader() -> Path:
    """Return the Python of an environment with nbgrader; skips where it is out of reach."""
    tag = f"{REQUIREMENT}-{sys.implementation.cache_tag}".replace("==", "-")
    folder = Path(sys.prefix) / tag
    python = folder / "bin" / "python"
    mark = folder / "complete"
    if mark.is_file():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    paths = sysconfig.get_paths(vars={"base": str(folder), "platbase": str(folder)})
    own = [*site.getsitepackages(), str(Path(__file__).parents[3])]
    lines = [f"import site; site.addsitedir({path!r})" for path in own]
    Path(paths["purelib"], "project.pth").write_text("\n".join(lines) + "\n")
    command = [str(python), "-m", "pip", "install", "--quiet", REQUIREMENT]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S, check=False
    )
    if done.returncode != 0 and _UNREACHABLE.search(done.stderr):
        pytest.skip(f"{REQUIREMENT} cannot be had from the package index")
    assert done.returncode == 0, done.stderr
    mark.touch()
    return python


class Course:
    """A course of nbgrader: the instructor's folder, and an exchange for students."""

    def __init__(self, folder: Path) -> None:
        self._python = install_nbgrader()
        # nbgrader runs alembic by its name.
        self._path = os.pathsep.join([str(self._python.parent), os.environ["PATH"]])
        self._homes = folder / "homes"
        self.folder = folder / "course"
        exchange = folder / "exchange"
        self._inbound = exchange / COURSE / "inbound"
        for made in (self.folder, exchange):
            made.mkdir(parents=True)
        # nbgrader wants an exchange that everybody can write to.
        exchange.chmod(0o777)
        config = _CONFIG.format(course=COURSE, exchange=str(exchange))
        (self.folder / "nbgrader_config.py").write_text(config)
        self._config = config

    def teach(self, *arguments: str) -> None:
        """Run a command of nbgrader as the instructor."""
        self._run("teacher", self.folder, arguments)

    def study(self, student: str, *arguments: str) -> Path:
        """Run a command of nbgrader as a student; return the folder it ran in."""
        folder = self._homes / student / "work"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nbgrader_config.py").write_text(self._config)
        self._run(student, folder, arguments)
        return folder

    def submit(self, student: str, assignment: str) -> None:
        """Hand in what a student has, under that name.

        nbgrader knows people by their account, which is in the name of what they hand in.
        """
        before = set(self._inbound.iterdir())
        self.study(student, "submit", assignment, "--course", COURSE)
        [handed_in] = set(self._inbound.iterdir()) - before
        account, rest = handed_in.name.split("+", 1)
        assert account
        handed_in.rename(handed_in.with_name(f"{student}+{rest}"))

    def environment_of(self, person: str) -> dict[str, str]:
        """The environment of a person."""
        return environment(self._homes / person)

    def scores(self, assignment: str) -> Mapping[str, float]:
        """The scores in the gradebook, by student."""
        program = (
            "import sys; from nbgrader.api import Gradebook\n"
            "with Gradebook('sqlite:///gradebook.db') as book:\n"
            "    for one in book.assignment_submissions(sys.argv[1]):\n"
            "        print(one.student.id, one.score)\n"
        )
        told = self._call("teacher", self.folder, ["-c", program, assignment])
        return {line.split()[0]: float(line.split()[1]) for line in told.splitlines()}

    def _run(self, person: str, folder: Path, arguments: tuple[str, ...]) -> None:
        self._call(person, folder, ["-m", "nbgrader", *arguments])

    def _call(self, person: str, folder: Path, arguments: list[str]) -> str:
        done = subprocess.run(
            [str(self._python), *arguments],
            cwd=folder,
            env=self.environment_of(person) | {"PATH": self._path},
            capture_output=True,
            text=True,
            timeout=_COMMAND_TIMEOUT_S,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout
