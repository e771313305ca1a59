"""Requests that must not pass, sent to a real Jupyter server.

What comes without a token, with a wrong one or without the XSRF header is in
`test_authorization.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_globus_compute.tests.gateway.elsewhere import Elsewhere
from jupyterlab_globus_compute.tests.gateway.raw_request import RawAnswer, send_raw
from jupyterlab_globus_compute.tests.gateway.support import UUID, Api, StandIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jupyter_server.serverapp import ServerApp
    from tornado.websocket import WebSocketClientConnection

    WsFetch = Callable[..., Awaitable[WebSocketClientConnection]]

TRICKS = [
    "services/local/v2/tasks/../version",
    "services/local/../local/v2/version",
    "services/local/./v2/version",
    "services/local/v2/tasks/%2e%2e/version",
    "services/local/v2/tasks/%2E%2E%2Fversion",
    f"services/local/v2/tasks/{UUID}%2f..%2f..%2fversion",
    f"services/local/v2/tasks/{UUID}%252e",
    f"services/local/v2/tasks/{UUID}/../../version",
    f"services/local/v2/tasks/{UUID}%00",
    f"services/local/v2/tasks/{UUID}%0d%0aHost:%20elsewhere",
    f"services/local/v2/tasks/{UUID};v2/version",
    f"services/local/v2/tasks/{UUID}#/v2/version",
    "services/local//v2/version",
    "services/local/%2fv2/version",
    "services/local/v2%2fversion/",
    "services/local/v2%5cversion",
    "services/local/v2\\version",
    "services/local/V2/version",
    "services/local/openapi.json",
    "services/local/v3/events",
    "services/local/v2/get_amqp_result_connection_url",
    "services/local/v2/endpoints/lock",
    "services/local/@{elsewhere}/v2/version",
    "services/local/http://{elsewhere}/v2/version",
    "services/local//{elsewhere}/v2/version",
    "services/http://{elsewhere}/v2/version",
    "services/http%3A%2F%2F{elsewhere}/v2/version",
    "services/local@{elsewhere}/v2/version",
    "services/local.{elsewhere}/v2/version",
    "services/{elsewhere}/v2/version",
    "services/%2e%2e/v2/version",
    "services/../services/nowhere/v2/version",
]


class RawServer:
    """The Jupyter server, with its token, as bytes on a socket."""

    def __init__(self, serverapp: ServerApp) -> None:
        self.port = serverapp.port
        self.root = f"{serverapp.base_url}globus-compute/"
        self.host = f"127.0.0.1:{self.port}"
        self._token = serverapp.identity_provider.token

    async def send(self, method: str, target: str, **headers: str) -> RawAnswer:
        """Send a request line with the token."""
        everything = {"Host": self.host, "Authorization": f"token {self._token}", **headers}
        return await send_raw(self.port, f"{method} {target} HTTP/1.1", everything)


@pytest.fixture
def raw_server(jp_serverapp: ServerApp, api: Api) -> RawServer:
    """The server, which is up when its fixtures are."""
    return RawServer(jp_serverapp)


@pytest.mark.parametrize("path", TRICKS)
async def test_no_other_path_or_host(raw_server: RawServer, stand_in: StandIn, path: str) -> None:
    async with Elsewhere() as elsewhere:
        target = raw_server.root + path.format(elsewhere=elsewhere.host)
        answer = await raw_server.send("GET", target)
        assert answer.status in (0, 400, 404, 405), answer.text
        assert elsewhere.heard == []
    assert stand_in.starts() == []


@pytest.mark.parametrize(
    "target",
    [
        "http://{elsewhere}/v2/version",
        "http://{elsewhere}{root}services/local/v2/version",
        "http://{host}{root}services/local/v2/version",
        "https://{host}{root}services/local/v2/version",
        "//{elsewhere}{root}services/local/v2/version",
        "{elsewhere}",
        "*",
    ],
)
@pytest.mark.parametrize("method", ["GET", "CONNECT"])
async def test_no_absolute_address_in_the_request_line(
    raw_server: RawServer, stand_in: StandIn, method: str, target: str
) -> None:
    async with Elsewhere() as elsewhere:
        names = {"host": raw_server.host, "root": raw_server.root, "elsewhere": elsewhere.host}
        answer = await raw_server.send(method, target.format(**names))
        # Jupyter may send a double slash away, to a path of its own.
        assert answer.status in (0, 302, 400, 403, 404, 405), answer.text
        assert b"location: http" not in answer.text.lower()
        assert elsewhere.heard == []
    assert stand_in.starts() == []


async def test_no_foreign_host(raw_server: RawServer, stand_in: StandIn) -> None:
    target = f"{raw_server.root}services/local/v2/version"
    answer = await raw_server.send("GET", target, Host="rebound.example")
    assert answer.status == 403
    assert stand_in.starts() == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("scheme", ["http://", "//"])
async def test_no_redirect_is_followed(
    api: Api, stand_in: StandIn, status: int, scheme: str
) -> None:
    async with Elsewhere() as elsewhere:
        location = f"{scheme}{elsewhere.host}/v2/endpoints"
        planned = {"status": status, "headers": {"Location": location}}
        stand_in.plan({"GET v2/endpoints": planned})
        answer = await api.local("GET", "v2/endpoints")
        answer.assert_error(502, "INVALID_ANSWER")
        assert "Location" not in answer.headers
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "services/local/v2/batch_status"),
        ("POST", f"services/local/v3/endpoints/{UUID}/submit"),
        ("PUT", f"batches/{UUID}"),
        ("POST", f"batches/{UUID}/landing"),
        ("POST", "follow"),
    ],
)
async def test_no_oversized_body(api: Api, stand_in: StandIn, method: str, path: str) -> None:
    raw = b'{"a": "' + b"x" * (17 * 2**20) + b'"}'
    answer = await api.call(method, path, raw=raw)
    answer.assert_error(413, answer.json["code"])
    assert stand_in.starts() == []


async def test_no_foreign_method(raw_server: RawServer, stand_in: StandIn) -> None:
    for method in ("TRACE", "PROPFIND", "get"):
        answer = await raw_server.send(method, f"{raw_server.root}services/local/v2/version")
        assert answer.status in (400, 405, 501), answer.text
    assert stand_in.starts() == []


class TestSockets:
    """The WebSocket of events."""

    @pytest.mark.parametrize(
        "origin",
        [
            "http://elsewhere.example",
            "null",
            "http://{host}.elsewhere.example",
            "http://elsewhere.example@{host}:1",
            "http://127.0.0.1:1",
        ],
    )
    async def test_no_foreign_origin(
        self, raw_server: RawServer, jp_ws_fetch: WsFetch, origin: str
    ) -> None:
        headers = {"Origin": origin.format(host=f"localhost:{raw_server.port}")}
        with pytest.raises(HTTPClientError) as raised:
            await jp_ws_fetch("globus-compute", "events", headers=headers)
        assert raised.value.code == 403

    @pytest.mark.parametrize("authorization", ["", "token wrong", "Bearer wrong"])
    async def test_none_without_a_token(
        self, raw_server: RawServer, jp_ws_fetch: WsFetch, authorization: str
    ) -> None:
        with pytest.raises(HTTPClientError) as raised:
            await jp_ws_fetch("globus-compute", "events", headers={"Authorization": authorization})
        assert raised.value.code == 403
        assert raised.value.response is not None
        assert json.loads(raised.value.response.body)["code"] == "FORBIDDEN"

    async def test_its_own_origin_passes(self, raw_server: RawServer, jp_ws_fetch: WsFetch) -> None:
        # The host that the fixture connects to.
        headers = {"Origin": f"http://localhost:{raw_server.port}"}
        socket = await jp_ws_fetch("globus-compute", "events", headers=headers)
        await socket.write_message(json.dumps({"type": "subscribe", "since": None}))
        message: Any = await socket.read_message()
        assert json.loads(message)["type"] == "hello"
        socket.close()
