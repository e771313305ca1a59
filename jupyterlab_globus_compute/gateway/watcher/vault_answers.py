"""Answers about tasks from the vault, before their service is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.vault.answers import AnswerMalformedError
from jupyterlab_globus_compute.gateway.vault.states import LOST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from logging import Logger

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

_LOST = "ResultLost: The service no longer has the result of this task"


class VaultAnswers:
    """The `AnswerStore` that is the vault."""

    def __init__(self, vault: Vault, access: ServiceAccess, log: Logger) -> None:
        self._vault = vault
        self._access = access
        self._log = log

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

    async def keep(self, service: str, answers: Mapping[str, bytes]) -> None:
        """Store what the service said of tasks of the vault; of others, nothing."""
        try:
            told = await self._vault.read_answers(answers)
        except AnswerMalformedError as error:
            self._log.warning("An answer of '%s' about tasks: %s", service, error)
            return
        # That a task is unknown is for the watcher to judge.
        await self._vault.keep_answers(service, [one for one in told if not one.is_unknown])
