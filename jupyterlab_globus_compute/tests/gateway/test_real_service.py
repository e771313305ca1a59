"""The gateway over the real local service, which runs Globus Compute's own worker code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from globus_compute_sdk.serialize import ComputeSerializer

from jupyterlab_globus_compute.tests.gateway.support import UUID, Answer, Api, eventually
from jupyterlab_globus_compute.tests.local.service_process import LocalService, is_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_server.serverapp import ServerApp

_POLL_S = 0.02
_MIB = 1024 * 1024
WAIT_FOR_FILE = """
def f(path, value):
    import os, time
    while not os.path.exists(path):
        time.sleep(0.01)
    return value
"""


class Compute:
    """The Compute API as the browser uses it: through the gateway."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._serializer = ComputeSerializer()

    def payload(self, *args: object) -> str:
        """Packed arguments."""
        parts = [self._serializer.serialize(args), self._serializer.serialize({})]
        return str(self._serializer.pack_buffers(parts))

    async def endpoint_id(self) -> str:
        """The id of the service's endpoint."""
        (endpoint,) = (await self.expect("GET", "v2/endpoints")).json
        return str(endpoint["uuid"])

    async def register(self, source: str) -> str:
        """Register the function `f` of a source text."""
        body = {"function_name": "f", "function_code": source, "serialized": False, "meta": {}}
        return str((await self.expect("POST", "v3/functions", body)).json["function_uuid"])

    async def submit(self, function_id: str, *calls: tuple[object, ...]) -> list[str]:
        """Submit one task for each tuple of arguments."""
        path = f"v3/endpoints/{await self.endpoint_id()}/submit"
        body = {"tasks": {function_id: [self.payload(*call) for call in calls]}}
        return list((await self.expect("POST", path, body)).json["tasks"][function_id])

    async def finished(self, task_ids: list[str]) -> list[dict[str, Any]]:
        """Wait until the tasks have ended."""
        while True:
            answer = await self.expect("POST", "v2/batch_status", {"task_ids": task_ids})
            tasks = [answer.json["results"][task_id] for task_id in task_ids]
            if all(task["status"] in ("success", "failed") for task in tasks):
                return tasks
            await asyncio.sleep(_POLL_S)

    async def call(self, source: str, *args: object) -> Any:
        """Run the function `f` of a source text and return its value."""
        (task,) = await self.finished(await self.submit(await self.register(source), args))
        return self.value(task)

    def value(self, task: dict[str, Any]) -> Any:
        """The value of a task that succeeded."""
        assert task["status"] == "success", task
        return self._serializer.deserialize(task["result"])

    async def expect(self, method: str, path: str, body: Any = None) -> Answer:
        """A request that succeeds."""
        answer = await self.api.local(method, path, body)
        assert answer.status == 200, answer
        return answer


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The folder of the service."""
    return tmp_path / "real"


@pytest.fixture
def extension_traits(data_dir: Path) -> dict[str, Any]:
    """The extension's configuration: the real service."""
    return {"local_data_dir": str(data_dir), "local_workers": 1}


@pytest.fixture
def compute(api: Api) -> Compute:
    """The Compute API through the gateway."""
    return Compute(api)


@pytest.fixture(scope="module")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A service that was not started by the gateway."""
    with LocalService(tmp_path_factory.mktemp("shared") / "data", workers=1) as service:
        yield service


def service_pid(data_dir: Path) -> int:
    """The process id of the service that runs on a folder."""
    return int(json.loads((data_dir / "service.json").read_text(encoding="utf-8"))["pid"])


async def test_a_batch_runs_from_first_use_to_the_servers_end(
    compute: Compute, data_dir: Path, jp_serverapp: ServerApp
) -> None:
    assert data_dir not in data_dir.parent.iterdir()
    source = "def f(x):\n    import os\n    print('seen')\n    return (x * x, os.getpid())\n"
    task_ids = await compute.submit(await compute.register(source), (2,), (3,), (4,))
    values = [compute.value(task) for task in await compute.finished(task_ids)]
    assert [value for value, _ in values] == [4, 9, 16]
    worker_pids = {pid for _, pid in values}
    assert all(is_running(pid) for pid in worker_pids)

    # The server must not wait for a task that never ends.
    await compute.submit(await compute.register("def f():\n    while True:\n        pass\n"), ())
    pid = service_pid(data_dir)
    await jp_serverapp.cleanup_extensions()
    assert not is_running(pid)
    await eventually(lambda: not any(map(is_running, worker_pids)), "the workers' end")
    assert not (data_dir / "service.json").exists()


async def test_a_result_survives_the_death_of_the_service(
    compute: Compute, data_dir: Path, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    endpoint_id = await compute.endpoint_id()
    function_id = await compute.register(WAIT_FOR_FILE)
    task_ids = await compute.submit(function_id, (str(go), "first"), (str(go), "second"))
    killed = service_pid(data_dir)
    os.kill(killed, signal.SIGKILL)
    go.touch()
    tasks = await compute.finished(task_ids)
    assert [compute.value(task) for task in tasks] == ["first", "second"]
    assert await compute.endpoint_id() == endpoint_id
    assert service_pid(data_dir) != killed


async def test_many_requests_at_the_moment_of_death_are_all_answered(
    compute: Compute, data_dir: Path
) -> None:
    task_ids = await compute.submit(await compute.register("def f(x):\n    return x\n"), (1,))
    await compute.finished(task_ids)
    os.kill(service_pid(data_dir), signal.SIGKILL)
    body = {"task_ids": task_ids}
    answers = await asyncio.gather(
        *(compute.api.local("POST", "v2/batch_status", body) for _ in range(20))
    )
    values = [compute.value(answer.json["results"][task_ids[0]]) for answer in answers]
    assert values == [1] * 20


class TestDefaultFolder:
    @pytest.fixture
    def extension_traits(self) -> dict[str, Any]:
        return {"local_workers": 1}

    async def test_the_service_lives_in_jupyters_data_folder(
        self, compute: Compute, jp_data_dir: Path
    ) -> None:
        await compute.endpoint_id()
        folder = jp_data_dir / "globus-compute" / "local"
        assert is_running(service_pid(folder))
        assert stat.S_IMODE((folder / "service.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


class TestAttached:
    """Requests to a service that runs already, which these tests share."""

    @pytest.fixture
    def data_dir(self, shared_service: LocalService) -> Path:
        return shared_service.data_dir

    async def test_the_services_answers_arrive_unchanged(
        self, compute: Compute, shared_service: LocalService
    ) -> None:
        function_id = await compute.register("def f():\n    raise ValueError('bad 7')\n")
        task_ids = await compute.submit(function_id, ())
        await compute.finished(task_ids)
        for method, path, body in [
            ("GET", f"v2/tasks/{task_ids[0]}", None),
            ("POST", "v2/batch_status", {"task_ids": task_ids}),
            ("GET", f"v2/functions/{function_id}", None),
            ("GET", "v2/version", None),
            ("GET", f"v2/endpoints/{await compute.endpoint_id()}", None),
            ("GET", f"v2/tasks/{uuid.uuid4()}", None),
        ]:
            through = await compute.api.local(method, path, body)
            direct = shared_service.request(method, f"/{path}", body)
            assert (through.status, through.json) == (direct.status, direct.body), path
        through = await compute.api.local("GET", "v2/version", params={"service": "all"})
        direct = shared_service.request("GET", "/v2/version?service=all")
        assert through.json == direct.body

    async def test_a_large_answer_passes(self, compute: Compute) -> None:
        function_id = await compute.register("def f(n):\n    return 'x' * n\n")
        task_ids = await compute.submit(function_id, *[(7 * _MIB,)] * 4)
        values = [compute.value(task) for task in await compute.finished(task_ids)]
        assert [len(value) for value in values] == [7 * _MIB] * 4

    @pytest.mark.parametrize(
        ("path", "raw", "statuses"),
        [
            ("v3/functions", b"", {400}),
            ("v3/functions", b"{", {400}),
            ("v3/functions", b"\xff", {400}),
            ("v3/functions", b"[]", {422}),
            ("v3/functions", b"{}", {400, 422}),
            ("v3/functions", b'{"function_name": 1, "function_code": []}', {400, 422}),
            ("v3/functions", b'{"function_name": "f", "function_code": "\\ud800"}', {400, 422}),
            ("v2/batch_status", b"{}", {400, 422}),
            ("v2/batch_status", b'{"task_ids": "all"}', {400, 422}),
            ("v2/batch_status", b'{"task_ids": [1]}', {400, 422}),
            ("v2/batch_status", b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}", {400}),
            ("submit", b"{}", {400, 422}),
            ("submit", b'{"tasks": []}', {400, 422}),
            ("submit", b'{"tasks": {"no-uuid": ["x"]}}', {400, 404, 422}),
            ("submit", b'{"tasks": {"%s": ["x"]}}' % UUID.encode(), {404}),
            ("submit", b'{"tasks": {"%s": [7]}}' % UUID.encode(), {400, 404, 422}),
            (f"v3/endpoints/{UUID}/submit", b'{"tasks": {}}', {400, 404, 422}),
            ("submit", b'{"tasks": {"a": ["%s"]}}' % (b"x" * (10 * _MIB + 512)), {413, 422}),
            ("submit", b'{"tasks": {"a": ["%s"]}}' % (b"x" * (12 * _MIB)), {413}),
        ],
        ids=lambda value: repr(value)[:60],
    )
    async def test_bad_input_is_refused_and_the_next_request_works(
        self, compute: Compute, path: str, raw: bytes, statuses: set[int]
    ) -> None:
        if path == "submit":
            path = f"v3/endpoints/{await compute.endpoint_id()}/submit"
        answer = await compute.api.local("POST", path, raw=raw)
        assert answer.status in statuses, answer
        answer.assert_error(answer.status, answer.json["code"])
        assert await compute.call("def f(x):\n    return x + 1\n", 1) == 2

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", f"v2/functions/{UUID}"),
            ("DELETE", f"v2/functions/{UUID}"),
            ("GET", f"v2/tasks/{UUID}"),
            ("GET", f"v2/taskgroup/{UUID}"),
            ("GET", f"v2/endpoints/{UUID}"),
            ("GET", f"v2/endpoints/{UUID}/status"),
            ("GET", f"v3/endpoints/{UUID}/allowed_functions"),
        ],
    )
    async def test_unknown_ids_are_not_found(
        self, compute: Compute, method: str, path: str
    ) -> None:
        answer = await compute.api.local(method, path)
        answer.assert_error(404, answer.json["code"])
        await compute.endpoint_id()
