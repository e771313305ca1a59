"""The command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.tests.overview.samples import (
    AREA,
    card_of,
    code,
    ran,
    released,
    result,
    task_failure,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path


def overview(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "jupyterlab_globus_compute.overview", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def folder_of(tmp_path: Path) -> Path:
    """A class of three: one done, one failed, one that cannot be read."""
    folder = tmp_path / "class"
    edited = code(AREA + " + 0", "ex-sum", card_of(AREA, id="b"), result("285"))
    write(folder / "ann.ipynb", [ran(AREA, "ex-area", "12"), edited])
    lost = card_of(AREA, failed=1, id="c", tasks=[task_failure("WorkerLost", "died")])
    write(folder / "ben.ipynb", [code(AREA, "ex-area", lost)])
    (folder / "cem.ipynb").write_text("?")
    return folder


def test_the_table_in_a_terminal(tmp_path: Path) -> None:
    release = write(tmp_path / "release.ipynb", released()[:5])
    done = overview(folder_of(tmp_path), "--release", release)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "ann\n"
        "  1. area                   Done · 12 · 1.5 s\n"
        "  2. sum of squares         Done, edited since it ran · 285 · 1.5 s\n"
        "\n"
        "ben\n"
        "  1. area                   Failed · WorkerLost: died · 1.5 s\n"
        "  2. sum of squares         No cell\n"
        "\n"
        "cem\n"
        "  It is not a notebook: its JSON is broken. Collect it again.\n"
        "\n"
        "1. area: 1 of 3 done\n"
        "2. sum of squares: 1 of 3 done\n"
    )


def test_the_table_as_csv_and_json(tmp_path: Path) -> None:
    folder, file = folder_of(tmp_path), tmp_path / "table.csv"
    printed = overview(folder, "--csv", "-")
    assert overview(folder, "--csv", file, "--json").returncode == 0
    assert file.read_bytes().decode("utf-8-sig").splitlines() == printed.stdout.splitlines()
    [head, ann, *_] = list(csv.reader(printed.stdout.splitlines()))
    assert dict(zip(head, ann, strict=True)) == {
        "student": "ann",
        "notebook": "ann.ipynb",
        "problem": "",
        "1. area: state": "Done",
        "1. area: result": "12",
        "1. area: error": "",
        "1. area: ran at": "2023-11-14T22:13:20Z",
        "1. area: seconds": "1.5",
        "1. area: notes": "1 more cell of this exercise",
    }
    shown = json.loads(overview(folder, "--json").stdout)
    assert [row["student"] for row in shown["students"]] == ["ann", "ben", "cem"]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    done = overview(tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no such folder" in done.stderr
    folder = folder_of(tmp_path)
    done = overview(folder, "--csv", tmp_path / "no" / "folder.csv")
    assert done.returncode == 1
    assert "cannot be written: No such file or directory" in done.stderr
