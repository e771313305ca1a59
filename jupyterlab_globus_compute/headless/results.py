"""`%compute_result`: the results of a batch that was run before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.errors import CellError
from jupyterlab_globus_compute.kernel.bridge.fetched import Fetched, wanted

from .batch import Batch
from .display import Display
from .errors import ServiceError
from .follower import follow
from .names import CLOUD, LOCAL
from .records import Record
from .service import UnknownError
from .services import Target, is_uuid

if TYPE_CHECKING:
    from .records import Records
    from .services import Services


class Results:
    """Finds batches by the names of this user's records, or by the ids that services know."""

    def __init__(self, shell: Any, services: Services, records: Records) -> None:
        self._shell = shell
        self._services = services
        self._records = records

    def fetch(self, line: str) -> Any:
        """Wait for the results of a batch and return its value, or give it to a name.

        Where a task failed stands its error. Raises `CellError` for a batch that nobody knows,
        `WaitStopped` when it is interrupted.
        """
        asked, _ = wanted(line)
        batch = self._found(asked)
        display = Display(self._shell, quiet=False)
        display.begin(batch)
        try:
            follow(batch, None, display.progress)
        finally:
            display.end(batch)
        fetched = Fetched(self._shell, None)
        outcomes = batch.take_outcomes()
        fetched.bring({"asked": asked, "problem": None, "card": None, "tasks": outcomes})
        return fetched.magic(line)

    def _found(self, name: str) -> Batch:
        record = self._records.find(name)
        if record is not None:
            return self._of_group(record)
        if not is_uuid(name):
            raise CellError(
                f'No batch of yours is called "{name}". %compute_result also takes the id of a '
                "task group or of a task, as its card shows it."
            )
        for service in (LOCAL, CLOUD):
            ids = self._group_ids(service, name) or self._task_ids(service, name)
            if ids:
                return _batch(_unnamed(name, service), self._services, ids)
        raise CellError(f"No service knows a task group or a task {name}.")

    def _of_group(self, record: Record) -> Batch:
        ids = self._group_ids(record.service, record.task_group_id)
        if not ids:
            raise ServiceError(
                f'The {record.service} service no longer has the tasks of "{record.name}".'
            )
        return _batch(record, self._services, ids)

    def _group_ids(self, service: str, group_id: str) -> list[str]:
        try:
            return self._services.get(service).task_group(group_id)
        except UnknownError:
            return []

    def _task_ids(self, service: str, task_id: str) -> list[str]:
        try:
            return [str(self._services.get(service).task(task_id)["task_id"])]
        except UnknownError:
            return []


def _unnamed(name: str, service: str) -> Record:
    """Return what is known of a batch that this user's records do not tell of."""
    where = "this computer" if service == LOCAL else "Globus Compute"
    return Record(name[:8], service, "", where, name, time.time())


def _batch(record: Record, services: Services, task_ids: list[str]) -> Batch:
    """Return a batch of tasks that were submitted before."""
    target = Target(services.get(record.service), record.endpoint_id, record.endpoint_name)
    batch = Batch(record.name, target, created=record.created)
    labels = [f"{record.name} {at + 1}" if len(task_ids) > 1 else record.name
              for at in range(len(task_ids))]  # fmt: skip
    batch.plan({"index": at, "label": label} for at, label in enumerate(labels))
    for at, task_id in enumerate(task_ids):
        batch.accept(record.task_group_id, None, at, task_id)
    return batch
