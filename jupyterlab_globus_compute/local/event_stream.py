"""``GET /v3/events``: state changes of tasks as server-sent events.

The format is the HTML standard's (https://html.spec.whatwg.org/multipage/server-sent-events.html).
The route is an extension of this service, advertised by ``GET /v2/version?service=all``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from .events import EventLog, Page

HEARTBEAT_S = 15.0
"""After so long without a change a comment is sent, which tells that both ends still live."""

MAX_CHANGES = 1000
"""The largest number of changes in one message."""

_BUSY_CHANGES = 32
_BUSY_PAUSE_S = 0.02


class EventStream(Response):
    """Sends what happens after a number until the client goes away or the service ends.

    One message holds all changes since the one before::

        id: 1764000000000042
        event: tasks
        data: {"tasks": [{"task_id": "...", "status": "running", "timestamp": 1764000000.1}]}

    The event ``reset`` instead of ``tasks`` means that changes have been missed.
    """

    media_type = "text/event-stream"

    def __init__(self, log: EventLog, since: int | None) -> None:
        """Follow ``log`` from the number ``since`` on, or from now."""
        super().__init__(headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._log = log
        self._number = log.last if since is None else since

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request (ASGI)."""
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        sending = asyncio.ensure_future(self._send_messages(send))
        leaving = asyncio.ensure_future(_disconnected(receive))
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _send_messages(self, send: Send) -> None:
        # The number to resume from, before anything has happened.
        text = f": follows task states\nid: {self._number}\n\n"
        while not self._log.is_closed:
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
            text = await self._next()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self) -> str:
        if not await self._log.wait(self._number, HEARTBEAT_S):
            return ": heartbeat\n\n"
        page = self._log.after(self._number, MAX_CHANGES)
        if len(page.changes) > _BUSY_CHANGES:
            # When much happens, more is about to: it then goes in one message.
            await asyncio.sleep(_BUSY_PAUSE_S)
            page = self._log.after(self._number, MAX_CHANGES)
        self._number = page.last
        return _message(page)


def _message(page: Page) -> str:
    tasks: list[dict[str, Any]] = [
        {"task_id": task_id, "status": state, "timestamp": timestamp}
        for task_id, state, timestamp in page.changes
    ]
    event = "tasks" if page.is_gapless else "reset"
    return f"id: {page.last}\nevent: {event}\ndata: {json.dumps({'tasks': tasks})}\n\n"


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
