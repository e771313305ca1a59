"""The command line of the class file.

It is not a magic: a notebook must not be able to accept, in the name of whoever runs it, what came
along with it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME
from jupyterlab_globus_compute.gateway.class_record import ClassRecord, GatewayError
from jupyterlab_globus_compute.headless.class_folder import COMMAND
from jupyterlab_globus_compute.headless.names import CLOUD, LOCAL
from jupyterlab_globus_compute.headless.words import plain_text

from .facts import class_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyterlab_globus_compute.gateway.class_record import ClassFile, SeenClassFile

_SERVICES = (LOCAL, CLOUD)
_SEEN = {
    "accepted": "You accepted this. Cells of this folder that say nothing else run there.",
    "changed": "It has changed since you accepted it, and has no effect until you accept it again.",
    "new": "It has no effect until you accept it.",
}
_MEANING = (
    "This is what the file says; nothing of it was looked up or sent. If you accept it, cells of "
    "this folder that say nothing else run there, and whoever owns the endpoint can read what they "
    "send."
)


class RefusedError(Exception):
    """What was asked for cannot be done; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Show, accept or withdraw a class file; return 0, or 1 if that was not done."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = _parser().parse_args(arguments)
    try:
        _run(given, ClassRecord())
    except (RefusedError, GatewayError) as error:
        print(f"{COMMAND}: {error}", file=sys.stderr)
        return 1
    return 0


def _run(given: argparse.Namespace, record: ClassRecord) -> None:
    folder = given.folder.expanduser()
    seen = record.look(folder)
    if seen is None:
        raise RefusedError(f"There is no {CLASS_FILE_NAME} in {folder}.")
    if seen.file is None:
        problems = plain_text("; ".join(seen.problems))
        raise RefusedError(f"The class file cannot be used: {problems}.")
    if given.withdraw:
        record.withdraw(seen.file)
        print("It is not accepted here, and has no effect.")
        return
    _show(folder, seen, seen.file)
    if given.accept and seen.state != "accepted":
        _accept(record, seen.file)


def _show(folder: Path, seen: SeenClassFile, file: ClassFile) -> None:
    print(f"Class file: {file.content['title']}\n{folder / CLASS_FILE_NAME}\n")
    print(class_facts(file.content, _SERVICES, seen.tasks))
    meaning = "" if seen.state == "accepted" else f" {_MEANING}"
    print(f"\n{_SEEN[seen.state]}{meaning}")


def _accept(record: ClassRecord, file: ClassFile) -> None:
    """Ask, and remember the answer. What is accepted is the text that was shown."""
    if file.service not in _SERVICES:
        raise RefusedError(
            f"The class file names the compute service '{file.service}', which %%compute without "
            f"JupyterLab does not have (it has: {', '.join(_SERVICES)}). Accept it in JupyterLab, "
            "if its server has that service."
        )
    try:
        answer = input("\nAccept it? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise RefusedError("Nothing was accepted.")
    record.accept(file)
    print("Accepted. What is remembered is this very text: if it changes, you are asked again.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Show what the class file of a folder says, and whether you accepted it. "
        "Looks nothing up and sends nothing.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the notebooks are")
    deeds = parser.add_mutually_exclusive_group()
    deeds.add_argument(
        "--accept",
        action="store_true",
        help="show it and ask; then it holds for %%%%compute cells, in JupyterLab too",
    )
    deeds.add_argument("--withdraw", action="store_true", help="accept it no longer")
    return parser
