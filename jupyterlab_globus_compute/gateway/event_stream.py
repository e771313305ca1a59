"""Reading a stream of server-sent events from a compute service.

The format is the HTML standard's
(https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import (
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.tcpclient import TCPClient

from jupyterlab_globus_compute.timeouts import timeout

from .transport import AnswerInvalidError, ConnectionBrokenError, NotSentError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Iterator

    from tornado.iostream import IOStream

    from .connection import Connection

IDLE_TIMEOUT_S = 45.0
"""A service sends something every 15 s; three times as long without means that it is gone."""

_CONNECT_TIMEOUT_S = 5.0
_MAX_EVENT_BYTES = 16 * 1024 * 1024
_OK = 200


class StreamRefusedError(AnswerInvalidError):
    """The service answered, but with no stream. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} instead of a stream of events")
        self.status = status


@dataclass(frozen=True)
class ServerSentEvent:
    """One event; a comment, which says only that the service lives, is none.

    `id` is the last one that the stream named, in this event or before, and
    `data` is empty where only an id was given.
    """

    id: str
    event: str
    data: str


class EventParser:
    """Takes the bytes as they come and gives the events as they are complete."""

    def __init__(self) -> None:
        self._rest = b""
        self._id = ""
        self._event = ""
        self._data: list[str] = []
        self._is_id_new = False

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """The events that end in this chunk.

        Raises `ValueError` for text that is not UTF-8, or an event of more
        than 16 MiB.
        """
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _MAX_EVENT_BYTES:
            raise ValueError("an event is too large")
        for line in lines:
            event = self._take(line.rstrip(b"\r").decode("utf-8"))
            if event is not None:
                yield event

    def _take(self, line: str) -> ServerSentEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            self._id, self._is_id_new = value, True
        elif name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        event = ServerSentEvent(self._id, self._event or "message", "\n".join(self._data))
        is_worth_telling = bool(self._data) or self._is_id_new
        self._event, self._data, self._is_id_new = "", [], False
        return event if is_worth_telling else None


async def read_events(
    connection: Connection,
    path: str,
    last_id: str | None,
    *,
    idle_timeout_s: float = IDLE_TIMEOUT_S,
) -> AsyncGenerator[ServerSentEvent, None]:
    """The events of `path` (no leading slash) after `last_id`, until the stream ends.

    To stop reading is to close the connection. Raises a `TransportError` when
    there is no stream, or when it breaks or falls silent.
    """
    stream = await _connected(connection)
    reading: asyncio.Future[bool] | None = None
    try:
        http = HTTP1Connection(
            stream,
            is_client=True,
            # The stream has no end, so its size has no limit; each event's has.
            params=HTTP1ConnectionParameters(no_keep_alive=True, max_body_size=sys.maxsize),
        )
        body = _Body()
        await http.write_headers(
            RequestStartLine("GET", _target(connection, path), ""), _headers(connection, last_id)
        )
        http.finish()
        reading = asyncio.ensure_future(http.read_response(body))
        reading.add_done_callback(body.end)
        parser = EventParser()
        while True:
            async with timeout(idle_timeout_s):
                chunk = await body.chunks.get()
            if not chunk:
                break
            for event in parser.feed(chunk):
                yield event
            body.chunks.task_done()
    except asyncio.TimeoutError:
        raise ConnectionBrokenError("the stream of events fell silent") from None
    except ValueError as error:
        raise AnswerInvalidError(f"no stream of events: {type(error).__name__}") from None
    except OSError as error:
        raise ConnectionBrokenError(f"broken off ({type(error).__name__})") from None
    finally:
        stream.close()
        if reading is not None:
            reading.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await reading
    if not body.status:
        raise ConnectionBrokenError("broken off before the answer")
    if not body.is_stream:
        raise StreamRefusedError(body.status)


class _Body(HTTPMessageDelegate):
    """The body of an answer, as chunks; an empty one is its end."""

    def __init__(self) -> None:
        self.status = 0
        self.is_stream = False
        self.chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        if isinstance(start_line, ResponseStartLine):
            self.status = start_line.code
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        self.is_stream = self.status == _OK and media_type == "text/event-stream"

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        if not self.is_stream:
            return None
        self.chunks.put_nowait(chunk)
        # The next one only when this has been read: a slow reader slows the service down.
        return self.chunks.join()

    def end(self, _reading: asyncio.Future[bool]) -> None:
        """Nothing more will come, however it ended."""
        self.chunks.put_nowait(b"")


async def _connected(connection: Connection) -> IOStream:
    parts = urlsplit(connection.url)
    is_secure = parts.scheme == "https"
    try:
        return await TCPClient().connect(
            parts.hostname or "",
            parts.port or (443 if is_secure else 80),
            ssl_options=ssl.create_default_context() if is_secure else None,
            timeout=_CONNECT_TIMEOUT_S,
        )
    except ConnectionRefusedError:
        raise NotSentError("connection refused") from None
    except (OSError, asyncio.TimeoutError) as error:
        raise ConnectionBrokenError(f"not connected ({type(error).__name__})") from None


def _target(connection: Connection, path: str) -> str:
    return f"{urlsplit(connection.url).path.rstrip('/')}/{path}"


def _headers(connection: Connection, last_id: str | None) -> HTTPHeaders:
    headers = HTTPHeaders(
        {
            "Host": urlsplit(connection.url).netloc,
            "Authorization": f"Bearer {connection.token}",
            "Accept": "text/event-stream",
            "Connection": "close",
            "User-Agent": "jupyterlab-globus-compute",
        }
    )
    if last_id is not None:
        headers["Last-Event-ID"] = last_id
    return headers
