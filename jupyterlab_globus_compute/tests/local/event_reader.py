"""A reader of the service's stream of events."""

from __future__ import annotations

import http.client
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .service_process import TIMEOUT_S, LocalService

if TYPE_CHECKING:
    from types import TracebackType


@dataclass(frozen=True)
class Message:
    """One message of the stream; ``event`` is None for a comment."""

    number: int | None
    event: str | None
    tasks: list[dict[str, Any]]


class EventReader(AbstractContextManager["EventReader"]):
    """Reads ``GET /v3/events``, from now on or from a number."""

    def __init__(
        self, service: LocalService, query: str = "", last_event_id: str | None = None
    ) -> None:
        host = str(service.address["url"]).removeprefix("http://")
        self._connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
        headers = {"Authorization": f"Bearer {service.address['token']}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        self._connection.request("GET", f"/v3/events{query}", headers=headers)
        self.response = self._connection.getresponse()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def read(self) -> Message | None:
        """Wait for the next message; return None at the end of the stream."""
        number, event, data = None, None, "{}"
        while line := self.response.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n":
                return Message(number, event, json.loads(data).get("tasks", []))
            if name == "id":
                number = int(value)
            elif name == "event":
                event = value
            elif name == "data":
                data = value
        return None

    def states(self, task_ids: list[str]) -> dict[str, list[str]]:
        """Read until all these tasks have ended; return the states that each went through."""
        seen: dict[str, list[str]] = {task_id: [] for task_id in task_ids}
        while not all({"success", "failed"} & set(states) for states in seen.values()):
            message = self.read()
            assert message is not None, f"the stream ended after {seen}"
            for task in message.tasks:
                seen.setdefault(task["task_id"], []).append(task["status"])
        return seen
