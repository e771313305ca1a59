"""Answers about tasks from the vault, before their service is asked."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.vault.answers import split_batch_status
from jupyterlab_globus_compute.gateway.vault.states import LOST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_LOST = "ResultLost: The service no longer has the result of this task"


class VaultAnswers:
    """The `AnswerStore` that is the vault."""

    def __init__(self, vault: Vault, access: ServiceAccess) -> None:
        self._vault = vault
        self._access = access

    async def known(self, service: str, task_ids: Sequence[str]) -> Mapping[str, bytes]:
        """What the service said of tasks that have ended, and that others are lost.

        Where a service gives each result once, tasks that have not ended are told of from the
        vault too: the watcher asks for them, and nobody else.
        """
        answers = await self._vault.known_answers(service, task_ids)
        rest = [task_id for task_id in task_ids if task_id not in answers]
        if not rest:
            return answers
        gives_once = self._access.gives_results_once(service)
        for task_id, state in (await self._vault.open_states(service, rest)).items():
            if state == LOST:
                lost = {"task_id": task_id, "status": "failed", "completion_t": "0"}
                answers[task_id] = json.dumps({**lost, "exception": _LOST}).encode()
            elif gives_once:
                answers[task_id] = json.dumps({"task_id": task_id, "status": state}).encode()
        return answers

    async def keep_batch_status(self, service: str, answer: bytes) -> Mapping[str, bytes]:
        """See `AnswerStore`; of tasks that are not in the vault nothing is stored."""
        texts = await self._vault.in_thread(partial(split_batch_status, answer))
        await self._keep(service, texts)
        return texts

    async def keep_task(self, service: str, task_id: str, answer: bytes) -> None:
        """See `AnswerStore`."""
        await self._keep(service, {task_id: answer})

    async def _keep(self, service: str, texts: Mapping[str, bytes]) -> None:
        told = await self._vault.read_answers(texts)
        # That a task is unknown is for the watcher to judge.
        await self._vault.keep_answers(service, [one for one in told if not one.is_unknown])
