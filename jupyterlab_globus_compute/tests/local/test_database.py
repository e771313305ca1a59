"""The database file: brought up to date, kept when damaged, and full."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.local import database
from jupyterlab_globus_compute.local.errors import StartupError
from jupyterlab_globus_compute.local.store import Store

from .service_process import LocalService, run_in_vain

if TYPE_CHECKING:
    from pathlib import Path

FIRST_FORMAT_TASK = """
INSERT INTO endpoint VALUES ('11111111-1111-1111-1111-111111111111');
INSERT INTO functions VALUES ('f', 'f', 'code+', NULL, 'null', 0, NULL, 0);
INSERT INTO tasks (task_id, task_group_id, function_id, payload, result_serializers, received_at)
  VALUES ('t', 'g', 'f', 'arguments', 'null', 5.0);
PRAGMA user_version=1;
"""

SMALL_DISK = """
import sqlite3
from jupyterlab_globus_compute.local import database, reader, writer

def connect(path, connect=database.connect):
    connection = connect(path)
    connection.execute("PRAGMA max_page_count=400")
    return connection

database.connect = reader.connect = writer.connect = connect
"""


def test_a_file_of_the_first_format_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(database._TABLES + FIRST_FORMAT_TASK)
    with closing(Store(path)) as store:
        assert store.registry.endpoint_id() == "11111111-1111-1111-1111-111111111111"
        assert store.unfinished_tasks() == [("t", 0)]
        assert store.work("t").buffer == "code+arguments"
        assert store.task_group("g").tasks == [("t", 5.0)]


def test_a_file_of_a_later_format_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")
    before = path.read_bytes()
    with pytest.raises(StartupError, match="another version"):
        database.prepare(path)
    assert path.read_bytes() == before


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 5 * 4096])


def overwritten_inside(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 3] = b"\xa5" * 4096
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [no_database, cut_off, overwritten_inside])
def test_a_damaged_file_is_kept_aside(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "service.db"
    Store(path).close()
    assert callable(damage)
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StartupError, match="is damaged"):
        Store(path)
    # Also what SQLite has beside it.
    kept = min(tmp_path.glob("service.db.damaged-*"))
    assert kept.read_bytes() == before
    assert not path.exists()


def test_the_service_says_where_a_damaged_file_is_kept(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "service.db").write_bytes(b"this is no database" * 1000)
    service = LocalService(data_dir)
    code, said = run_in_vain(service)
    assert code == 1
    (kept,) = data_dir.glob("service.db.damaged-*")
    assert str(kept) in said
    assert "start the service again" in said
    assert "Traceback" not in said
    with service:
        assert service.value(service.call("def f():\n    return 1\n")) == 1
    assert kept.read_bytes() == b"this is no database" * 1000


def test_a_locked_file_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "service.db"
    Store(path).close()

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=0, isolation_level=None)

    monkeypatch.setattr(database, "connect", connect)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StartupError, match="cannot be used"):
            database.prepare(path)
    assert path.exists()


def test_a_full_disk_refuses_submissions_and_loses_none(tmp_path: Path) -> None:
    """The database may grow to 1.6 MB; each submission needs 100 kB of it."""
    source = "import os, time\ndef f(go, data):\n    while not os.path.exists(go):\n"
    source += "        time.sleep(0.01)\n    return len(data)\n"
    go = tmp_path / "go"
    with LocalService(tmp_path / "data", workers=1, prelude=SMALL_DISK) as service:
        function_id = service.register(source)
        tasks = {"tasks": {function_id: [service.payload(str(go), "x" * 100_000)]}}
        path = f"/v3/endpoints/{service.endpoint_id}/submit"
        accepted = []
        while (answer := service.request("POST", path, tasks)).status == 200:
            accepted += answer.body["tasks"][function_id]
        assert answer.status == 507
        assert answer.body["code"] == "STORAGE_FULL"
        assert "--keep-mib" in answer.body["reason"]
        assert len(accepted) > 5
        # As they end, their arguments make room again.
        go.touch()
        finished = service.finished(accepted)
        assert [service.value(task) for task in finished] == [100_000] * len(accepted)
        assert service.request("POST", path, tasks).status == 200
