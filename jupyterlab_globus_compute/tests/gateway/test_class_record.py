"""The record of accepted class files without a server: the same that a server keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME, MAX_CLASS_FILE_BYTES
from jupyterlab_globus_compute.gateway.class_record import ClassFile, ClassRecord, GatewayError
from jupyterlab_globus_compute.gateway.vault.vault import Vault
from jupyterlab_globus_compute.tests.vault.support import F, plan, submitted
from jupyterlab_globus_compute.tests.vault.test_classes import class_file

from .test_class_file import class_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the notebooks."""
    made = tmp_path / "class"
    made.mkdir()
    return made


@pytest.fixture
def record(tmp_path: Path) -> ClassRecord:
    """A record of which there is nothing yet."""
    return ClassRecord(tmp_path / "vault")


def file_in(record: ClassRecord, folder: Path, text: str) -> ClassFile:
    """Put a class file into a folder, and read it."""
    (folder / CLASS_FILE_NAME).write_text(text)
    seen = record.look(folder)
    assert seen is not None
    assert seen.file is not None
    return seen.file


def state_of(record: ClassRecord, folder: Path) -> str | None:
    """What the record says of the folder's class file."""
    seen = record.look(folder)
    return None if seen is None else seen.state


def test_looking_makes_and_accepts_nothing(
    record: ClassRecord, folder: Path, tmp_path: Path
) -> None:
    assert record.look(folder) is None
    file_in(record, folder, class_text())
    assert state_of(record, folder) == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["class"]


@pytest.mark.parametrize("content", [b"\xff", b"{}", b"\xc3\xa9" * MAX_CLASS_FILE_BYTES])
def test_what_is_no_class_file(record: ClassRecord, folder: Path, content: bytes) -> None:
    (folder / CLASS_FILE_NAME).write_bytes(content)
    assert state_of(record, folder) in (None, "invalid")


def test_accepts_what_was_read_to_the_letter(record: ClassRecord, folder: Path) -> None:
    file = file_in(record, folder, class_text())
    record.accept(file)
    assert state_of(record, folder) == "accepted"
    assert record.look(folder) == (file.hash, "accepted", file, (), 0)
    file_in(record, folder, f"{file.text} ")
    assert state_of(record, folder) == "changed"
    (folder / CLASS_FILE_NAME).write_text(file.text)
    record.withdraw(file)
    assert state_of(record, folder) == "new"


def test_reserves_no_more_tasks_than_the_class_allows(record: ClassRecord) -> None:
    file = class_file(3)
    with pytest.raises(GatewayError, match="not accepted"):
        record.reserve(file, 1)
    record.accept(file)
    record.reserve(file, 2)
    with pytest.raises(GatewayError, match=r"3 tasks.*2 were submitted before.*has 2"):
        record.reserve(file, 2)
    record.give_back(file, 1)
    record.reserve(file, 2)
    assert record.use(file).tasks == 3
    # Nothing can be had by giving back more than was taken.
    record.give_back(file, 9)
    assert record.use(file).tasks == 0


async def test_is_the_record_of_the_server(record: ClassRecord, tmp_path: Path) -> None:
    file = class_file(4)
    vault = Vault(tmp_path / "vault")
    try:
        await vault.accept_class(file)
        assert record.use(file).state == "accepted"
        record.reserve(file, 1)
        await submitted(vault, F, class_hash=file.hash)
        assert (await vault.class_use(file.hash, file.class_id)).tasks == 2
        # Those that a cell of JupyterLab is about to submit count too.
        await vault.note_plan(plan(F, class_hash=file.hash))
        with pytest.raises(GatewayError, match="3 were submitted before"):
            record.reserve(file, 2)
        record.withdraw(file)
        assert (await vault.class_use(file.hash, file.class_id)).state == "new"
    finally:
        await vault.close()


def test_says_when_there_is_no_record_to_be_had(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("no folder")
    with pytest.raises(GatewayError, match="cannot be used to keep results"):
        ClassRecord(tmp_path / "vault").accept(class_file())
