"""HTTP connections that cannot be held open by doing nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

REQUEST_HEAD_TIMEOUT_S = 10.0
"""How long the head of a request may take to arrive, however steadily it trickles in."""

WRITE_STALL_TIMEOUT_S = 30.0
"""How long a client may leave an answer that no buffer holds any more unread."""

MAX_CONNECTIONS = 256
"""How many connections may be open; the oldest one that waits for a request makes room."""


class HttpProtocol(H11Protocol):
    """uvicorn's protocol, with time limits where it has none.

    Anybody on this machine can open connections; without limits they could use up the
    service's descriptors without ever knowing its token.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for a request (asyncio)."""
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > MAX_CONNECTIONS:
            min(self._all_waiting(), key=HttpProtocol._deadline, default=self).abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers (asyncio)."""
        super().connection_lost(exc)
        self._stop_head_timer()
        self._stop_stall_timer()

    def data_received(self, data: bytes) -> None:
        """Take data in; the time limit ends with the head of a request (asyncio)."""
        # Also what still arrives of a body whose request has been answered.
        self._await_head()
        super().data_received(data)
        if self._is_answering():
            self._stop_head_timer()

    def pause_writing(self) -> None:
        """Give the client some time to read on (asyncio)."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(WRITE_STALL_TIMEOUT_S, self.abort)

    def resume_writing(self) -> None:
        """Note that the client reads on (asyncio)."""
        self._stop_stall_timer()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Wait for the next request (uvicorn)."""
        super().on_response_complete()
        if self.cycle.response_complete:
            # uvicorn closes connections that stay idle by itself.
            self._stop_head_timer()

    def abort(self) -> None:
        """Close the connection, whatever is still to be sent."""
        # At once, not when asyncio gets to say that it is lost: it is not to be chosen again.
        self.connections.discard(self)
        self._stop_head_timer()
        self.transport.abort()

    def _all_waiting(self) -> list[HttpProtocol]:
        return [
            other
            for other in self.connections
            if isinstance(other, HttpProtocol) and other._head_timer is not None
        ]

    def _deadline(self) -> float:
        return float("inf") if self._head_timer is None else self._head_timer.when()

    def _is_answering(self) -> bool:
        # uvicorn declares it as never None, and makes it None.
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(REQUEST_HEAD_TIMEOUT_S, self.abort)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None


def http_protocol() -> type[asyncio.Protocol]:
    """Return the class as uvicorn's configuration takes it."""
    return cast("type[asyncio.Protocol]", HttpProtocol)
