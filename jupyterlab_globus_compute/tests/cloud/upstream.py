"""The project's local service, which runs the tasks behind the stand-in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .errors import RefusalError

if TYPE_CHECKING:
    import httpx


class Upstream:
    """Sends requests on with the local service's own token."""

    def __init__(self, address: dict[str, Any], http: httpx.AsyncClient) -> None:
        """``address`` is the line that the local service prints when it has started."""
        self.endpoint_id = str(address["endpoint_id"])
        self._url = str(address["url"])
        self._headers = {"Authorization": f"Bearer {address['token']}"}
        self._http = http

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON value of an answer.

        Raises:
            RefusalError: the local service refuses.
        """
        answer = await self._http.request(
            method,
            f"{self._url}{path}",
            content=None if body is None else json.dumps(body),
            headers=self._headers,
        )
        value = answer.json()
        if answer.is_error:
            error = RefusalError(answer.status_code, value["code"], value["reason"])
            error.body = value
            raise error
        return value
