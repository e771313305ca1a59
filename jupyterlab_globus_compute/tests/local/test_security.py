"""Who is answered: holders of the token, under the service's own name, from no other origin."""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .service_process import LocalService

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
