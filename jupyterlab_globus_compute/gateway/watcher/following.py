"""Following tasks that were submitted elsewhere: by the Python SDK, from a terminal."""

from __future__ import annotations

import json
import time
import uuid
from functools import partial
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.transport import ServiceRequest
from jupyterlab_globus_compute.gateway.vault.answers import (
    AnswerMalformedError,
    read_answer,
    split_batch_status,
)
from jupyterlab_globus_compute.gateway.vault.errors import take_over_needed, tasks_not_found
from jupyterlab_globus_compute.gateway.vault.records import BatchPlan

from .recovery import read_task_group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_OK = 200
_PAGE = 500


class Following:
    """Makes batches of tasks that this gateway has not submitted."""

    def __init__(self, vault: Vault, access: ServiceAccess) -> None:
        self._vault = vault
        self._access = access

    async def follow(
        self,
        service: str,
        *,
        task_ids: Sequence[str],
        task_group_id: str | None,
        take_over: bool,
        title: str,
    ) -> str:
        """The id of a batch of these tasks, or of a group's; of the one that has them already.

        Raises `GatewayError`: 409 `TAKE_OVER_NEEDED` where the service gives each result once
        and the person has not said to take over; 404 when it knows none of the tasks.
        """
        gives_once = self._access.gives_results_once(service)
        if gives_once and not take_over:
            raise take_over_needed(service)
        if task_group_id is not None:
            task_ids = await self._tasks_of_group(service, task_group_id)
        elif not gives_once:
            # To ask a service that gives each result once would be to take it.
            task_ids = await self._known_to(service, task_ids)
        if not task_ids:
            raise tasks_not_found(service)
        kept = await self._vault.batches_of_tasks(task_ids)
        if len(kept) == len(set(task_ids)):
            batch_id = kept[task_ids[0]]
            await self._vault.show(batch_id)
            return batch_id
        plan = BatchPlan(
            batch_id=str(uuid.uuid4()),
            title=title or f"{len(task_ids)} tasks",
            service=service,
            endpoint_id="",
            endpoint_name="",
            notebook_path="",
            cell_id="",
            source_hash="",
            created=time.time(),
            task_group_id=task_group_id,
            calls=(),
            origin="elsewhere",
        )
        await self._vault.note_plan(plan)
        await self._vault.accept(plan.batch_id, task_group_id, {"": task_ids})
        return plan.batch_id

    async def _tasks_of_group(self, service: str, task_group_id: str) -> list[str]:
        body = await self._ask(service, ServiceRequest("GET", f"v2/taskgroup/{task_group_id}"))
        return [task_id for task_id, _ in read_task_group(body)]

    async def _known_to(self, service: str, task_ids: Sequence[str]) -> list[str]:
        known: list[str] = []
        for start in range(0, len(task_ids), _PAGE):
            page = list(task_ids[start : start + _PAGE])
            request = ServiceRequest(
                "POST", "v2/batch_status", body=json.dumps({"task_ids": page}).encode()
            )
            body = await self._ask(service, request)
            try:
                texts = await self._vault.in_thread(partial(split_batch_status, body))
            except AnswerMalformedError as error:
                raise GatewayError(502, "INVALID_ANSWER", str(error)) from None
            known += [
                task_id
                for task_id in page
                if task_id in texts and not read_answer(task_id, texts[task_id]).is_unknown
            ]
        return known

    async def _ask(self, service: str, request: ServiceRequest) -> bytes:
        answer = await self._access.send(service, request)
        if answer.status != _OK:
            raise tasks_not_found(service)
        return answer.body
