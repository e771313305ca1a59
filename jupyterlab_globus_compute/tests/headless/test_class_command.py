"""Looking at a class file and accepting it in a terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_globus_compute.class_file.cli import main
from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME
from jupyterlab_globus_compute.gateway.class_record import ClassRecord
from jupyterlab_globus_compute.headless.class_folder import COMMAND, ClassFolder

ENDPOINT = "4b116d3c-1703-4f8f-9f6f-39921e5864df"
GROUP = "0f2a4b6c-8d10-4e3f-9a6b-7c8d9e0f1a2b"
FUNCTION = "0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b"
ALL: dict[str, Any] = {
    "version": 1,
    "id": "7d3c3b52-7c1a-4f4b-9a55-5f0d8f6f2f10",
    "title": "Astronomy 101",
    "contact": "Room 4",
    "service": "cloud",
    "endpoint": {"id": ENDPOINT, "name": "Midway", "owner": "The computing centre"},
    "group": {"id": GROUP, "name": "Students"},
    "functions": [
        {"name": "square", "id": FUNCTION, "description": "x²", "source": "def square(x):\n    …\n"}
    ],
    "config": {"account": "astro101"},
    "python": "3.10",
    "limits": {"tasks": 2000, "payloadBytes": 100000, "walltimeSeconds": 90},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with that class file, below the home of a person."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "my class"
    folder.mkdir()
    hand_out(folder)
    return folder


def hand_out(folder: Path, **changes: Any) -> None:
    """Put a class file there."""
    (folder / CLASS_FILE_NAME).write_text(json.dumps({**ALL, **changes}), "utf-8")


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the person type something."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def state(folder: Path) -> str:
    """What the record of this person says."""
    seen = ClassRecord().look(folder)
    assert seen is not None
    return seen.state


def test_shows_what_it_says_and_does_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder)]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:18] == [
        "Class file: Astronomy 101",
        str(folder / CLASS_FILE_NAME),
        "",
        "Contact           Room 4",
        "Service           Globus Compute",
        f"Endpoint          Midway {ENDPOINT}",
        "Owner             The computing centre",
        f"Group             Students {GROUP}",
        "Python            3.10 or newer",
        "Limit             2,000 tasks in all",
        "Limit             100,000 bytes of arguments for a task",
        "Limit             1 min 30 s for a task, on this computer",
        f"Function          square x² {FUNCTION}",
        "                    def square(x):",
        "                        …",
        "Template values   {",
        '                    "account": "astro101"',
        "                  }",
    ]
    assert "whoever owns the endpoint can read what they send" in told
    assert not (folder.parent / "data").exists()


def test_accepts_what_was_shown_when_a_person_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "y\n")
    assert main([str(folder), "--accept"]) == 0
    told = capsys.readouterr().out
    assert told.index("The computing centre") < told.index("Accept it? [y/N]")
    assert state(folder) == "accepted"
    # Nobody is asked twice.
    answer(monkeypatch, "")
    assert main([str(folder), "--accept"]) == 0
    assert "You accepted this." in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == [CLASS_FILE_NAME]
    hand_out(folder, title="Another")
    assert main([str(folder)]) == 0
    assert "It has changed since you accepted it" in capsys.readouterr().out
    hand_out(folder)
    assert main([str(folder), "--withdraw"]) == 0
    assert state(folder) == "new"


@pytest.mark.parametrize("text", ["", "\n", "n\n", "maybe\n"])
def test_accepts_nothing_unless_a_person_says_so(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
) -> None:
    answer(monkeypatch, text)
    assert main([str(folder), "--accept"]) == 1
    assert capsys.readouterr().err == f"{COMMAND}: Nothing was accepted.\n"
    assert state(folder) == "new"


def test_what_cannot_be_accepted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "y\n" * 3)
    hand_out(folder, service="cluster")
    assert main([str(folder), "--accept"]) == 1
    told = capsys.readouterr()
    assert "cluster, which is not here" in told.out
    assert "names the compute service 'cluster'" in told.err
    assert state(folder) == "new"
    hand_out(folder, url="https://evil.example")
    assert main([str(folder), "--accept"]) == 1
    assert "cannot be used: the file: Additional properties" in capsys.readouterr().err
    (folder / CLASS_FILE_NAME).unlink()
    assert main([str(folder), "--accept"]) == 1
    assert f"There is no {CLASS_FILE_NAME}" in capsys.readouterr().err


def test_nothing_in_it_is_hidden(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "def square(x):\n    \x1b[8msteal()\x1b[0m  # \u202eharmless\u2066\n"
    hand_out(folder, functions=[{"name": "square", "id": FUNCTION, "source": source}])
    assert main([str(folder)]) == 0
    assert "    steal()  # \\u202eharmless\\u2066\n" in capsys.readouterr().out


def test_the_note_of_a_cell_names_the_command_and_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ClassFolder(folder, ClassRecord()).accepted() is None
    told = capsys.readouterr().err
    assert told.endswith(f"run in a terminal: {COMMAND} --accept ~/'my class'\n")
    assert str(Path.home()) not in told
