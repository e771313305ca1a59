"""Who is answered: holders of the token, under the service's own name, from no other origin."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
from typing import TYPE_CHECKING

import psutil
import pytest

from .service_process import TIMEOUT_S, LocalService, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 1024 * 1024

PATHS = ["/v2/version", "/v2/endpoints", "/v2/batch_status", "/nowhere", "/", "/docs"]


def port_of(service: LocalService) -> int:
    return int(service.address["url"].rpartition(":")[2])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "{token}"]
)
def test_without_the_token(
    service: LocalService, method: str, path: str, authorization: str | None
) -> None:
    if authorization is not None:
        authorization = authorization.format(token=service.address["token"])
    answer = service.request(method, path, headers={"Authorization": authorization})
    assert answer.status == 401
    assert answer.body["code"] == "USER_UNAUTHENTICATED"
    assert answer.body["http_status_code"] == 401
    assert service.address["token"] not in str(answer.body)


def test_a_token_in_any_characters_is_compared(service: LocalService) -> None:
    answer = service.request("GET", "/v2/version", headers={"Authorization": "Bearer \xe9\xff"})
    assert answer.status == 401


def test_the_token_is_new_at_each_start(own_service: LocalService) -> None:
    first = own_service.address["token"]
    own_service.stop()
    own_service.start()
    assert own_service.address["token"] != first
    headers = {"Authorization": f"Bearer {first}"}
    assert own_service.request("GET", "/v2/version", headers=headers).status == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "[::1]:{port}"]
)
def test_another_host(service: LocalService, host: str) -> None:
    headers = {"Host": host.format(port=port_of(service))}
    answer = service.request("GET", "/v2/version", headers=headers)
    assert answer.status == 403
    assert answer.body["code"] == "HOST_FORBIDDEN"


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_its_own_hosts(service: LocalService, host: str) -> None:
    headers = {"Host": host.format(port=port_of(service))}
    assert service.request("GET", "/v2/version", headers=headers).status == 200


def test_two_hosts(service: LocalService) -> None:
    port = port_of(service)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            f"GET /v2/version HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n"
            f"Authorization: Bearer {service.address['token']}\r\n\r\n".encode()
        )
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status in (400, 403)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_another_origin(service: LocalService, origin: str) -> None:
    answer = service.request("POST", "/v2/batch_status", {}, headers={"Origin": origin})
    assert answer.status == 403
    assert answer.body["code"] == "ORIGIN_FORBIDDEN"


def test_its_own_origin(service: LocalService) -> None:
    headers = {"Origin": service.address["url"]}
    assert service.request("GET", "/v2/version", headers=headers).status == 200


def test_no_permission_is_ever_given_to_other_origins(service: LocalService) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    connection = http.client.HTTPConnection("127.0.0.1", port_of(service))
    connection.request("OPTIONS", "/v2/batch_status", headers=headers)
    response = connection.getresponse()
    names = {name.lower() for name, _ in response.getheaders()}
    connection.close()
    assert response.status == 403
    assert not [name for name in names if name.startswith("access-control")]


def test_it_listens_on_the_loopback_address_only(service: LocalService) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)}
    # The whole of 127.0.0.0/8 is loopback; the service is at 127.0.0.1 alone.
    for address in {"127.0.0.2", "::1", *map(str, others)} - {"127.0.0.1"}:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            assert probe.connect_ex((address, port_of(service))) != 0


def test_what_is_no_http_is_survived(service: LocalService) -> None:
    for nonsense in (b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\0" * 100_000):
        with socket.create_connection(("127.0.0.1", port_of(service))) as connection:
            connection.sendall(nonsense)
    assert service.request("GET", "/v2/version").status == 200
    assert service.address["token"] not in service.stderr()


@pytest.mark.parametrize(
    "query", ["token={token}", "access_token={token}", "authorization=Bearer%20{token}"]
)
def test_a_token_in_the_query_counts_for_nothing(service: LocalService, query: str) -> None:
    path = f"/v2/version?{query.format(token=service.address['token'])}"
    answer = service.request("GET", path, headers={"Authorization": None})
    assert answer.status == 401
    assert service.address["token"] not in service.stderr()


@pytest.mark.parametrize(
    "path",
    [
        "//v2/version",
        "/v2//version",
        "/./v2/version",
        "/v3/../v2/version",
        "/%2e%2e/v2/version",
        "/v2/version;x",
        "/v2/version%00",
        "/v2\\version",
        "/V2/VERSION",
        "/openapi.json/../../service.json",
        "/service.json",
        "/../../../../etc/passwd",
        "/v2/functions/..%2f..%2f..%2fservice.json",
        "/v2/tasks/%2e%2e%2f%2e%2e",
        "/v2/containers/build/../x",
    ],
)
def test_tricks_with_the_path(service: LocalService, path: str) -> None:
    for headers, statuses in (({"Authorization": None}, {401}), ({}, {404, 422})):
        answer = service.request("GET", path, headers=headers)
        assert answer.status in statuses
        assert "root:" not in str(answer.body)
        assert service.address["token"] not in str(answer.body)


def test_a_whole_url_as_the_path(service: LocalService) -> None:
    """As proxies are asked: nothing is fetched from elsewhere, and no route is found."""
    for url in ("http://evil.example/v2/version", f"{service.address['url']}/v2/version"):
        status = raw_status(service, f"GET {url} HTTP/1.1")
        assert status in (400, 403, 404)


def raw_status(service: LocalService, first_line: str) -> int:
    """Send a request whose first line no client would send, and return the status."""
    port = port_of(service)
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        token = service.address["token"]
        lines = [first_line, f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}"]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status


def memory_bytes(service: LocalService) -> int:
    return int(psutil.Process(service.address["pid"]).memory_info().rss)


@pytest.mark.parametrize("authorization", ["Bearer wrong", "Bearer {token}"])
def test_bodies_of_100_mb_are_refused(service: LocalService, authorization: str) -> None:
    before = memory_bytes(service)
    port = port_of(service)
    chunk = b"x" * MIB
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            f"POST /v2/batch_status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: {authorization.format(token=service.address['token'])}\r\n"
            f"Content-Length: {100 * MIB}\r\n\r\n".encode()
        )
        # The service may close the connection before it has all.
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                connection.sendall(chunk)
        with contextlib.suppress(ConnectionError):
            answer = connection.recv(64)
            assert answer == b"" or answer.split()[1] in (b"401", b"413")
    assert service.request("GET", "/v2/version").status == 200
    assert memory_bytes(service) - before < 50 * MIB


IMPATIENCE = """
from jupyterlab_globus_compute.local import http_protocol, request_body
http_protocol.REQUEST_HEAD_TIMEOUT_S = 0.5
http_protocol.MAX_CONNECTIONS = 40
request_body.BODY_TIMEOUT_S = 0.5
"""


@pytest.fixture(scope="module")
def impatient_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A service that waits half a second for what it otherwise waits for longer."""
    data_dir = tmp_path_factory.mktemp("impatient") / "data"
    with LocalService(data_dir, prelude=IMPATIENCE) as service:
        yield service


def trickle(connection: socket.socket) -> bytes:
    """Send a byte now and then until the other side has answered or closed."""
    received = b""

    def ended() -> bool:
        nonlocal received
        readable, _, _ = select.select([connection], [], [], 0)
        if readable:
            chunk = connection.recv(65536)
            received += chunk
            return chunk == b""
        connection.sendall(b"x")
        return False

    with contextlib.suppress(ConnectionError):
        wait_until(ended, "the connection is closed")
    return received


@pytest.mark.parametrize("start", ["", "GET ", "GET /v2/version HTTP/1.1\r\nX-Slow: "])
def test_slow_heads_are_given_up(impatient_service: LocalService, start: str) -> None:
    port = port_of(impatient_service)
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(start.encode())
        received = trickle(connection)
    assert b" 200 " not in received
    assert impatient_service.request("GET", "/v2/version").status == 200


@pytest.mark.parametrize(("token", "status"), [("wrong", b"401"), (None, b"408")])
def test_slow_bodies_are_given_up(
    impatient_service: LocalService, token: str | None, status: bytes
) -> None:
    port = port_of(impatient_service)
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            f"POST /v2/batch_status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Authorization: Bearer {token or impatient_service.address['token']}\r\n"
            "Content-Length: 100000\r\n\r\n".encode()
        )
        assert trickle(connection).split()[1] == status
    assert impatient_service.request("GET", "/v2/version").status == 200


def test_many_idle_connections_do_not_keep_others_out(impatient_service: LocalService) -> None:
    port = port_of(impatient_service)
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
            stack.enter_context(contextlib.closing(connection))
        assert impatient_service.request("GET", "/v2/version").status == 200
        ends = psutil.Process(impatient_service.address["pid"]).net_connections()
        assert sum(end.status == psutil.CONN_ESTABLISHED for end in ends) <= 41
    assert "Traceback" not in impatient_service.stderr()
