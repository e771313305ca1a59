"""HTTP to a compute service: one request, one answer, no retries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders, HTTPInputError
from tornado.iostream import StreamBufferFullError
from tornado.simple_httpclient import HTTPTimeoutError, SimpleAsyncHTTPClient

if TYPE_CHECKING:
    from .connection import Connection

_MIB = 1024 * 1024

MAX_ANSWER_BYTES = 256 * _MIB
"""Room for `batch_status` over many results of up to 10 MiB each."""

_CONNECT_TIMEOUT_S = 5.0
_MAX_SIMULTANEOUS_REQUESTS = 64
# Tornado's stream and protocol errors have no common base.
_BROKEN = (HTTPClientError, HTTPInputError, OSError, StreamBufferFullError)
_UNAVAILABLE = 503
_OUTAGES = frozenset({502, _UNAVAILABLE, 504})
_NO_BODY_STATUSES = frozenset({204, 205})
# Seconds, or a date as RFC 9110 has it.
_RETRY_AFTER = re.compile(r"[0-9]{1,9}|[A-Za-z]{3}, [0-9A-Za-z :]{16,30}")
_FIRST_STATUS, _FIRST_REDIRECT, _FIRST_CLIENT_ERROR, _STATUS_END = 200, 300, 400, 600


class TransportError(Exception):
    """No usable answer came. The messages hold no part of the request."""


class NotSentError(TransportError):
    """The service cannot have seen the request: nobody listens at its address."""


class ConnectionBrokenError(TransportError):
    """The connection broke before the answer; the request may have arrived."""


class AnswerTimeoutError(TransportError):
    """No answer in time; the request may have arrived."""


class AnswerTooLargeError(TransportError):
    """The answer exceeds `MAX_ANSWER_BYTES`."""


class AnswerInvalidError(TransportError):
    """The answer is not JSON, or is a redirect: not the Compute API."""


class UnavailableError(TransportError):
    """What stands before the service answered in its place, with no JSON (RFC 9110, 15.6).

    `retry_after` is as in `ServiceAnswer`.
    """

    def __init__(self, status: int, retry_after: str | None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.retry_after = retry_after

    @property
    def may_have_arrived(self) -> bool:
        """Whether the service itself may have seen the request."""
        return self.status != _UNAVAILABLE


@dataclass(frozen=True)
class ServiceRequest:
    """What travels to a service; nothing else of the browser's request does.

    `path` has no leading slash, `query` no question mark. `body` is None for
    methods that have none. `content_type` and `accept` are header values.
    """

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    content_type: str = "application/json"
    accept: str = "application/json"


@dataclass(frozen=True)
class ServiceAnswer:
    """What travels back: the HTTP status and the JSON text, byte for byte.

    `retry_after` is the header of that name (RFC 9110, section 10.2.3), None
    where there is none or it is malformed.
    """

    status: int
    body: bytes
    retry_after: str | None = None
    demands_sign_in: bool = False
    """Whether the service has said, and the body says, what a sign-in would have to fulfil."""


class _AnswerSize:
    """Watches the announced size of an answer.

    Tornado only closes the connection on an answer over its limit, which
    would look like a connection that broke.
    """

    def __init__(self) -> None:
        self.exceeds_limit = False

    def __call__(self, header_line: str) -> None:
        name, _, value = header_line.partition(":")
        if name.strip().lower() == "content-length" and value.strip().isdecimal():
            self.exceeds_limit = int(value) > MAX_ANSWER_BYTES


class Transport:
    """Sends requests to services. Belongs to the event loop that it is first used in."""

    def __init__(self) -> None:
        self._client: SimpleAsyncHTTPClient | None = None

    async def send(
        self, connection: Connection, request: ServiceRequest, *, timeout_s: float
    ) -> ServiceAnswer:
        """Send one request with the connection's token.

        Raises a `TransportError` when no JSON answer came; every HTTP status
        of an answer is returned.
        """
        size = _AnswerSize()
        try:
            response = await self._opened().fetch(
                _http_request(connection, request, timeout_s, size), raise_error=False
            )
        except HTTPTimeoutError:
            raise AnswerTimeoutError(f"no answer within {timeout_s:g} s") from None
        except ConnectionRefusedError:
            raise NotSentError("connection refused") from None
        except _BROKEN as error:
            if size.exceeds_limit:
                raise AnswerTooLargeError(f"answer of over {MAX_ANSWER_BYTES:,} bytes") from None
            raise ConnectionBrokenError(f"broken off ({type(error).__name__})") from None
        return _service_answer(response)

    def close(self) -> None:
        """Let go of the sockets."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> SimpleAsyncHTTPClient:
        """The client, made on first use: before that no event loop may run yet."""
        if self._client is None:
            # The simple client by name: another extension may have configured
            # AsyncHTTPClient to be libcurl, whose errors do not tell a refused
            # connection from a broken one.
            self._client = SimpleAsyncHTTPClient(
                force_instance=True,
                max_clients=_MAX_SIMULTANEOUS_REQUESTS,
                max_body_size=MAX_ANSWER_BYTES,
                max_buffer_size=MAX_ANSWER_BYTES,
            )
        return self._client


def _http_request(
    connection: Connection, request: ServiceRequest, timeout_s: float, size: _AnswerSize
) -> HTTPRequest:
    headers = HTTPHeaders({"Authorization": f"Bearer {connection.token}"})
    headers["Accept"] = request.accept
    if request.body is not None:
        headers["Content-Type"] = request.content_type
    query = f"?{request.query}" if request.query else ""
    return HTTPRequest(
        f"{connection.url}/{request.path}{query}",
        method=request.method,
        headers=headers,
        body=request.body,
        connect_timeout=_CONNECT_TIMEOUT_S,
        request_timeout=timeout_s,
        follow_redirects=False,
        decompress_response=False,
        user_agent="jupyterlab-globus-compute",
        header_callback=size,
    )


def _service_answer(response: HTTPResponse) -> ServiceAnswer:
    status = response.code
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_redirect = _FIRST_REDIRECT <= status < _FIRST_CLIENT_ERROR
    retry_after: str | None = response.headers.get("Retry-After", "").strip()
    if _RETRY_AFTER.fullmatch(retry_after or "") is None:
        retry_after = None
    if status in _OUTAGES and media_type != "application/json":
        raise UnavailableError(status, retry_after)
    if (
        not _FIRST_STATUS <= status < _STATUS_END
        or is_redirect
        or status in _NO_BODY_STATUSES
        or media_type != "application/json"
    ):
        raise AnswerInvalidError(f"HTTP {status} of type {media_type[:80]!r}")
    return ServiceAnswer(status, response.body, retry_after)
