"""The compute services that this Jupyter server offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .errors import service_not_found

if TYPE_CHECKING:
    from .connection import Connection
    from .supervisor import LocalServiceSupervisor


class ServiceProfile(Protocol):
    """One compute service: how it is called, and how to reach it."""

    @property
    def name(self) -> str:
        """The name in URLs."""

    @property
    def label(self) -> str:
        """The name for people."""

    @property
    def kind(self) -> str:
        """`local`: runs on this computer."""

    async def connect(self, lost: Connection | None = None) -> Connection:
        """A connection to the service, which is started if need be.

        `lost` is a connection that was found broken, so it is not offered
        again unexamined. Raises `GatewayError` when there is no way.
        """

    async def close(self) -> None:
        """End what the profile started."""


class LocalProfile:
    """The compute service embedded in this extension."""

    name = "local"
    label = "This computer"
    kind = "local"

    def __init__(self, supervisor: LocalServiceSupervisor) -> None:
        self._supervisor = supervisor

    async def connect(self, lost: Connection | None = None) -> Connection:
        """See `LocalServiceSupervisor.ensure`."""
        return await self._supervisor.ensure(lost)

    async def close(self) -> None:
        """See `LocalServiceSupervisor.stop`."""
        await self._supervisor.stop()


class ServiceDirectory:
    """The services by name; the first is the default."""

    def __init__(self, first: ServiceProfile, *others: ServiceProfile) -> None:
        self._profiles = {profile.name: profile for profile in (first, *others)}
        self._default = first.name

    def find(self, name: str) -> ServiceProfile:
        """The service of that name. Raises `GatewayError` 404."""
        try:
            return self._profiles[name]
        except KeyError:
            raise service_not_found(name, list(self._profiles)) from None

    def describe(self) -> dict[str, object]:
        """`{"services": [{"name", "label", "kind"}], "default": name}`."""
        return {
            "services": [
                {"name": profile.name, "label": profile.label, "kind": profile.kind}
                for profile in self._profiles.values()
            ],
            "default": self._default,
        }

    async def close(self) -> None:
        """End what the services' profiles started."""
        for profile in self._profiles.values():
            await profile.close()
