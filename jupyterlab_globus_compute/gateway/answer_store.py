"""What is known of tasks without asking their service: the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class AnswerStore(Protocol):
    """Keeps what a service has said of tasks, as the JSON text of each task's object.

    That is one value of `results` in the answer to `POST v2/batch_status`, and
    the whole answer to `GET v2/tasks/{id}`.
    """

    async def known(self, service: str, task_ids: Sequence[str]) -> Mapping[str, bytes]:
        """The objects of those tasks that the service need not be asked for."""

    async def keep_batch_status(self, service: str, answer: bytes) -> Mapping[str, bytes]:
        """Store what the service has answered to `POST v2/batch_status` (HTTP 200).

        The browser is answered when this has returned, so that a result which
        is given only once is stored first. Answers the objects by task id.
        Raises `ValueError`, quoting nothing, for what is no such answer.
        """

    async def keep_task(self, service: str, task_id: str, answer: bytes) -> None:
        """Store what the service has answered to `GET v2/tasks/{id}` (HTTP 200), as above."""
