"""The compute services that this Jupyter server offers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

from .errors import service_not_found
from .features import Features

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """`local`: runs on this computer; `cloud`: Globus Compute; `other`."""

    @property
    def address(self) -> str | None:
        """Where it is; None for one that is started when it is needed."""

    @property
    def needs_account(self) -> bool:
        """Whether a person needs an account there."""

    @property
    def takes_sign_in(self) -> bool:
        """Whether a person can sign in to it, here and now."""

    @property
    def features(self) -> Features:
        """What it has beyond the Compute API."""

    @property
    def pushes_results(self) -> bool:
        """Whether results may be taken from a queue of the service's."""

    @property
    def gives_results_once(self) -> bool:
        """Whether a result may be had only once, so that whoever asks takes it away."""

    @property
    def unavailable(self) -> str | None:
        """Why it cannot be used here, and what to do; None while nothing is known against it."""

    async def connect(
        self, lost: Connection | None = None, *, is_refused: bool = False
    ) -> Connection:
        """A connection to the service, which is started if need be.

        `lost` is a connection that was found broken, so it is not offered
        again unexamined; `is_refused` says that the service did not take its
        token. Raises `GatewayError` when there is no way.
        """

    async def ready(self) -> None:
        """Wait, after `connect` has raised 401, until it may be tried again."""

    async def close(self) -> None:
        """End what the profile started."""


class LocalProfile:
    """The compute service embedded in this extension."""

    name = "local"
    label = "This computer"
    kind = "local"
    address = None
    needs_account = False
    takes_sign_in = False
    features = Features(cancel=True, events=True)
    gives_results_once = False
    pushes_results = False

    def __init__(self, supervisor: LocalServiceSupervisor) -> None:
        self._supervisor = supervisor

    @property
    def unavailable(self) -> str | None:
        """See `LocalServiceSupervisor.obstacle`."""
        obstacle = self._supervisor.obstacle()
        return None if obstacle is None else obstacle.reason

    async def connect(
        self, lost: Connection | None = None, *, is_refused: bool = False
    ) -> Connection:
        """See `LocalServiceSupervisor.ensure`; a refused token is of an earlier start."""
        del is_refused
        return await self._supervisor.ensure(lost)

    async def ready(self) -> None:
        """It always is: nobody signs in to it."""

    async def close(self) -> None:
        """See `LocalServiceSupervisor.stop`."""
        await self._supervisor.stop()


class ServiceDirectory:
    """The services by name."""

    def __init__(self, profiles: Sequence[ServiceProfile], default: str) -> None:
        """Raises `ValueError` when no service has the name `default`."""
        self._profiles = {profile.name: profile for profile in profiles}
        if default not in self._profiles:
            raise ValueError(f"there is no service {default!r} to be the default")
        self._default = default

    def find(self, name: str) -> ServiceProfile:
        """The service of that name. Raises `GatewayError` 404."""
        try:
            return self._profiles[name]
        except KeyError:
            raise service_not_found(name, list(self._profiles)) from None

    def describe(self) -> dict[str, object]:
        """The answer to `GET services`: nothing of addresses and tokens.

        `{"services": [{"name", "label", "kind", "needsAccount", "features"}], "default": name}`,
        and `"unavailable"`, a sentence, for those that cannot be used here.
        """
        return {
            "services": [
                {
                    "name": profile.name,
                    "label": profile.label,
                    "kind": profile.kind,
                    "needsAccount": profile.needs_account,
                    "features": asdict(profile.features),
                    **_unavailability(profile),
                }
                for profile in self._profiles.values()
            ],
            "default": self._default,
        }

    def names(self) -> list[str]:
        """The names of all."""
        return list(self._profiles)

    async def close(self) -> None:
        """End what the services' profiles started."""
        for profile in self._profiles.values():
            await profile.close()


def _unavailability(profile: ServiceProfile) -> dict[str, str]:
    reason = profile.unavailable
    return {} if reason is None else {"unavailable": reason}
