"""Globus Groups, as far as the product asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import consent_required

if TYPE_CHECKING:
    from .identity import Identity

GROUPS_SCOPE = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"

GROUPS = {
    "90000000-0000-4000-8000-000000000001": ("Numerics course 2026", "manager"),
    "90000000-0000-4000-8000-000000000002": ("HPC users", "member"),
}
"""Names and roles by the groups' ids."""


def my_groups(identity: Identity) -> list[dict[str, Any]]:
    """``GET /v2/groups/my_groups``.

    Raises:
        RefusalError: the token is not for this service.
    """
    if GROUPS_SCOPE not in identity.scopes:
        raise consent_required([GROUPS_SCOPE])
    return [
        {
            "id": group_id,
            "name": name,
            "parent_id": None,
            "group_type": "regular",
            "enforce_session": False,
            "session_limit": 28800,
            "session_timeouts": {},
            "my_memberships": [
                {
                    "group_id": group_id,
                    "identity_id": identity.sub,
                    "username": identity.username,
                    "role": role,
                    "status": "active",
                }
            ],
            "policies": {"group_visibility": "private", "group_members_visibility": "members"},
        }
        for group_id, (name, role) in GROUPS.items()
    ]
