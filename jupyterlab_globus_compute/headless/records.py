"""The batches of this user, so that `%compute_result` finds them after a restart."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_core.paths import jupyter_data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE = "headless-batches.jsonl"
_MAX_BYTES = 1_000_000
_KEPT = 500


class Record(NamedTuple):
    """What is remembered of a batch: ids, and no values. `created`: seconds since the epoch."""

    name: str
    service: str
    endpoint_id: str
    endpoint_name: str
    task_group_id: str
    created: float


def records_path() -> Path:
    """Return the file of the records, below Jupyter's data folder."""
    return Path(jupyter_data_dir()) / "globus-compute" / _FILE


class Records:
    """A file with a line for each batch, newest last, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, record: Record) -> None:
        """Remember a batch. Where nothing can be written, nothing is remembered."""
        line = json.dumps(record._asdict()) + "\n"
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > _MAX_BYTES:
                self._prune()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            with os.fdopen(os.open(self._path, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(line)
        except OSError:
            return

    def find(self, name: str) -> Record | None:
        """Return the newest batch of that name or task group."""
        found = [record for record in self._read() if name in (record.name, record.task_group_id)]
        return found[-1] if found else None

    def _read(self) -> Iterator[Record]:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return
        for line in lines:
            record = _parsed(line)
            if record is not None:
                yield record

    def _prune(self) -> None:
        kept = list(self._read())[-_KEPT:]
        partial = self._path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(record._asdict()) + "\n" for record in kept)
        partial.replace(self._path)


def _parsed(line: str) -> Record | None:
    """Return the record of a line; None for a line that was cut off or is of another version."""
    try:
        told: Any = json.loads(line)
        record = Record(**told)
    except (ValueError, TypeError):
        return None
    texts = record[:-1]
    return record if all(isinstance(text, str) for text in texts) else None
