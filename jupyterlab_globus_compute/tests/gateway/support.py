"""What several test modules of the gateway use."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.httpclient import HTTPResponse

from jupyterlab_globus_compute.tests.local.service_process import is_running

if TYPE_CHECKING:
    from tornado.httputil import HTTPHeaders

Fetch = Callable[..., Awaitable[HTTPResponse]]

REPOSITORY = Path(__file__).parents[3]
JSON = "application/json"
UUID = "12345678-1234-1234-1234-123456789abc"
ERROR_KEYS = {"status", "code", "reason", "error_args", "http_status_code"}

_DEADLINE_S = 30.0
_POLL_S = 0.02


class StandIn:
    """The stand-in service as a test sees it: its plan, and what it wrote down."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "service"
        self.data_dir.mkdir(mode=0o700)
        self.python = folder / "python"
        script = Path(__file__).with_name("stand_in.py")
        run = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
        self.python.write_text(f"#!{sys.executable}\n{run}\n", encoding="utf-8")
        self.python.chmod(0o700)
        self.plan()

    def plan(
        self,
        answers: Mapping[str, dict[str, Any] | list[dict[str, Any]]] | None = None,
        *,
        starts: list[str] | None = None,
    ) -> None:
        """Say what the next starts and answers are.

        `answers` maps `METHOD path` to an answer, or to several of which the
        last stays for good. The probe of the version is always answered.
        """
        listed = {
            key: entry if isinstance(entry, list) else [entry]
            for key, entry in (answers or {}).items()
        }
        listed.setdefault("GET v2/version", [{"body": '"1.0.0"'}])
        plan = {"answers": listed, "starts": {"how": starts or ["normally"]}}
        (self.data_dir / "plan.json").write_text(json.dumps(plan), encoding="utf-8")

    def requests(self, target: str | None = None) -> list[dict[str, Any]]:
        """The requests that came, without the gateway's own probes unless asked for."""
        requests = _read_lines(self.data_dir / "requests.jsonl")
        if target is None:
            return [request for request in requests if request["target"] != "/v2/version"]
        return [request for request in requests if request["target"] == target]

    def starts(self) -> list[dict[str, Any]]:
        """The starts so far."""
        return _read_lines(self.data_dir / "starts.jsonl")

    def refusals(self) -> list[dict[str, Any]]:
        """The starts that found the folder's lock taken."""
        return _read_lines(self.data_dir / "refusals.jsonl")

    def assert_all_expected(self) -> None:
        """Fail if a request came that the plan does not list."""
        unexpected = [
            request["target"]
            for request in _read_lines(self.data_dir / "requests.jsonl")
            if not request["expected"]
        ]
        assert unexpected == []

    def running(self) -> list[int]:
        """The process ids of the starts that have not ended."""
        return [start["pid"] for start in self.starts() if is_running(start["pid"])]


@dataclass(frozen=True)
class Answer:
    """An answer of the Jupyter server."""

    status: int
    json: Any
    headers: HTTPHeaders

    def assert_error(self, status: int, code: str) -> None:
        """Check that this is an error in the API's shape."""
        assert self.status == status, self.json
        assert set(self.json) >= ERROR_KEYS
        assert self.json["status"] == "Failed"
        assert self.json["code"] == code
        assert self.json["http_status_code"] == status
        assert self.headers["Content-Type"].startswith(JSON)
        assert self.json["reason"]


class Api:
    """The gateway through a real Jupyter server, by its REST routes."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **kwargs: Any
    ) -> Answer:
        """Call `<base_url>/globus-compute/<path>`; `body` travels as JSON, `raw` as it is."""
        if body is not None:
            raw = json.dumps(body).encode()
        response = await self._fetch(
            "globus-compute",
            path,
            method=method,
            body=raw,
            raise_error=False,
            allow_nonstandard_methods=True,
            **{"request_timeout": _DEADLINE_S, **kwargs},
        )
        content = json.loads(response.body) if response.body else None
        return Answer(response.code, content, response.headers)

    async def local(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Answer:
        """Call the Compute API of the local service."""
        return await self.call(method, f"services/local/{path}", body, **kwargs)


async def eventually(condition: Callable[[], Any], what: str) -> Any:
    """Wait until `condition` holds and answer its value."""
    deadline = time.monotonic() + _DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not come about"
        await asyncio.sleep(_POLL_S)
    return value


def _read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
