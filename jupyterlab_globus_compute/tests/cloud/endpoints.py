"""The endpoints of the stand-in. One computer is behind all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .identity import Identity

PERSON = "ada0c0de-0000-4000-8000-000000000001"
"""The person who signs in at the provider."""

PROGRAM = "c0ffee00-0000-4000-8000-000000000003"
"""The client that signs in by its credentials."""

_OTHERS = "0ddba110-0000-4000-8000-000000000000"

CLUSTER = "e0000000-0000-4000-8000-000000000001"
"""The person's own endpoint."""

OFFLINE = "e0000000-0000-4000-8000-000000000002"
"""The person's own endpoint whose program does not run."""

MULTI_USER = "e0000000-0000-4000-8000-000000000003"
"""Somebody else's endpoint with a template, which the person may use."""

RESTRICTED = "e0000000-0000-4000-8000-000000000004"
"""The person's own endpoint that runs no function of theirs."""

PROGRAMS_CLUSTER = "e0000000-0000-4000-8000-000000000005"
"""The endpoint of the program."""

TUTORIAL = "4b116d3c-1703-4f8f-9f6f-39921e5864df"
"""Globus's tutorial endpoint: public, and in nobody's list."""

_TEMPLATE = """\
engine:
  type: GlobusComputeEngine
  provider:
    type: SlurmProvider
    partition: {{ partition }}
    walltime: {{ walltime | default("00:10:00") }}
"""

_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "partition": {"type": "string", "enum": ["debug", "gpu"]},
        "walltime": {"type": "string"},
    },
    "required": ["partition"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as the service knows it."""

    endpoint_id: str
    name: str
    display_name: str
    owner: str
    is_public: bool = False
    is_listed_for_all: bool = False
    is_multi_user: bool = False
    functions: tuple[str, ...] | None = None
    """The functions it runs, or None if it runs any."""

    def is_usable_by(self, identity: Identity) -> bool:
        """Whether a person may see and use it."""
        return identity.owns(self.owner) or self.is_public or self.is_listed_for_all

    def summary(self) -> dict[str, Any]:
        """Return an entry of ``GET /v2/endpoints``."""
        return {
            "uuid": self.endpoint_id,
            "name": self.name,
            "display_name": self.display_name,
            "owner": self.owner,
        }

    def metadata(self) -> dict[str, Any]:
        """Return the answer to ``GET /v2/endpoints/{id}``."""
        return {
            **self.summary(),
            "multi_user": self.is_multi_user,
            "public": self.is_public,
            "description": f"{self.display_name} of the tests",
            "endpoint_config": "engine:\n  type: GlobusComputeEngine",
            "user_config_template": _TEMPLATE if self.is_multi_user else "",
            "user_config_schema": _SCHEMA if self.is_multi_user else {},
            "hostname": "login01.hpc.example",
            "local_user": "ada",
            "ip_address": "192.0.2.1",
            "endpoint_version": "4.19.0",
            "sdk_version": "4.19.0",
            "subscription_uuid": None,
        }


ENDPOINTS = {
    endpoint.endpoint_id: endpoint
    for endpoint in (
        Endpoint(CLUSTER, "adas-cluster", "Ada's cluster", PERSON),
        Endpoint(OFFLINE, "old-cluster", "Old cluster", PERSON),
        Endpoint(RESTRICTED, "service-node", "Service node", PERSON, functions=()),
        Endpoint(PROGRAMS_CLUSTER, "nightly", "Nightly runs", PROGRAM),
        Endpoint(
            MULTI_USER,
            "big-machine",
            "The big machine",
            _OTHERS,
            is_listed_for_all=True,
            is_multi_user=True,
        ),
        Endpoint(TUTORIAL, "tutorial", "Globus Compute Tutorial", _OTHERS, is_public=True),
    )
}
