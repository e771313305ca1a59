"""A person's Globus Groups."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from .globus_clients import globus_answers

if TYPE_CHECKING:
    from .globus_clients import GlobusClients

# From the one that may do the most.
_ROLES = ("admin", "manager", "member")


def my_groups(clients: GlobusClients, host: str, token: str) -> list[dict[str, str]]:
    """The groups that the token's owner is in: `{"id", "name", "role"}`, by name. Blocks.

    `GET /v2/groups/my_groups`. Raises `GatewayError`.
    """
    with closing(clients.groups(token)) as client, globus_answers(host):
        answer = client.get_my_groups(statuses="active")
        groups = [
            {"id": str(group["id"]), "name": str(group["name"]), "role": _role(group)}
            for group in answer
        ]
    return sorted(groups, key=lambda group: group["name"].casefold())


def _role(group: dict[str, Any]) -> str:
    """The highest role of the person's identities in a group."""
    roles = {membership.get("role") for membership in group.get("my_memberships", [])}
    return next((role for role in _ROLES if role in roles), _ROLES[-1])
