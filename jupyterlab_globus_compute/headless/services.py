"""Where cells run: the local service, or the cloud."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from globus_sdk import NetworkError

from .errors import NotThereError, ServiceError
from .names import CLOUD, LOCAL
from .service import Service, UnknownError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from globus_compute_sdk import Client

# The cloud counts requests; the service on this computer does not.
_LONGEST_PAUSE_S = {LOCAL: 0.5, CLOUD: 5.0}


class Target(NamedTuple):
    """An endpoint to run on, and the service that reaches it."""

    service: Service
    endpoint_id: str
    endpoint_name: str


class Services:
    """The two services. Neither is asked, nor anybody to sign in, before it is needed."""

    def __init__(
        self,
        local: Callable[[], Client],
        cloud: Callable[[], Client],
        is_signed_in: Callable[[], bool] = lambda: True,
    ) -> None:
        """`is_signed_in` tells, without asking anybody, whether the cloud can be reached."""
        self._is_signed_in = is_signed_in
        connect = {LOCAL: local, CLOUD: lambda: _signed_in(cloud)}
        self._services = {
            name: Service(name, connect[name], pause) for name, pause in _LONGEST_PAUSE_S.items()
        }

    def get(self, name: str) -> Service:
        """Return a service: `LOCAL` or `CLOUD`."""
        return self._services[name]

    def target(self, endpoint: str | None) -> Target:
        """Return where `-e` says: this computer by name, id or by saying nothing; else the cloud.

        Raises:
            ServiceError: there is no such endpoint, or its service cannot be reached.
        """
        local = self.get(LOCAL)
        try:
            known = local.endpoints()
        except ServiceError:
            # An endpoint of Globus Compute needs no service on this computer.
            if endpoint is None or not is_uuid(endpoint):
                raise
            known = []
        for entry in known:
            names = {str(entry["uuid"]), entry["name"], str(entry["display_name"]).lower()}
            if endpoint is None or names & {endpoint, endpoint.lower()}:
                return _target(local, entry)
        if endpoint is None or not is_uuid(endpoint):
            listed = ", ".join(str(entry["display_name"]) for entry in known) or "none"
            raise ServiceError(
                f'There is no endpoint "{endpoint or ""}". Known endpoints: {listed}. '
                "Those of Globus Compute go by their id, a UUID."
            )
        try:
            return _target(self.get(CLOUD), {"uuid": endpoint, **self._cloud_endpoint(endpoint)})
        except UnknownError:
            raise ServiceError(f"Globus Compute knows no endpoint {endpoint}.") from None

    def reach(self, name: str, endpoint_id: str | None) -> Target:
        """Return an endpoint of a service, its first one without an id. Asks nobody to sign in.

        Raises:
            ServiceError: why it cannot be used.
        """
        if name not in self._services:
            raise NotThereError(f'%%compute without JupyterLab has no compute service "{name}"')
        if name == CLOUD and not self._is_signed_in():
            raise NotThereError("you are not signed in")
        service = self.get(name)
        if endpoint_id is not None:
            return _target(service, {**service.endpoint(endpoint_id), "uuid": endpoint_id})
        listed = service.endpoints()
        if not listed:
            raise NotThereError("it lists no endpoint")
        return _target(service, listed[0])

    def _cloud_endpoint(self, endpoint_id: str) -> dict[str, Any]:
        return self.get(CLOUD).endpoint(endpoint_id)


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID as people copy it."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _target(service: Service, entry: dict[str, Any]) -> Target:
    name = entry.get("display_name") or entry.get("name") or entry["uuid"]
    return Target(service, str(entry["uuid"]), str(name))


def _signed_in(connect: Callable[[], Client]) -> Client:
    """Return a client of the cloud. Raises `ServiceError` where nobody can sign in."""
    try:
        return connect()
    except NetworkError as error:
        raise UnreachableError(
            f"Globus Compute cannot be reached from here: {type(error).__name__}"
        ) from None
    except Exception as error:  # noqa: BLE001 - see below
        # Of whatever the way to sign in raises: no terminal, no browser, no answer.
        raise ServiceError(
            f"Globus Compute asks you to sign in, which failed here ({type(error).__name__}). Sign "
            'in once in a terminal: python -c "from globus_compute_sdk import Client; Client()"; '
            "or set GLOBUS_COMPUTE_CLIENT_ID and GLOBUS_COMPUTE_CLIENT_SECRET."
        ) from None
