"""The class file beside the notebook, as far as the person has accepted it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.class_record import GatewayError

from .words import plain_text

if TYPE_CHECKING:
    from jupyterlab_globus_compute.gateway.class_record import (
        ClassFile,
        ClassRecord,
        SeenClassFile,
    )

COMMAND = "python -m jupyterlab_globus_compute.class_file"


class ClassFolder:
    """Reads the file anew for each cell. What is not accepted has no effect, and is told of once.

    `folder` is where the kernel was started, which a notebook that changes its directory does not
    leave.
    """

    def __init__(self, folder: Path, record: ClassRecord) -> None:
        self._folder = folder
        self._record = record
        self._told: set[str] = set()

    def accepted(self) -> ClassFile | None:
        """Return the class file; None if there is none, or none that is accepted."""
        try:
            seen = self._record.look(self._folder)
        except GatewayError as error:
            self._tell("", f"The class file of this folder has no effect. {error.reason}")
            return None
        if seen is None or seen.state == "accepted":
            return None if seen is None else seen.file
        self._tell(f"{seen.hash} {seen.state}", self._words(seen))
        return None

    def _words(self, seen: SeenClassFile) -> str:
        """Say why a class file has no effect, as the line above a notebook in JupyterLab does."""
        if seen.file is None:
            problems = "; ".join(seen.problems)
            return (
                "The class file of this folder has no effect, for it cannot be read: "
                f"{problems.removesuffix('.')}."
            )
        title = seen.file.content["title"]
        look = f"To look at it and accept it, run in a terminal: {self._command()}"
        if seen.state == "changed":
            return (
                f"The class file of this folder, “{title}”, has changed since you accepted it. "
                f"It has no effect until you accept it again. {look}"
            )
        return (
            f"This folder has a class file: “{title}”. It has no effect until you accept it. {look}"
        )

    def _command(self) -> str:
        """Return the command that accepts; it names nobody, for the notebook may be passed on."""
        try:
            inner = self._folder.relative_to(Path.home()).as_posix()
        except (ValueError, RuntimeError):
            return f"{COMMAND} --accept {shlex.quote(str(self._folder))}"
        return f"{COMMAND} --accept ~/{shlex.quote(inner)}"

    def _tell(self, key: str, words: str) -> None:
        if key not in self._told:
            self._told.add(key)
            # Also of a quiet cell: it runs otherwise than the class means it to.
            print(f"Note: {plain_text(words)}", file=sys.stderr, flush=True)
