"""The requests that are passed on, as a table."""

from __future__ import annotations

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.routes import ROUTES, find_route

ID = "0123abcd-4567-89AB-cdef-0123456789ab"
ALLOWED = {
    "v2/version": ["GET"],
    "v2/functions": ["POST"],
    "v3/functions": ["POST"],
    f"v2/functions/{ID}": ["GET", "DELETE"],
    f"v3/endpoints/{ID}/submit": ["POST"],
    f"v2/tasks/{ID}": ["GET"],
    f"v3/tasks/{ID}": ["DELETE"],
    "v2/batch_status": ["POST"],
    f"v2/taskgroup/{ID}": ["GET"],
    "v2/endpoints": ["GET"],
    f"v2/endpoints/{ID}": ["GET"],
    f"v2/endpoints/{ID}/status": ["GET"],
    f"v3/endpoints/{ID}/allowed_functions": ["GET"],
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get"]
UNKNOWN = [
    "",
    "v2",
    "v2/version/",
    "/v2/version",
    "v2/version\n",
    "v2/Version",
    "v2xversion",
    "v2/submit",
    "v3/endpoints",
    f"v3/endpoints/{ID}",
    f"v3/endpoints/{ID}/lock",
    f"v3/endpoints/{ID}/submit/",
    f"v3/endpoints/{ID}/submit\n",
    "v3/endpoints/{uuid}/submit",
    f"v3/endpoints/{ID}/../{ID}/submit",
    f"v2/endpoints/{ID}/..",
    f"v2/tasks/{ID}?x=1",
    f"v2/tasks/{ID}%2f",
    f"v2/tasks/{ID[:-1]}",
    f"v2/tasks/{ID}0",
    f"v2/tasks/{ID.replace('-', '')}",
    f"v2/tasks/{ID[:-1]}٣",  # a digit, but not of ASCII
    "v2/tasks/..",
    "v2/get_amqp_result_connection_url",
    "http://elsewhere/v2/version",
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ALLOWED)
def test_known_paths_take_their_methods_and_no_others(path: str, method: str) -> None:
    if method in ALLOWED[path]:
        route = find_route(method, path)
        assert (route.method, route.matches_path(path)) == (method, True)
        return
    with pytest.raises(GatewayError) as raised:
        find_route(method, path)
    assert (raised.value.status, raised.value.code) == (405, "METHOD_NOT_ALLOWED")
    assert raised.value.headers == {"Allow": ", ".join(ALLOWED[path])}


def test_the_table_is_complete() -> None:
    assert len(ROUTES) == sum(len(methods) for methods in ALLOWED.values())


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_paths_are_unknown(path: str, method: str) -> None:
    with pytest.raises(GatewayError) as raised:
        find_route(method, path)
    assert (raised.value.status, raised.value.code) == (404, "NOT_FOUND")


def test_only_submits_and_deletions_must_not_be_repeated() -> None:
    unrepeatable = [(route.method, route.template) for route in ROUTES if not route.repeatable]
    assert unrepeatable == [
        ("DELETE", "v2/functions/{uuid}"),
        ("POST", "v3/endpoints/{uuid}/submit"),
        ("DELETE", "v3/tasks/{uuid}"),
    ]
    assert [route.template for route in ROUTES if route.is_submit] == ["v3/endpoints/{uuid}/submit"]
