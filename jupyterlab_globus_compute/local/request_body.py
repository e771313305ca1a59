"""Reads request bodies of bounded size."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.timeouts import timeout

from .errors import MAX_SUBMIT_BYTES, too_large, too_slow

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY_BYTES = MAX_SUBMIT_BYTES + 1024 * 1024
"""A submission of the largest size still fits when written as JSON."""

BODY_TIMEOUT_S = 30.0
"""How long a body may take to arrive: on this computer even the largest takes a second."""

_MAX_DISCARDED_BYTES = 64 * 1024 * 1024


async def read_body(request: Request) -> bytes:
    """Return the request's body.

    Raises:
        ApiError: it is larger than MAX_BODY_BYTES, or takes longer than BODY_TIMEOUT_S; no
            more than the former is ever held in memory.
        starlette.requests.ClientDisconnect: the client went away.
    """
    try:
        async with timeout(BODY_TIMEOUT_S):
            return await _read(request)
    except asyncio.TimeoutError as error:
        raise too_slow(BODY_TIMEOUT_S) from error


async def _read(request: Request) -> bytes:
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
