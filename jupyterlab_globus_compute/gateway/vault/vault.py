"""The vault as the rest of the gateway sees it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.errors import GatewayError

from . import (
    acceptance,
    classes,
    forgetting,
    landings,
    leases,
    moves,
    outcomes,
    plans,
    retention,
)
from .answers import read_answer
from .batch_views import batch_view, batch_views, changed_batches
from .errors import batch_not_found, batch_of_another_service
from .records import TaskAnswer, UnconfirmedPlan, VaultChanges
from .task_views import (
    changed_tasks,
    exported_tasks,
    known_answers,
    open_states,
    pending_tasks,
    task_views,
    watched_changes,
)
from .vault_file import VaultFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jupyterlab_globus_compute.gateway.class_file import ClassFile

    from .classes import ClassUse
    from .landings import LandingAction
    from .records import BatchPlan, PendingTask
    from .retention import RetentionLimits


class Vault(VaultFile):
    """The file, opened on first use, with one method for each thing that is asked of it.

    All methods may be awaited in any task of one event loop; what they write is durable when
    they return. They raise `GatewayError` 503 when the file cannot be used.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.time, *, root: str = ""
    ) -> None:
        """`root` is the folder that the paths of this server's notebooks are relative to."""
        super().__init__(folder)
        self._clock = clock
        self._root = root

    async def note_plan(self, plan: BatchPlan) -> None:
        """See `plans.note_plan`."""
        now = self._clock()
        await self._write(lambda transaction: plans.note_plan(transaction, plan, now, self._root))

    async def move_notebooks(self, old: str, new: str) -> int:
        """See `moves.move_notebooks`."""
        return await self._write(
            lambda transaction: moves.move_notebooks(transaction, self._root, old, new)
        )

    async def accept(
        self, batch_id: str, task_group_id: str | None, tasks: Mapping[str, Sequence[str]]
    ) -> None:
        """See `acceptance.accept`."""
        now = self._clock()
        await self._write(
            lambda transaction: acceptance.accept(transaction, batch_id, task_group_id, tasks, now)
        )

    async def adopt(self, batch_id: str, found: Sequence[tuple[str, str]]) -> int:
        """See `acceptance.adopt`."""
        now = self._clock()
        return await self._write(
            lambda transaction: acceptance.adopt(transaction, batch_id, found, now)
        )

    async def give_up(self, batch_id: str, note: str) -> None:
        """See `acceptance.give_up`."""
        now = self._clock()
        await self._write(lambda transaction: acceptance.give_up(transaction, batch_id, note, now))

    async def keep_answers(self, service: str, answers: Sequence[TaskAnswer]) -> None:
        """See `outcomes.keep_answers`."""
        now = self._clock()
        await self._write(
            lambda transaction: outcomes.keep_answers(transaction, service, answers, now)
        )

    async def note_states(self, service: str, states: Sequence[tuple[str, str]]) -> None:
        """See `outcomes.note_states`."""
        await self._write(lambda transaction: outcomes.note_states(transaction, service, states))

    async def land(self, batch_id: str, client: str, action: LandingAction) -> bool:
        """See `landings.land`."""
        now = self._clock()
        return await self._write(
            lambda transaction: landings.land(transaction, batch_id, client, action, now)
        )

    async def forget(self, batch_id: str) -> None:
        """See `forgetting.forget`."""
        now = self._clock()
        await self._write(lambda transaction: forgetting.forget(transaction, batch_id, now))

    async def restore(self, batch_id: str) -> None:
        """See `forgetting.restore`."""
        await self._write(lambda transaction: forgetting.restore(transaction, batch_id))

    async def show(self, batch_id: str) -> None:
        """Restore a batch if it was forgotten."""
        with suppress(GatewayError):
            await self.restore(batch_id)

    async def check_service(self, batch_id: str, service: str) -> None:
        """Raise `GatewayError` unless the batch is known (404) and of this service (409)."""
        row = await self._read(
            lambda connection: connection.execute(
                "SELECT service FROM batches WHERE batch_id = ?", (batch_id,)
            ).fetchone()
        )
        if row is None:
            raise batch_not_found(batch_id)
        if row[0] != service:
            raise batch_of_another_service(batch_id, row[0])

    async def accept_class(self, file: ClassFile) -> None:
        """See `classes.accept_class`."""
        now = self._clock()
        await self._write(lambda transaction: classes.accept_class(transaction, file, now))

    async def withdraw_class(self, hash_: str) -> None:
        """See `classes.withdraw_class`."""
        await self._write(lambda transaction: classes.withdraw_class(transaction, hash_))

    async def class_use(self, hash_: str, class_id: str) -> ClassUse:
        """See `classes.class_use`."""
        return await self._read(lambda connection: classes.class_use(connection, hash_, class_id))

    async def class_of_batch(self, batch_id: str) -> ClassFile | None:
        """See `classes.class_of_batch`."""
        return await self._read(lambda connection: classes.class_of_batch(connection, batch_id))

    async def tidy(self, limits: RetentionLimits) -> None:
        """Drop what is beyond the limits, and what was forgotten long ago."""
        now = self._clock()
        expired = 1
        while expired:
            expired = await self._write(
                lambda transaction: retention.expire_some(transaction, limits, now)
            )
            while await self._write(lambda transaction: forgetting.purge_some(transaction, now)):
                pass

    async def take_lease(self, name: str) -> bool:
        """See `leases.take_lease`."""
        now = self._clock()
        return await self._write(
            lambda transaction: leases.take_lease(transaction, name, self._holder, now)
        )

    async def batch(self, batch_id: str) -> dict[str, Any]:
        """The `BatchSummary` of a batch. Raises `GatewayError` 404."""
        view = await self._read(lambda connection: batch_view(connection, batch_id))
        if view is None:
            raise batch_not_found(batch_id)
        return view

    async def batches(
        self, *, notebook: str | None, before: float | None, limit: int
    ) -> list[dict[str, Any]]:
        """See `batch_views`."""
        return await self._read(
            lambda connection: batch_views(
                connection, notebook=notebook, before=before, limit=limit
            )
        )

    async def tasks(
        self, batch_id: str, *, offset: int, limit: int, state: str | None
    ) -> dict[str, Any]:
        """See `task_views`."""
        return await self._read(
            lambda connection: task_views(
                connection, batch_id, offset=offset, limit=limit, state=state
            )
        )

    async def exported_tasks(
        self, batch_id: str, after: int, limit: int
    ) -> list[tuple[dict[str, Any], bytes | None]]:
        """See `exported_tasks`."""
        return await self._read(
            lambda connection: exported_tasks(connection, batch_id, after, limit)
        )

    async def batches_of_tasks(self, task_ids: Sequence[str]) -> dict[str, str]:
        """The ids of the batches, forgotten or not, of those tasks that are known."""
        rows = await self._read(
            lambda connection: connection.execute(
                "SELECT task_id, batch_id FROM json_each(?) CROSS JOIN tasks ON task_id = value"
                " JOIN batches ON batches.number = batch",
                (json.dumps(list(task_ids)),),
            ).fetchall()
        )
        return dict(rows)

    async def known_answers(self, service: str, task_ids: Sequence[str]) -> dict[str, bytes]:
        """See `known_answers`."""
        return await self._read(lambda connection: known_answers(connection, service, task_ids))

    async def open_states(self, service: str, task_ids: Sequence[str]) -> dict[str, str]:
        """See `open_states`."""
        return await self._read(lambda connection: open_states(connection, service, task_ids))

    async def pending_tasks(self) -> tuple[int, list[tuple[str, PendingTask]]]:
        """See `pending_tasks`; with the sequence number of which this is the state."""
        return await self._read(
            lambda connection: (_sequence(connection), pending_tasks(connection))
        )

    async def watched_changes(self, since: int) -> tuple[int, list[tuple[str, PendingTask, bool]]]:
        """See `watched_changes`; with the sequence number up to which they are told."""
        return await self._read(
            lambda connection: (_sequence(connection), watched_changes(connection, since))
        )

    async def unconfirmed_plans(self) -> list[UnconfirmedPlan]:
        """The batches with planned calls that were not given up."""
        rows = await self._read(
            lambda connection: connection.execute(
                "SELECT batch_id, service, task_group_id, planned_at FROM batches"
                " WHERE ended IS NULL AND EXISTS"
                " (SELECT 1 FROM tasks WHERE batch = batches.number AND state = 'planned')"
            ).fetchall()
        )
        return [UnconfirmedPlan(*row) for row in rows]

    async def changes(self, since: int) -> VaultChanges:
        """What changed after a sequence number."""

        def read(connection: sqlite3.Connection) -> VaultChanges:
            batches, removed = changed_batches(connection, since)
            tasks = changed_tasks(connection, since)
            return VaultChanges(_sequence(connection), tasks, batches, removed)

        return await self._read(read)

    async def sequence(self) -> int:
        """The number of the latest change."""
        return await self._read(_sequence)

    async def read_answers(self, texts: Mapping[str, bytes]) -> list[TaskAnswer]:
        """See `read_answer`. Raises `AnswerMalformedError`."""
        return await self.in_thread(lambda: [read_answer(*entry) for entry in texts.items()])


def _sequence(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT sequence FROM clock").fetchone()
    return int(number)
