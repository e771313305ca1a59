"""What Globus Compute demands of a login, and how it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.accounts.support import sign_in
from jupyterlab_globus_compute.tests.gateway.support import UUID, Answer, Api

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.accounts.globus_stand_in import GlobusStandIn

PATH = "services/cloud/v2/endpoints"


async def refusal(api: Api, globus: GlobusStandIn, status: int, body: dict[str, Any]) -> Answer:
    """What a browser is told when Globus Compute answers so."""
    await sign_in(api, globus)
    globus.demand = (status, body)
    answer = await api.call("GET", PATH)
    assert answer.status == status
    assert {name: answer.json[name] for name in body} == body
    return answer


@pytest.mark.parametrize("status", [401, 403])
async def test_a_gare_passes_in_its_own_words_with_what_a_sign_in_needs(
    api: Api, globus: GlobusStandIn, status: int
) -> None:
    parameters = {
        "session_message": "Log in as a member of the laboratory.",
        "session_required_policies": [UUID],
    }
    body = {"code": "AUTHORIZATION", "reason": "Policy.", "authorization_parameters": parameters}
    answer = await refusal(api, globus, status, body)
    assert answer.json["sign_in"] == {"service": "cloud", "requirements": parameters}
    # It is the login that lacks something: another token would not do.
    assert globus.seen("/v2/endpoints") == 1

    globus.demand = None
    account = await sign_in(api, globus, requirements=answer.json["sign_in"]["requirements"])
    assert account["state"] == "signed-in"
    assert (await api.call("GET", PATH)).status == 200


async def test_a_consent_in_the_old_form_is_understood(api: Api, globus: GlobusStandIn) -> None:
    body = {"code": "ConsentRequired", "message": "Consent.", "required_scopes": ["a", "b"]}
    answer = await refusal(api, globus, 403, body)
    requirements = answer.json["sign_in"]["requirements"]
    assert requirements == {"required_scopes": ["a", "b"], "session_message": "Consent."}


async def test_a_demand_without_parameters_asks_for_a_plain_sign_in(
    api: Api, globus: GlobusStandIn
) -> None:
    answer = await refusal(api, globus, 403, {"code": "AuthorizationRequired", "reason": "Hm."})
    assert answer.json["sign_in"] == {"service": "cloud", "requirements": {}}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, {"code": "SUBSCRIPTION_REQUIRED", "reason": "Only for subscribers."}),
        (400, {"code": "VERSION_TOO_OLD", "reason": "Use version 9 or newer."}),
        (429, {"code": "TOO_MANY_REQUESTS", "reason": "Slow down."}),
        (503, {"code": "MAINTENANCE", "reason": "Back at noon."}),
    ],
)
async def test_other_refusals_pass_as_they_are(
    api: Api, globus: GlobusStandIn, status: int, body: dict[str, Any]
) -> None:
    assert "sign_in" not in (await refusal(api, globus, status, body)).json


async def test_a_page_of_maintenance_is_told_of_in_words(api: Api, globus: GlobusStandIn) -> None:
    await sign_in(api, globus)
    globus.page = (503, {"Content-Type": "text/html", "Retry-After": "1"}, "<h1>Maintenance</h1>")
    answer = await api.call("GET", PATH)
    answer.assert_error(503, "SERVICE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "1"
    assert "maintenance" in answer.json["reason"]


@pytest.mark.parametrize(
    ("status", "code"), [(503, "SERVICE_UNAVAILABLE"), (504, "SUBMIT_OUTCOME_UNKNOWN")]
)
async def test_a_submit_behind_such_a_page_may_have_been_seen_or_not(
    api: Api, globus: GlobusStandIn, status: int, code: str
) -> None:
    await sign_in(api, globus)
    globus.page = (status, {"Content-Type": "text/html"}, "<h1>Oh</h1>")
    path = f"services/cloud/v3/endpoints/{UUID}/submit"
    answer = await api.call("POST", path, {"tasks": {}})
    assert answer.json["code"] == code
