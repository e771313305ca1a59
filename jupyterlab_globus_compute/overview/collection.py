"""Which notebooks lie in a folder, and whose they are.

Layouts: `<student>.ipynb`, `<student>/<any>.ipynb`, and that of nbgrader's `submitted` folder,
`<student>/<assignment>/<any>.ipynb`. Links are not followed: a collected folder may hold links
to files that are not the student's.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import OverviewError
from .limits import MAX_ENTRIES, MAX_NOTEBOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

_NBGRADER = "submitted"
_DEPTH = 2


@dataclass(frozen=True)
class Found:
    """A notebook; `assignment` is empty where the layout has none. `path` is below the folder."""

    student: str
    assignment: str
    path: str


@dataclass(frozen=True)
class Collection:
    """The notebooks of a folder. `students` have a folder or a notebook there.

    `root` is the folder that was looked through: of nbgrader's course folder its `submitted`.
    `is_cut` says that there is more than was looked at.
    """

    root: Path
    students: tuple[str, ...]
    notebooks: tuple[Found, ...]
    is_cut: bool

    @property
    def assignments(self) -> list[str]:
        """The names of the assignments, that with the most notebooks first."""
        counts = Counter(found.assignment for found in self.notebooks if found.assignment)
        return sorted(counts, key=lambda name: (-counts[name], name))


def collect(folder: Path) -> Collection:
    """Find the notebooks in a folder. Raises `OverviewError`."""
    if not folder.is_dir():
        raise OverviewError("There is no such folder. Name the folder of the collected notebooks.")
    root = folder / _NBGRADER if _is_course(folder) else folder
    found, folders, is_cut = _searched(root)
    if not found:
        raise OverviewError(
            "There is no notebook in this folder. Expected are <student>.ipynb, "
            "<student>/<notebook>.ipynb or <student>/<assignment>/<notebook>.ipynb."
        )
    # Beside lone files a folder is just a folder.
    is_nested = any("/" in one.path for one in found)
    students = {one.student for one in found} | (folders if is_nested else set())
    ordered = sorted(students, key=lambda name: (name.casefold(), name))
    return Collection(root, tuple(ordered), tuple(found), is_cut)


def _is_course(folder: Path) -> bool:
    return (folder / _NBGRADER).is_dir() and not any(folder.glob("*.ipynb"))


def _searched(root: Path) -> tuple[list[Found], set[str], bool]:
    """Return the notebooks, the folders of students, and whether something was left out."""
    found: list[Found] = []
    folders: set[str] = set()
    for seen, entry in enumerate(_walked(root, 0)):
        if seen >= MAX_ENTRIES or len(found) >= MAX_NOTEBOOKS:
            return found, folders, True
        parts = Path(entry.path).relative_to(root).parts
        if entry.is_dir(follow_symlinks=False):
            folders |= {entry.name} if len(parts) == 1 else set()
        elif entry.name.endswith(".ipynb"):
            student = Path(entry.name).stem if len(parts) == 1 else parts[0]
            assignment = parts[1] if len(parts) > _DEPTH else ""
            found.append(Found(student, assignment, "/".join(parts)))
    return found, folders, False


def _walked(folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    """Go through the files and folders, by name, leaving out hidden ones and links."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:  # one that may not be read, in a folder of many
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        yield entry
        if depth < _DEPTH and entry.is_dir(follow_symlinks=False):
            yield from _walked(Path(entry.path), depth + 1)
