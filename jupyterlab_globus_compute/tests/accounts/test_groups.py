"""Globus Groups by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GROUPS_SCOPE, GlobusStandIn
from jupyterlab_globus_compute.tests.accounts.support import ask_compute, sign_in

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.gateway.support import Api

PATH = "accounts/cloud/groups"


async def test_who_is_not_signed_in_is_told_so(api: Api) -> None:
    (await api.call("GET", PATH)).assert_error(401, "SIGN_IN_NEEDED")


async def test_a_login_without_the_scope_leads_to_a_consent(
    api: Api, globus: GlobusStandIn
) -> None:
    await sign_in(api, globus)
    answer = await api.call("GET", PATH)
    answer.assert_error(403, "CONSENT_NEEDED")
    requirements = answer.json["sign_in"]["requirements"]
    assert requirements == {"required_scopes": [GROUPS_SCOPE]}

    globus.groups = [
        {"id": "2", "name": "zoologists", "my_memberships": [{"role": "member"}]},
        {
            "id": "1",
            "name": "Astronomers",
            "my_memberships": [{"role": "member"}, {"role": "admin"}],
        },
        {"id": "3", "name": "botanists", "my_memberships": [{"role": "manager"}]},
    ]
    await sign_in(api, globus, requirements=requirements)
    answer = await api.call("GET", PATH)
    assert answer.json == {
        "groups": [
            {"id": "1", "name": "Astronomers", "role": "admin"},
            {"id": "3", "name": "botanists", "role": "manager"},
            {"id": "2", "name": "zoologists", "role": "member"},
        ]
    }
    assert await ask_compute(api) == 200


async def test_the_consent_outlives_the_next_sign_in(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus, requirements={"required_scopes": [GROUPS_SCOPE]})
    await sign_in(api, globus)
    assert (await api.call("GET", PATH)).json == {"groups": []}
