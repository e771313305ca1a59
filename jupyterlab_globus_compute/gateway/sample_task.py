"""A smallest task, to see whether an endpoint runs tasks."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .errors import GatewayError, answer_invalid
from .routes import find_route
from .transport import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .routes import Route
    from .transport import ServiceAnswer

_OK = 200
_PATIENCE_S = 120.0
_PAUSE_S = 1.0
_NAME = "connection_check"
_SOURCE = f"def {_NAME}():\n    return 1\n"


class SampleTask:
    """Registers a function, runs it once, and forgets it again."""

    def __init__(
        self, ask: Callable[[Route, ServiceRequest], Awaitable[ServiceAnswer]], endpoint: str
    ) -> None:
        self._ask = ask
        self._endpoint = endpoint

    async def run(self) -> str | None:
        """What went wrong, as a sentence; None if the task ended well.

        Raises `GatewayError` when the service gives no usable answer.
        """
        function = await self._call(
            "POST",
            "v3/functions",
            {"function_name": _NAME, "function_code": _SOURCE, "serialized": False},
        )
        function_id = str(function["function_uuid"])
        try:
            return await self._run(function_id)
        finally:
            with suppress(GatewayError):
                await self._call("DELETE", f"v2/functions/{function_id}", None)

    async def _run(self, function_id: str) -> str | None:
        payload = await asyncio.to_thread(_no_arguments)
        submitted = await self._call(
            "POST", f"v3/endpoints/{self._endpoint}/submit", {"tasks": {function_id: [payload]}}
        )
        ((task_id,),) = submitted["tasks"].values()
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            task = await self._call("GET", f"v2/tasks/{task_id}", None)
            match str(task.get("status")).lower():
                case "success":
                    return None
                case "failed":
                    return f"The task failed: {str(task.get('exception', ''))[-1000:].strip()}"
            await asyncio.sleep(_PAUSE_S)
        return f"The task had not ended after {_PATIENCE_S:g} seconds."

    async def _call(self, method: str, path: str, body: Any) -> dict[str, Any]:
        raw = None if body is None else json.dumps(body).encode()
        answer = await self._ask(find_route(method, path), ServiceRequest(method, path, body=raw))
        try:
            fields = json.loads(answer.body)
            if answer.status != _OK:
                raise GatewayError(answer.status, str(fields["code"]), str(fields["reason"]))
            if not isinstance(fields, dict):
                raise TypeError
        except (ValueError, LookupError, TypeError):
            raise answer_invalid(path) from None
        return fields


def _no_arguments() -> str:
    """The payload of a call without arguments, as the Python SDK packs it."""
    # Slow to import, and seldom needed.
    from globus_compute_sdk.serialize import ComputeSerializer  # noqa: PLC0415

    serializer = ComputeSerializer()
    return str(serializer.pack_buffers([serializer.serialize(()), serializer.serialize({})]))
