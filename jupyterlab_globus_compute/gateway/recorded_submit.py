"""Submits that the vault takes down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import GatewayError, answer_invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from logging import Logger

    from .submit_observer import SubmitObserver
    from .transport import ServiceAnswer

_OK = 200
_UNKNOWN_OUTCOME = "SUBMIT_OUTCOME_UNKNOWN"


class RecordedSubmit:
    """One submit of a batch, of which the observer is told before the browser is answered."""

    def __init__(self, service: str, batch: str, observer: SubmitObserver, log: Logger) -> None:
        self._service = service
        self._batch = batch
        self._observer = observer
        self._log = log

    async def send(self, submit: Callable[[], Awaitable[ServiceAnswer]]) -> ServiceAnswer:
        """The answer to `submit`, which sends it.

        Raises `GatewayError` as `submit` does, and when the observer keeps it
        from being sent.
        """
        await self._observer.sending(self._service, self._batch)
        try:
            answer = await submit()
        except GatewayError as error:
            if error.code == _UNKNOWN_OUTCOME:
                await self._observer.unknown(self._service, self._batch, error)
            else:
                await self._observer.refused(self._service, self._batch, error)
            raise
        if answer.status != _OK:
            await self._observer.refused(self._service, self._batch, _refusal(answer))
            return answer
        try:
            task_group, tasks = _accepted(answer.body)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            invalid = answer_invalid(self._service)
            await self._observer.unknown(self._service, self._batch, invalid)
            raise invalid from None
        try:
            await self._observer.accepted(self._service, self._batch, task_group, tasks)
        except GatewayError as error:
            # The tasks run all the same, and the browser can still follow them.
            self._log.error("Batch %s has tasks that are not recorded: %s", self._batch, error)
        return answer


def _accepted(body: bytes) -> tuple[str, Mapping[str, list[str]]]:
    """The task group, and the ids by function (`POST /v3/endpoints/{id}/submit`)."""
    fields = json.loads(body)
    tasks = {
        str(function_id): [str(task_id) for task_id in task_ids]
        for function_id, task_ids in fields["tasks"].items()
    }
    return str(fields["task_group_id"]), tasks


def _refusal(answer: ServiceAnswer) -> GatewayError:
    try:
        fields: Any = json.loads(answer.body)
        code, reason = str(fields["code"]), str(fields["reason"])
    except (ValueError, LookupError, TypeError, RecursionError):
        code, reason = "REFUSED", f"The service refused the submit (HTTP {answer.status})."
    return GatewayError(answer.status, code, reason)
