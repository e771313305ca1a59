"""Batches that outlive the tab: vault, watcher and what belongs to them, put together."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .vault.database import default_folder
from .vault.retention import RetentionLimits
from .vault.vault import Vault
from .watcher.following import Following
from .watcher.pace import WatchPace
from .watcher.publisher import Publisher
from .watcher.recorder import BatchRecorder
from .watcher.recovery import Recovery
from .watcher.vault_answers import VaultAnswers
from .watcher.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from logging import Logger

    from .event_hub import EventHub
    from .service_access import ServiceAccess
    from .vault.landings import LandingAction
    from .vault.records import BatchPlan

_S_PER_DAY = 86_400.0
_BYTES_PER_MIB = 1024 * 1024
_EXPORT_PAGE = 50


@dataclass(frozen=True)
class VaultSettings:
    """Where results are kept, and how long."""

    folder: Path
    limits: RetentionLimits
    pace: WatchPace = field(default_factory=WatchPace)
    root: str = ""
    """The folder that the paths of notebooks are relative to."""

    @classmethod
    def from_traits(
        cls, *, folder: str, root: str, retention_days: float, max_mib: float
    ) -> VaultSettings:
        """Fill in the default for which an empty string stands; 0 means no limit."""
        return cls(
            folder=Path(folder).expanduser().absolute() if folder else default_folder(),
            limits=RetentionLimits(
                max_age_s=retention_days * _S_PER_DAY or None,
                max_bytes=int(max_mib * _BYTES_PER_MIB) or None,
            ),
            root=str(Path(root).expanduser().absolute()),
        )


class Batches:
    """What the request handlers ask of the vault, and what runs beside them.

    `observer` is told of submits, and `answers` asked before a service is. Nothing happens
    before `start`, which is called once, in the event loop that all belongs to.
    """

    def __init__(
        self,
        settings: VaultSettings,
        access: ServiceAccess,
        hub: EventHub,
        log: Logger,
    ) -> None:
        self.vault = Vault(settings.folder, root=settings.root)
        self.observer = BatchRecorder(self.vault, log)
        self.answers = VaultAnswers(self.vault, access)
        recovery = Recovery(
            self.vault, access, settings.pace, log, is_sending=self.observer.is_sending
        )
        self.observer.when_unknown(recovery.hurry)
        self._watcher = Watcher(self.vault, access, recovery, settings.limits, settings.pace, log)
        self._publisher = Publisher(self.vault, hub, log)
        self._following = Following(self.vault, access)
        self._publishing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch what is pending."""
        self._watcher.start()
        self._publishing = asyncio.ensure_future(self._publisher.run())

    async def close(self) -> None:
        """End, with everything stored that was fetched."""
        await self._watcher.stop()
        if self._publishing is not None:
            self._publishing.cancel()
            with suppress(asyncio.CancelledError):
                await self._publishing
        await self.vault.close()

    async def plan(self, plan: BatchPlan) -> dict[str, Any]:
        """Take down what is about to be submitted; answer the batch."""
        await self.vault.note_plan(plan)
        return await self.batch(plan.batch_id)

    async def batch(self, batch_id: str) -> dict[str, Any]:
        """The BatchSummary of a batch. Raises `GatewayError` 404."""
        return await self.vault.batch(batch_id)

    async def list(self, *, notebook: str | None, before: str | None, limit: int) -> dict[str, Any]:
        """`{"batches", "sequence"}`, newest first; `before` is a time, or the id of a batch."""
        at = None if before is None else await self._time_of(before)
        # Asked for first: what happens meanwhile is told again, not left out.
        sequence = await self.vault.sequence()
        batches = await self.vault.batches(notebook=notebook, before=at, limit=limit)
        return {"batches": batches, "sequence": sequence}

    async def tasks(
        self, batch_id: str, *, offset: int, limit: int, state: str | None
    ) -> dict[str, Any]:
        """`{"total", "tasks"}`. Raises `GatewayError` 404."""
        return await self.vault.tasks(batch_id, offset=offset, limit=limit, state=state)

    async def forget(self, batch_id: str) -> None:
        """Forget a batch; for an hour that can be undone. Raises `GatewayError` 404."""
        await self.vault.forget(batch_id)

    async def restore(self, batch_id: str) -> dict[str, Any]:
        """Undo `forget`; answer the batch. Raises `GatewayError` 404."""
        await self.vault.restore(batch_id)
        return await self.batch(batch_id)

    async def land(self, batch_id: str, client: str, action: LandingAction) -> bool:
        """Whether the browser may, or might, write the results. Raises `GatewayError` 404."""
        return await self.vault.land(batch_id, client, action)

    async def follow(
        self,
        service: str,
        *,
        task_ids: tuple[str, ...],
        task_group_id: str | None,
        take_over: bool,
        title: str,
    ) -> dict[str, Any]:
        """See `Following.follow`."""
        batch_id = await self._following.follow(
            service,
            task_ids=task_ids,
            task_group_id=task_group_id,
            take_over=take_over,
            title=title,
        )
        return await self.batch(batch_id)

    async def export(self, batch_id: str) -> AsyncIterator[bytes]:
        """A batch as JSON lines: first `{"batch"}`, then a task a line.

        A task's line is its row and `answer`, what the service said of it, byte for byte, or
        null. Raises `GatewayError` 404 before the first line.
        """
        batch = await self.batch(batch_id)
        yield json.dumps({"batch": batch}).encode() + b"\n"
        after = -1
        while page := await self.vault.exported_tasks(batch_id, after, _EXPORT_PAGE):
            for row, answer in page:
                after = row["index"]
                # A line has no line ends of its own; in JSON they are never inside a text.
                text = (answer or b"null").replace(b"\n", b" ").replace(b"\r", b" ")
                yield json.dumps(row).encode()[:-1] + b', "answer": ' + text + b"}\n"

    async def _time_of(self, before: str) -> float:
        try:
            return float(before)
        except ValueError:
            return float((await self.vault.batch(before))["created"])
