"""A small client of a local service, which costs little enough not to be what is measured."""

from __future__ import annotations

import http.client
import json
import time
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jupyterlab_globus_compute.tests.local.service_process import LocalService

_PAGE = 500
_POLL_S = 0.05
_KEPT_OPEN_S = 2.0
_FINAL = ("success", "failed")


class Client:
    """Keeps its connections open, as every HTTP client does."""

    def __init__(self, service: LocalService) -> None:
        self._host = str(service.address["url"]).removeprefix("http://")
        self._headers = {"Authorization": f"Bearer {service.address['token']}"}
        self._submit_path = f"/v3/endpoints/{service.endpoint_id}/submit"
        self._connection = http.client.HTTPConnection(self._host)
        self._used_at = time.monotonic()

    def submit(self, function_id: str, payloads: Sequence[str]) -> list[str]:
        """Submit tasks with these packed arguments and return their ids."""
        answer = self._request("POST", self._submit_path, {"tasks": {function_id: payloads}})
        ids: list[str] = answer["tasks"][function_id]
        return ids

    def task(self, task_id: str) -> dict[str, Any]:
        """Return what the service says of a task."""
        return self._request("GET", f"/v2/tasks/{task_id}")

    def results(self, task_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield the finished tasks, waiting for them page by page."""
        left = list(task_ids)
        while left:
            page = left[:_PAGE]
            tasks = self._request("POST", "/v2/batch_status", {"task_ids": page})["results"]
            waiting = []
            for task_id in page:
                if tasks[task_id]["status"] in _FINAL:
                    yield tasks[task_id]
                else:
                    waiting.append(task_id)
            left[:_PAGE] = waiting
            if waiting:
                time.sleep(_POLL_S)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield state changes as the service pushes them; the first item says that it does."""
        connection = http.client.HTTPConnection(self._host)
        connection.request("GET", "/v3/events", headers=self._headers)
        response = connection.getresponse()
        while line := response.readline().decode():
            if line.startswith(":"):
                yield {"task_id": "", "status": ""}
            elif line.startswith("data:"):
                yield from json.loads(line.removeprefix("data:"))["tasks"]

    def _request(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        if time.monotonic() > self._used_at + _KEPT_OPEN_S:
            # It is opened anew by the request; the service is about to close it.
            self._connection.close()
        self._connection.request(method, path, data, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        self._used_at = time.monotonic()
        if response.status != http.client.OK:
            raise RuntimeError(f"{method} {path} was answered with {response.status}: {content!r}")
        answer: dict[str, Any] = json.loads(content)
        return answer


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process, without its children, has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
