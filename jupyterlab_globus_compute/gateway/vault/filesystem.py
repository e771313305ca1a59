"""Which file systems can hold a write-ahead log."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# SQLite's write-ahead log needs memory that all its processes share, which the file systems of
# networks do not offer (https://www.sqlite.org/wal.html). What is not listed counts as such.
_LOCAL_TYPES = frozenset(
    {"apfs", "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "overlay"}
    | {"ramfs", "reiserfs", "tmpfs", "ufs", "xfs", "zfs"}
)
_LINUX_MOUNTS = Path("/proc/self/mounts")
_MAC_MOUNT = re.compile(r"^.+ on (?P<point>/.*) \((?P<type>[^,)]+)")
_OCTAL = re.compile(r"\\([0-7]{3})")


def is_local(folder: Path) -> bool:
    """Whether `folder`, which exists, lies on a file system of this computer.

    False where that cannot be told.
    """
    return file_system_type(folder.resolve(), _mounts()) in _LOCAL_TYPES


def file_system_type(folder: Path, mounts: dict[Path, str]) -> str | None:
    """The type of the file system that holds `folder`, of `mounts` by mount point."""
    for point in (folder, *folder.parents):
        if point in mounts:
            return mounts[point]
    return None


def read_linux_mounts(text: str) -> dict[Path, str]:
    """Read `/proc/self/mounts` (fstab(5)); of two on one point the later one is seen."""
    mounts = {}
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:  # noqa: PLR2004 - device, point, type
            point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1])
            mounts[Path(point)] = fields[2]
    return mounts


def read_mac_mounts(text: str) -> dict[Path, str]:
    """Read what `/sbin/mount` prints on macOS."""
    found = (_MAC_MOUNT.match(line) for line in text.splitlines())
    return {Path(match["point"]): match["type"] for match in found if match}


def _mounts() -> dict[Path, str]:
    try:
        if sys.platform == "darwin":
            command = ["/sbin/mount"]
            listing = subprocess.run(  # noqa: S603 - a constant
                command, capture_output=True, text=True, check=True, timeout=10
            )
            return read_mac_mounts(listing.stdout)
        return read_linux_mounts(_LINUX_MOUNTS.read_text("utf-8", "surrogateescape"))
    except (OSError, subprocess.SubprocessError):
        return {}
