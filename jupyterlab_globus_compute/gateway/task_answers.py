"""Asking for tasks: the vault first, then the service."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .errors import GatewayError
from .transport import ServiceAnswer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from logging import Logger

    from .answer_store import AnswerStore
    from .transport import ServiceRequest

_OK = 200


class TaskAnswers:
    """Answers `POST v2/batch_status` and `GET v2/tasks/{id}` for one service.

    What the vault has is not asked for again, and what the service says is in
    the vault before the browser has it. A vault that fails keeps no result
    from the browser: the log says so.
    """

    def __init__(
        self,
        service: str,
        store: AnswerStore,
        ask: Callable[[ServiceRequest], Awaitable[ServiceAnswer]],
        log: Logger,
    ) -> None:
        """`ask` sends a request to the service."""
        self._service = service
        self._store = store
        self._ask = ask
        self._log = log

    async def batch_status(self, request: ServiceRequest, body: Mapping[str, Any]) -> ServiceAnswer:
        """The answer to `request`, whose body is the JSON object `body`."""
        task_ids = body.get("task_ids")
        if not isinstance(task_ids, list) or not all(isinstance(id_, str) for id_ in task_ids):
            # The service says what is wrong with it.
            return await self._ask(request)
        known = await self._known(task_ids)
        if not known:
            answer = await self._ask(request)
            if answer.status == _OK:
                await self._keep(answer.body)
            return answer
        found = dict(known)
        if rest := [task_id for task_id in task_ids if task_id not in known]:
            text = json.dumps({**body, "task_ids": rest})
            answer = await self._ask(replace(request, body=text.encode()))
            if answer.status != _OK:
                return answer
            found.update(await self._keep(answer.body))
        members = [
            json.dumps(task_id).encode() + b":" + found[task_id]
            for task_id in dict.fromkeys(task_ids)
            if task_id in found
        ]
        return ServiceAnswer(_OK, b'{"response":"batch","results":{' + b",".join(members) + b"}}")

    async def task(self, request: ServiceRequest, task_id: str) -> ServiceAnswer:
        """The answer to `request`, which asks for one task."""
        known = await self._known([task_id])
        if task_id in known:
            return ServiceAnswer(_OK, known[task_id])
        answer = await self._ask(request)
        if answer.status == _OK:
            try:
                await self._store.keep_task(self._service, task_id, answer.body)
            except (GatewayError, ValueError) as error:
                self._warn(error)
        return answer

    async def _known(self, task_ids: Sequence[str]) -> Mapping[str, bytes]:
        try:
            return await self._store.known(self._service, task_ids)
        except GatewayError as error:
            self._warn(error)
            return {}

    async def _keep(self, answer: bytes) -> Mapping[str, bytes]:
        try:
            return await self._store.keep_batch_status(self._service, answer)
        except (GatewayError, ValueError) as error:
            self._warn(error)
            return _parts(answer)

    def _warn(self, error: Exception) -> None:
        self._log.error("The vault does not take part in asking for tasks: %s", error)


def _parts(answer: bytes) -> Mapping[str, bytes]:
    """The objects by task id, as far as the answer can be read."""
    try:
        results = json.loads(answer)["results"].items()
        return {task_id: json.dumps(fields).encode() for task_id, fields in results}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
