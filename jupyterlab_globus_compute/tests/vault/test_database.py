"""The vault's file: who may read it, how it is journalled, and what becomes of a damaged one."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.vault import database, filesystem, leases
from jupyterlab_globus_compute.gateway.vault.errors import VaultUnusableError
from jupyterlab_globus_compute.gateway.vault.schema import STEPS
from jupyterlab_globus_compute.gateway.vault.transaction import Transaction
from jupyterlab_globus_compute.gateway.vault.vault import Vault
from jupyterlab_globus_compute.tests.vault.support import F, submitted

MOUNTS = r"""
/dev/vda / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/vdb /home/a\040b xfs rw 0 0
user@host: /mnt/far fuse.sshfs rw 0 0
//nas/x /mnt/nas cifs rw 0 0
"""
MAC_MOUNTS = """/dev/disk1s1 on / (apfs, local, journaled)
//me@nas/x on /Volumes/my files (smbfs, nodev)
"""


def mode_of(path: Path) -> str:
    """The journal mode of a database."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "vault"
    folder.mkdir(parents=True, mode=0o755)
    path = database.prepare(folder)
    with closing(database.connect(path)) as connection:
        connection.execute("UPDATE clock SET purged = purged")
        kept = list(folder.iterdir())
        assert len(kept) >= 2
        assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(("is_local", "mode"), [(True, "wal"), (False, "delete")])
def test_the_journal_is_one_that_the_file_system_can_keep(
    tmp_path: Path, is_local: bool, mode: str
) -> None:
    path = database.prepare(tmp_path, can_share_memory=lambda _folder: not is_local)
    # A file that was moved changes its journal.
    database.prepare(tmp_path, can_share_memory=lambda _folder: is_local)
    assert mode_of(path) == mode


@pytest.mark.parametrize(
    ("folder", "type_"),
    [
        ("/var/x", "ext4"),
        ("/home/me/x", "nfs4"),
        ("/home/a b/x", "xfs"),
        ("/mnt/far", "fuse.sshfs"),
        ("/mnt/nas/deep/er", "cifs"),
    ],
)
def test_the_file_system_of_a_folder_is_found(folder: str, type_: str) -> None:
    mounts = filesystem.read_linux_mounts(MOUNTS.strip())
    assert filesystem.file_system_type(Path(folder), mounts) == type_


def test_the_file_systems_of_macos_are_read() -> None:
    mounts = filesystem.read_mac_mounts(MAC_MOUNTS)
    assert mounts == {Path("/"): "apfs", Path("/Volumes/my files"): "smbfs"}


def test_a_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = database.prepare(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={len(STEPS) + 1}")
    with pytest.raises(VaultUnusableError, match="later version"):
        database.prepare(tmp_path)
    assert path.exists()


def test_every_older_format_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.prepare(tmp_path)
    more = "CREATE TABLE later (x);\n"
    more += "CREATE TRIGGER t AFTER INSERT ON later BEGIN\nSELECT 1;\nEND;\n"
    monkeypatch.setattr(database, "STEPS", (*STEPS, more))
    path = database.prepare(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM clock").fetchone() == (1,)


def test_a_step_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.prepare(tmp_path)
    monkeypatch.setattr(database, "STEPS", (*STEPS, "CREATE TABLE later (x);\nCREATE TABLE;\n"))
    with pytest.raises(VaultUnusableError):
        database.prepare(tmp_path)
    monkeypatch.undo()
    path = database.prepare(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE name = 'later'")
        assert names.fetchall() == []


def test_a_damaged_file_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / database.FILE_NAME
    path.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    with pytest.raises(VaultUnusableError, match="damaged"):
        database.prepare(tmp_path)
    (kept,) = tmp_path.glob("*.damaged-*")
    assert kept.read_bytes().startswith(b"SQLite")
    database.prepare(tmp_path)


async def test_a_vault_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    vault = Vault(tmp_path / "taken")
    for _ in range(2):
        with pytest.raises(GatewayError, match="cannot be used") as raised:
            await vault.sequence()
        assert (raised.value.status, raised.value.code) == (503, "VAULT_UNUSABLE")
    await vault.close()


async def test_two_servers_share_a_vault(tmp_path: Path, vault: Vault, folder: Path) -> None:
    other = Vault(folder)
    before = await other.version()
    batch_id, _ = await submitted(vault, F)
    assert await other.version() != before
    assert (await other.batch(batch_id))["state"] == "waiting"
    await other.close()


def test_one_server_watches_until_its_lease_ends(tmp_path: Path) -> None:
    path = database.prepare(tmp_path)
    with closing(database.connect(path)) as connection:
        transaction = Transaction(connection)

        def take(holder: str, now: float) -> bool:
            return leases.take_lease(transaction, "watch local", holder, now)

        mine, far = leases.this_holder(), "another-computer|7|1.00"
        assert take(mine, 100.0)
        assert not take(far, 129.0)
        assert take(mine, 129.0)
        assert not take(far, 158.0)
        assert take(far, 160.0)
        assert not take(mine, 189.0)
        # A clock that was set back far does not make it last for ever.
        assert take(mine, 10.0)


def test_the_lease_of_a_server_that_was_killed_is_free_at_once(tmp_path: Path) -> None:
    path = database.prepare(tmp_path)
    host, pid, _ = leases.this_holder().split("|")
    with closing(database.connect(path)) as connection:
        transaction = Transaction(connection)
        for gone in (f"{host}|{pid}|1.00", f"{host}|99999999|1.00"):
            assert leases.take_lease(transaction, "watch local", gone, 100.0)
            assert leases.take_lease(transaction, "watch local", leases.this_holder(), 101.0)
            leases.give_lease_back(transaction, leases.this_holder())
