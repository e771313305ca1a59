"""Requests that no well-behaved client sends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class RawAnswer:
    """An answer: its status, and all of its bytes."""

    status: int
    text: bytes


async def send_raw(port: int, request_line: str, headers: dict[str, str]) -> RawAnswer:
    """Send these bytes to a port of this computer; status 0 if it just hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [request_line, *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
    await writer.drain()
    text = await asyncio.wait_for(reader.read(), 30.0)
    writer.close()
    words = text.split(b" ", 2)
    return RawAnswer(int(words[1]) if len(words) > 1 else 0, text)
