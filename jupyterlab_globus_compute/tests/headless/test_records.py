"""The file that remembers batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.headless import records
from jupyterlab_globus_compute.headless.records import Record, Records

if TYPE_CHECKING:
    from pathlib import Path


def record(name: str, group: str = "g") -> Record:
    """A record of a batch."""
    return Record(name, "local", "e", "This computer", group, 1.5)


def test_the_newest_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    for group in ("g1", "g2"):
        Records(path).add(record("area", group))
    Records(path).add(record("other", "g3"))
    assert Records(path).find("area") == record("area", "g2")
    assert Records(path).find("g1") == record("area", "g1")
    assert Records(path).find("nothing") is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"name": 1}', '{"name": "x"}', "\x00"])
def test_a_line_that_is_none(tmp_path: Path, line: str) -> None:
    path = tmp_path / "file"
    path.write_text(f"{line}\n")
    Records(path).add(record("area"))
    assert Records(path).find("area") == record("area")
    assert Records(path).find("x") is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "below"
    Records(path).add(record("area"))
    assert Records(path).find("area") is None


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_MAX_BYTES", 1000)
    monkeypatch.setattr(records, "_KEPT", 3)
    path = tmp_path / "file"
    for at in range(50):
        Records(path).add(record(f"b{at}"))
    assert path.stat().st_size < 1500
    assert Records(path).find("b49") == record("b49")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
