"""Reads request bodies of bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import MAX_SUBMIT_BYTES, too_large

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY_BYTES = MAX_SUBMIT_BYTES + 1024 * 1024
"""A submission of the largest size still fits when written as JSON."""

_MAX_DISCARDED_BYTES = 64 * 1024 * 1024


async def read_body(request: Request) -> bytes:
    """Return the request's body.

    Raises:
        ApiError: it is larger than MAX_BODY_BYTES; no more than that is ever held in memory.
        starlette.requests.ClientDisconnect: the client went away.
    """
    chunks: list[bytes] = []
    received_bytes = 0
    async for chunk in request.stream():
        received_bytes += len(chunk)
        if received_bytes > _MAX_DISCARDED_BYTES:
            break
        if received_bytes > MAX_BODY_BYTES:
            # Most clients look at the answer only once they have sent everything, and a
            # closed connection would hide it: read on for a while, keeping nothing.
            chunks.clear()
        else:
            chunks.append(chunk)
    if received_bytes > MAX_BODY_BYTES:
        raise too_large("The request")
    return b"".join(chunks)
