"""The requests of the Compute API that the gateway passes on, and no others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import method_not_allowed, path_not_found

UUID_PATTERN = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True)
class Route:
    """One request of the Compute API.

    `template` is the path without its leading slash, `{uuid}` standing for an
    id. `repeatable` says that sending the request twice does no more than
    sending it once, so it may be sent again when a connection broke.
    """

    method: str
    template: str
    repeatable: bool
    needs_cancel: bool = False
    """An extension of the API, passed on to services with `Features.cancel` only."""

    @property
    def is_submit(self) -> bool:
        """Whether the request hands tasks to an endpoint."""
        return self.template.endswith("/submit")

    @property
    def is_batch_status(self) -> bool:
        """Whether the request asks for the states and results of many tasks."""
        return self.template == "v2/batch_status"

    @property
    def is_task(self) -> bool:
        """Whether the request asks for the state and result of one task."""
        return self.method == "GET" and self.template == "v2/tasks/{uuid}"

    def matches_path(self, path: str) -> bool:
        """Whether `path` (decoded, no leading slash) is of this route."""
        pattern = re.escape(self.template).replace(re.escape("{uuid}"), UUID_PATTERN)
        return re.fullmatch(pattern, path) is not None


# https://compute.api.globus.org/redoc and globus_sdk.ComputeClientV2/V3.
# Registering a function twice leaves a second function that nobody uses.
ROUTES = (
    Route("GET", "v2/version", repeatable=True),
    Route("POST", "v2/functions", repeatable=True),
    Route("POST", "v3/functions", repeatable=True),
    Route("GET", "v2/functions/{uuid}", repeatable=True),
    Route("DELETE", "v2/functions/{uuid}", repeatable=False),
    Route("POST", "v3/endpoints/{uuid}/submit", repeatable=False),
    Route("GET", "v2/tasks/{uuid}", repeatable=True),
    # The second time is an error: the task has ended.
    Route("DELETE", "v3/tasks/{uuid}", repeatable=False, needs_cancel=True),
    Route("POST", "v2/batch_status", repeatable=True),
    Route("GET", "v2/taskgroup/{uuid}", repeatable=True),
    Route("GET", "v2/endpoints", repeatable=True),
    Route("GET", "v2/endpoints/{uuid}", repeatable=True),
    Route("GET", "v2/endpoints/{uuid}/status", repeatable=True),
    Route("GET", "v3/endpoints/{uuid}/allowed_functions", repeatable=True),
)


def find_route(method: str, path: str) -> Route:
    """The route of a request; `path` is decoded and has no leading slash.

    Raises `GatewayError` 404 for an unknown path and 405 for a known path with
    another method.
    """
    candidates = [route for route in ROUTES if route.matches_path(path)]
    if not candidates:
        raise path_not_found(path)
    for route in candidates:
        if route.method == method:
            return route
    raise method_not_allowed(method, [route.method for route in candidates])
