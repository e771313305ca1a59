"""Services as the watcher reaches them, played by a test."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.service_feed import FeedPage, TaskChange
from jupyterlab_globus_compute.gateway.transport import ServiceAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from jupyterlab_globus_compute.gateway.result_push import (
        GroupChange,
        PushedResult,
        ResultPush,
    )
    from jupyterlab_globus_compute.gateway.service_feed import ServiceFeed
    from jupyterlab_globus_compute.gateway.transport import ServiceRequest


class FakeFeed:
    """A stream of events that says what the test says."""

    def __init__(self) -> None:
        self.pages: asyncio.Queue[FeedPage | Exception] = asyncio.Queue()
        self.followers = 0
        self._number = 0

    def tell(self, *changes: tuple[str, str], is_reset: bool = False) -> None:
        """Tell of states: pairs of id and state."""
        self._number += 1
        told = tuple(TaskChange(task_id, state, 1.0) for task_id, state in changes)
        self.pages.put_nowait(FeedPage(self._number, told, is_reset))

    async def follow(self, since: int | None) -> AsyncGenerator[FeedPage, None]:
        """See `ServiceFeed`."""
        assert since is None
        self.followers += 1
        yield FeedPage(self._number, (), is_reset=True)
        while True:
            page = await self.pages.get()
            if isinstance(page, Exception):
                raise page
            yield page


class FakePush:
    """A queue that gives what the test puts into `news`."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[PushedResult | GroupChange | Exception] = asyncio.Queue()
        self.calls: list[str] = []

    def listen(self, group: str) -> None:
        """See `ResultPush`."""
        self.calls.append(f"listen {group}")

    def leave(self, group: str) -> None:
        """See `ResultPush`."""
        self.calls.append(f"leave {group}")

    async def next(self) -> list[PushedResult | GroupChange]:
        """See `ResultPush`."""
        news = await self.news.get()
        if isinstance(news, Exception):
            raise news
        return [news]

    def acknowledge(self, result: PushedResult) -> None:
        """See `ResultPush`."""
        self.calls.append(f"acknowledge {result.tag}")

    def close(self) -> None:
        """See `ResultPush`."""
        self.calls.append("close")


class FakeAccess:
    """One service, `local`, that knows the tasks in `tasks` and the groups in `groups`.

    `failures` are raised, or their answers given, by the next requests instead.
    """

    def __init__(self, *, has_feed: bool = False, gives_once: bool = False) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, list[dict[str, str]]] = {}
        self.failures: deque[Exception | ServiceAnswer] = deque()
        self.asked: list[list[str]] = []
        self.asked_groups: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_ready = asyncio.Event()
        self.push: FakePush | None = None
        self.opened_pushes = 0
        self.stream = FakeFeed() if has_feed else None
        self._gives_once = gives_once

    def service_names(self) -> list[str]:
        """See `ServiceAccess`."""
        return ["local"]

    def service_kind(self, service: str) -> str:
        """See `ServiceAccess`."""
        return "cloud" if self._gives_once else "local"

    def gives_results_once(self, service: str) -> bool:
        """See `ServiceAccess`."""
        assert service == "local"
        return self._gives_once

    async def ready(self, service: str) -> None:
        """See `ServiceAccess`."""
        assert service == "local"
        await self.is_ready.wait()

    def feed(self, service: str) -> ServiceFeed | None:
        """See `ServiceAccess`."""
        return self.stream

    async def open_push(self, service: str) -> ResultPush | None:
        """See `ServiceAccess`."""
        assert service == "local"
        self.opened_pushes += 1
        return self.push

    async def send(self, service: str, request: ServiceRequest) -> ServiceAnswer:
        """See `ServiceAccess`."""
        assert service == "local"
        folder, _, name = request.path.rpartition("/")
        if (request.method, folder) == ("GET", "v2/taskgroup"):
            self.asked_groups.append(name)
            return self._next_failure() or self._group(name)
        assert (request.method, request.path) == ("POST", "v2/batch_status")
        task_ids = json.loads(request.body or b"")["task_ids"]
        self.asked.append(sorted(task_ids))
        failure = self._next_failure()
        results = {task_id: self._status(task_id) for task_id in task_ids}
        await self.gate.wait()
        return failure or _answer(200, {"response": "batch", "results": results})

    def end(self, *task_ids: str) -> None:
        """Have tasks succeed."""
        for task_id in task_ids:
            self.tasks[task_id] = {"status": "success", "result": "x", "completion_t": "7"}

    def _status(self, task_id: str) -> dict[str, Any]:
        status = {"task_id": task_id, **self.tasks.get(task_id, {"status": "unknown"})}
        if self._gives_once and "result" in status:
            del self.tasks[task_id]
        return status

    def _group(self, name: str) -> ServiceAnswer:
        if name not in self.groups:
            return _answer(404, {"code": "TASK_GROUP_NOT_FOUND"})
        return _answer(200, {"taskgroup_id": name, "tasks": self.groups[name]})

    def _next_failure(self) -> ServiceAnswer | None:
        failure = self.failures.popleft() if self.failures else None
        if isinstance(failure, Exception):
            raise failure
        return failure


def _answer(status: int, body: Any) -> ServiceAnswer:
    return ServiceAnswer(status, json.dumps(body).encode())
