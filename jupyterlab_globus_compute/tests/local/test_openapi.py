"""The service does what its OpenAPI document says, whatever it is sent."""

from __future__ import annotations

import copy
import json
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from jupyterlab_globus_compute.local.api import Api

if TYPE_CHECKING:
    from schemathesis import Case

    from .service_process import LocalService

EXAMPLES = 6
"""Requests made up for each operation, beside those at the limits of each value."""


DOCUMENT: dict[str, Any] = json.loads(
    files("jupyterlab_globus_compute.local").joinpath("openapi.json").read_text("utf-8")
)

# As the document says in words, this service's engine takes only empty ones.
with_process_engine = copy.deepcopy(DOCUMENT)
submission = with_process_engine["components"]["schemas"]["Submission"]["properties"]
submission["resource_specification"]["maxProperties"] = 0

schema = schemathesis.openapi.from_dict(with_process_engine).exclude(
    # The stream has no end, and deleting the endpoint would be the end of the others' tests.
    operation_id=["followEvents", "deleteEndpoint"]
)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_documented(case: Case[Any], service: LocalService) -> None:
    if case.path.endswith("/submit"):
        # The only one there is: an id that is made up would never get further than a 404.
        case.path_parameters["endpoint_id"] = service.endpoint_id
    headers = {"Authorization": f"Bearer {service.address['token']}"}
    case.call_and_validate(
        base_url=service.address["url"],
        headers=headers,
        # A query that says more than is asked for is not refused.
        excluded_checks=[negative_data_rejection] if case.method == "GET" else [],
    )


def test_the_document_is_served(service: LocalService) -> None:
    assert service.request("GET", "/openapi.json").body == DOCUMENT
    assert service.request("GET", "/openapi.json", headers={"Authorization": None}).status == 401


def test_every_route_is_documented() -> None:
    unused: Any = SimpleNamespace(registry=None)
    described = {
        (method.upper(), path)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
        if method != "parameters"
    }
    served = {
        (method, route.path)
        for route in Api(unused, unused, unused, unused).routes()
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served == described
