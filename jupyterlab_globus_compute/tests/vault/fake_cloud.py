"""A stand-in for Globus Compute's hosted service, strict about what makes it awkward.

It gives each result once, drops those that nobody fetched, takes no task group that it has not
made, and writes down every request. It refuses what it does not expect.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

TOKEN = "token-of-the-fake-cloud"
DROP_S = 60.0


@dataclass
class CloudTask:
    """A task there; times are of the monotonic clock."""

    ends_at: float
    result: str
    given_in: int | None = None
    """The number of the answer that held the result."""

    is_dropped: bool = False


@dataclass
class Log:
    """What happened, as the service saw it."""

    requests: list[tuple[float, str]] = field(default_factory=list)
    results_in_answer: list[int] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def most_in(self, window_s: float) -> int:
        """The largest number of requests in any stretch of so many seconds."""
        times = [at for at, _ in self.requests]
        return max(
            sum(1 for other in times[first:] if other <= at + window_s)
            for first, at in enumerate(times)
        )


class FakeCloud(AbstractContextManager["FakeCloud"]):
    """Runs in a thread of this process; tasks end after a random time of up to `longest_s`."""

    def __init__(self, *, longest_s: float, seed: int = 0, drop_s: float = DROP_S) -> None:
        self.log = Log()
        self.tasks: dict[str, CloudTask] = {}
        self.groups: dict[str, list[str]] = {}
        self.lock = threading.Lock()
        self.drop_s = drop_s
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        self._longest_s = longest_s
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.url = ""

    def __enter__(self) -> FakeCloud:
        self._thread.start()
        assert self._started.wait(30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def submit(self, functions: dict[str, int], group: str | None) -> dict[str, Any] | None:
        """Accept tasks; None for a group that was never made here."""
        with self.lock:
            if group is not None and group not in self.groups:
                return None
            group = group or str(uuid.uuid4())
            tasks: dict[str, list[str]] = {}
            for function_id, count in functions.items():
                tasks[function_id] = [str(uuid.uuid4()) for _ in range(count)]
                for task_id in tasks[function_id]:
                    ends_at = time.monotonic() + self._random.uniform(0, self._longest_s)
                    self.tasks[task_id] = CloudTask(ends_at, f"00\nresult of {task_id}\n")
                self.groups.setdefault(group, []).extend(tasks[function_id])
            return {"request_id": str(uuid.uuid4()), "task_group_id": group, "tasks": tasks}

    def status(self, task_ids: list[str]) -> dict[str, Any]:
        """What is said of tasks; results are given with it, and are gone then."""
        now = time.monotonic()
        with self.lock:
            number = len(self.log.results_in_answer)
            answer = {task_id: self._one(task_id, number, now) for task_id in task_ids}
            given = sum("result" in view for view in answer.values())
            self.log.results_in_answer.append(given)
        return answer

    def lost(self) -> dict[str, CloudTask]:
        """The tasks whose result was given away or dropped."""
        with self.lock:
            gone = self.tasks.items()
            return {key: task for key, task in gone if task.given_in is not None or task.is_dropped}

    def _one(self, task_id: str, number: int, now: float) -> dict[str, Any]:
        task = self.tasks.get(task_id)
        if task is None or task.given_in is not None or task.is_dropped:
            return {"task_id": task_id, "status": "unknown", "reason": "unknown task"}
        if task.ends_at > now:
            return {"task_id": task_id, "status": "waiting-for-nodes"}
        if task.ends_at + self.drop_s < now:
            task.is_dropped = True
            return {"task_id": task_id, "status": "unknown", "reason": "unknown task"}
        task.given_in = number
        return {
            "task_id": task_id,
            "status": "success",
            "result": task.result,
            "completion_t": str(time.time()),
        }

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)

        async def serve() -> None:
            socket, port = bind_unused_port()
            server = HTTPServer(
                Application([(r"/(.*)", _Handler, {"cloud": self})], log_function=_no_log)
            )
            server.add_sockets([socket])
            self.url = f"http://127.0.0.1:{port}"
            self._started.set()

        self._loop.run_until_complete(serve())
        self._loop.run_forever()


def _no_log(_handler: RequestHandler) -> None:
    """No access log."""


class _Handler(RequestHandler):
    """The routes that the gateway and its watcher use."""

    def initialize(self, cloud: FakeCloud) -> None:
        self._cloud = cloud

    def prepare(self) -> None:
        self._cloud.log.requests.append((time.monotonic(), self.request.path))
        if self.request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._refuse(401, "WRONG_TOKEN")

    def get(self, path: str) -> None:
        """A task group."""
        folder, _, group = path.rpartition("/")
        if folder != "v2/taskgroup":
            self._unexpected()
        elif group not in self._cloud.groups:
            self._refuse(404, "TASK_GROUP_NOT_FOUND")
        else:
            tasks = [{"id": one, "created_at": "now"} for one in self._cloud.groups[group]]
            self.finish({"taskgroup_id": group, "tasks": tasks})

    def post(self, path: str) -> None:
        """A submit, or a question about tasks."""
        fields = json.loads(self.request.body)
        if path == "v2/batch_status":
            self.finish({"response": "batch", "results": self._cloud.status(fields["task_ids"])})
        elif path.startswith("v3/endpoints/") and path.endswith("/submit"):
            counts = {function: len(calls) for function, calls in fields["tasks"].items()}
            answer = self._cloud.submit(counts, fields.get("task_group_id"))
            if answer is None:
                self._refuse(404, "TASK_GROUP_NOT_FOUND")
            else:
                self.finish({**answer, "endpoint_id": path.split("/")[2]})
        else:
            self._unexpected()

    def _unexpected(self) -> None:
        self._cloud.log.unexpected.append(f"{self.request.method} {self.request.path}")
        self._refuse(500, "UNEXPECTED_CALL")

    def _refuse(self, status: int, code: str) -> None:
        self.set_status(status)
        self.finish({"code": code, "reason": code, "http_status_code": status})


def wait_until(condition: Callable[[], object], what: str, timeout_s: float = 60.0) -> None:
    """Wait until `condition` holds; fail, naming `what`, if it never does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)
