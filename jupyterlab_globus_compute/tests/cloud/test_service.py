"""What the stand-in refuses."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from globus_compute_sdk.serialize import ComputeSerializer
from globus_sdk import (
    AuthClient,
    ConfidentialAppAuthClient,
    GlobusAPIError,
    GroupsClient,
    NativeAppAuthClient,
)
from globus_sdk.authorizers import AccessTokenAuthorizer
from globus_sdk.gare import to_gare
from globus_sdk.scopes import GroupsScopes, Scope

from jupyterlab_globus_compute.tests.local.service_process import wait_until

from .browse import get_code
from .compute_api import COMPUTE_SCOPE
from .endpoints import CLUSTER, MULTI_USER, OFFLINE, PERSON, PROGRAM, RESTRICTED, TUTORIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cloud import Cloud

NATIVE_CLIENT = "4cf29807-cf21-49ec-9443-ff9a3fb9f81c"
SCOPES = ["openid", "email", "profile", COMPUTE_SCOPE]


@pytest.fixture(autouse=True)
def _service_urls(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", f"{cloud.auth_url}/")
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_GROUPS", f"{cloud.compute_url}/")


@pytest.fixture(autouse=True)
def _patient(cloud: Cloud) -> Iterator[None]:
    cloud.control("set", requests_in_10_s=1000)
    yield
    cloud.control("set", requirements=None, cors_origin=None, offline=[OFFLINE])


def sign_in(scopes: list[Any], **requirements: str) -> dict[str, dict[str, Any]]:
    """Sign in as a person; gives the tokens by resource server."""
    client = NativeAppAuthClient(NATIVE_CLIENT)
    client.oauth2_start_flow(requested_scopes=scopes, refresh_tokens=True)
    code = get_code(client.oauth2_get_authorize_url(query_params=requirements))
    return client.oauth2_exchange_code_for_tokens(code).by_resource_server


def program(cloud: Cloud) -> ConfidentialAppAuthClient:
    """The client that has a secret."""
    return ConfidentialAppAuthClient(
        cloud.program_client["clientId"], cloud.program_client["clientSecret"]
    )


class User:
    """Sends requests with a token."""

    def __init__(self, cloud: Cloud, token: str) -> None:
        self._http = httpx.Client(
            base_url=cloud.compute_url, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    def get(self, path: str) -> httpx.Response:
        """Send a GET."""
        return self._http.get(path)

    def post(self, path: str, body: object) -> httpx.Response:
        """Send a POST."""
        return self._http.post(path, json=body)

    def register(self, **more: Any) -> str:
        """Register a function, and return its id."""
        source = "def one():\n    return 1\n"
        body = {"function_name": "one", "function_code": source, "serialized": False, "meta": {}}
        answer = self.post("/v3/functions", {**body, **more})
        return str(answer.json()["function_uuid"])

    def submit(self, function_id: str, endpoint_id: str = CLUSTER, **more: Any) -> httpx.Response:
        """Submit one task."""
        serializer = ComputeSerializer()
        arguments = [serializer.serialize(()), serializer.serialize({})]
        body = {"tasks": {function_id: [serializer.pack_buffers(arguments)]}, **more}
        return self.post(f"/v3/endpoints/{endpoint_id}/submit", body)

    def status(self, task_id: str) -> dict[str, Any]:
        """What is said of a task."""
        answer = self.post("/v2/batch_status", {"task_ids": [task_id]})
        view: dict[str, Any] = answer.json()["results"][task_id]
        return view


@pytest.fixture
def ada(cloud: Cloud) -> User:
    """The person, signed in."""
    return User(cloud, sign_in(SCOPES)["funcx_service"]["access_token"])


@pytest.fixture
def nightly(cloud: Cloud) -> User:
    """The program, signed in."""
    tokens = program(cloud).oauth2_client_credentials_tokens(requested_scopes=COMPUTE_SCOPE)
    return User(cloud, tokens.by_resource_server["funcx_service"]["access_token"])


def test_it_asks_the_provider_about_each_token(cloud: Cloud) -> None:
    tokens = sign_in(SCOPES)
    token = tokens["funcx_service"]["access_token"]
    user = User(cloud, token)
    assert user.get("/v2/endpoints").status_code == 200
    assert httpx.get(f"{cloud.compute_url}/v2/endpoints").status_code == 401
    assert User(cloud, "made-up").get("/v2/endpoints").status_code == 401
    program(cloud).oauth2_revoke_token(token)
    assert user.get("/v2/endpoints").status_code == 401
    refused = User(cloud, tokens["auth.globus.org"]["access_token"]).get("/v2/endpoints")
    assert refused.status_code == 403
    gare = to_gare(refused.json())
    assert gare is not None
    assert gare.authorization_parameters.required_scopes == [COMPUTE_SCOPE]


def test_it_keeps_what_belongs_to_others_from_them(ada: User, nightly: User) -> None:
    function_id = ada.register()
    assert nightly.get(f"/v2/functions/{function_id}").status_code == 403
    accepted = ada.submit(function_id).json()
    (task_id,) = accepted["tasks"][function_id]
    assert nightly.status(task_id)["status"] == "unknown"
    assert nightly.get(f"/v2/tasks/{task_id}").status_code == 404
    assert nightly.get(f"/v2/taskgroup/{accepted['task_group_id']}").status_code == 404
    assert nightly.submit(function_id, TUTORIAL).status_code == 403
    assert nightly.submit(ada.register(public=True), TUTORIAL).status_code == 200
    assert nightly.get(f"/v2/endpoints/{CLUSTER}").status_code == 404
    assert ada.get(f"/v2/taskgroup/{accepted['task_group_id']}").status_code == 200
    other = str(uuid.uuid4())
    assert ada.submit(function_id, task_group_id=other).json()["code"] == "TASK_GROUP_NOT_FOUND"


def test_it_gives_each_result_once(ada: User) -> None:
    function_id = ada.register()
    (task_id,) = ada.submit(function_id).json()["tasks"][function_id]
    seen: list[dict[str, Any]] = []

    def has_ended() -> bool:
        seen.append(ada.status(task_id))
        return "completion_t" in seen[-1]

    wait_until(has_ended, "the task has ended")
    assert seen[-1]["result"]
    assert ada.status(task_id)["status"] == "unknown"
    assert ada.get(f"/v2/tasks/{task_id}").status_code == 404


def test_endpoints_differ(cloud: Cloud, ada: User) -> None:
    function_id = ada.register()
    refused = ada.submit(function_id, RESTRICTED)
    assert refused.status_code == 403
    assert ada.get(f"/v3/endpoints/{RESTRICTED}/allowed_functions").json()["restricted"]
    assert ada.get(f"/v2/endpoints/{MULTI_USER}").json()["user_config_schema"]["required"]
    accepted = ada.submit(function_id, MULTI_USER, user_endpoint_config={"partition": "gpu"})
    assert accepted.json()["endpoint_id"] == MULTI_USER
    assert cloud.control("log")["submissions"][-1]["config"] == {"partition": "gpu"}

    assert ada.get(f"/v2/endpoints/{OFFLINE}/status").json()["status"] == "offline"
    (task_id,) = ada.submit(function_id, OFFLINE).json()["tasks"][function_id]
    assert ada.status(task_id)["status"] == "waiting-for-ep"
    cloud.control("set", offline=[])
    wait_until(lambda: ada.status(task_id)["status"] == "success", "the endpoint runs it")


def test_it_takes_so_many_requests(cloud: Cloud, ada: User) -> None:
    cloud.control("set", requests_in_10_s=3)
    answers = [ada.get("/v2/endpoints") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 10


def test_it_refuses_as_it_is_told(cloud: Cloud, ada: User) -> None:
    body = {"code": "SERVICE_UNAVAILABLE", "reason": "Back at noon"}
    plan = {"status": 503, "body": body, "headers": {"Retry-After": "7"}}
    cloud.control("refuse", method="GET", path="/v2/endpoints", times=1, **plan)
    refused = ada.get("/v2/endpoints")
    assert (refused.status_code, refused.json()) == (503, body)
    assert refused.headers["Retry-After"] == "7"
    assert ada.get("/v2/endpoints").status_code == 200


def test_it_asks_for_a_session(cloud: Cloud, ada: User) -> None:
    policy = str(uuid.uuid4())
    asked = {"session_required_policies": [policy], "session_message": "Use your lab's account"}
    cloud.control("set", requirements=asked)
    function_id = ada.register()
    refused = ada.submit(function_id)
    gare = to_gare(refused.json())
    assert gare is not None
    assert refused.json()["reason"] == "Use your lab's account"
    assert gare.authorization_parameters.session_required_policies == [policy]
    tokens = sign_in(SCOPES, session_required_policies=policy)
    satisfied = User(cloud, tokens["funcx_service"]["access_token"])
    assert satisfied.submit(function_id).status_code == 200


def test_what_it_does_not_know_is_written_down(cloud: Cloud, ada: User) -> None:
    assert ada.get("/v2/nothing").status_code == 501
    assert cloud.control("log")["unexpected"] == ["GET /v2/nothing"]


def test_pages_of_other_origins(cloud: Cloud) -> None:
    url = f"{cloud.compute_url}/v2/endpoints"
    assert httpx.options(url).status_code == 405
    cloud.control("set", cors_origin="https://page.example")
    answer = httpx.options(url)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://page.example"


def test_globus_auth_and_groups(cloud: Cloud) -> None:
    """``globus_sdk`` reads the answers of the provider and of Groups."""
    groups_scope = str(GroupsScopes.view_my_groups_and_memberships)
    tokens = sign_in([*SCOPES, groups_scope])
    groups = GroupsClient(
        authorizer=AccessTokenAuthorizer(tokens["groups.api.globus.org"]["access_token"])
    )
    assert [group["name"] for group in groups.get_my_groups()] == [
        "Numerics course 2026",
        "HPC users",
    ]
    with pytest.raises(GlobusAPIError) as refusal:
        GroupsClient(
            authorizer=AccessTokenAuthorizer(tokens["funcx_service"]["access_token"])
        ).get_my_groups()
    assert refusal.value.http_status == 403
    auth = AuthClient(authorizer=AccessTokenAuthorizer(tokens["auth.globus.org"]["access_token"]))
    assert auth.userinfo()["preferred_username"] == "ada@university.example"
    assert len(auth.userinfo()["identity_set"]) == 2
    (identity,) = auth.get_identities(ids=PROGRAM)["identities"]
    assert identity["username"] == f"{PROGRAM}@clients.auth.globus.org"


def test_scopes_that_need_others(cloud: Cloud) -> None:
    needed = Scope(COMPUTE_SCOPE, dependencies=(Scope("urn:globus:auth:scope:x:all"),))
    tokens = sign_in(["openid", needed])
    auth = AuthClient(authorizer=AccessTokenAuthorizer(tokens["auth.globus.org"]["access_token"]))
    forest = auth.get_consents(PERSON).to_forest()
    assert forest.meets_scope_requirements(needed)
    other = Scope(COMPUTE_SCOPE, dependencies=(Scope("urn:globus:auth:scope:y:all"),))
    assert not forest.meets_scope_requirements(other)
