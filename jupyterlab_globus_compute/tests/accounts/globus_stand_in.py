"""A stand-in for Globus Auth, Groups and Compute, in the test's own event loop.

It holds to what the Python SDK asks of Globus (`globus_sdk.services.auth`), checks PKCE, secrets
and every bearer token, rotates refresh tokens if told to, and refuses what it does not expect.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from types import TracebackType

    from tornado.httputil import HTTPServerRequest

COMPUTE_SCOPE = "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all"
GROUPS_SCOPE = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"
ADA = {
    "sub": "ada00000-0000-4000-8000-000000000001",
    "preferred_username": "ada@university.example",
    "name": "Ada Lovelace",
}
GRACE = {
    "sub": "97ace000-0000-4000-8000-000000000002",
    "preferred_username": "grace@navy.example",
    "name": "Grace Hopper",
}
ENDPOINT = "aaaaaaaa-0000-4000-8000-00000000000e"

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issued:
    """A token, and what it is good for."""

    user: dict[str, str]
    client_id: str
    scope: str
    resource_server: str
    is_active: bool = True


@dataclass
class Code:
    """An authorisation code, for one use."""

    user: dict[str, str]
    query: dict[str, str]


@dataclass
class GlobusStandIn(AbstractAsyncContextManager["GlobusStandIn"]):
    """One Globus; `url` is of all its services."""

    lifetime_s: int = 3600
    """Of the next access tokens."""

    rotates: bool = False
    """Whether a refresh token is good for one use only."""

    secrets: dict[str, str] = field(default_factory=dict)
    """Confidential clients, by id."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    demand: tuple[int, dict[str, Any]] | None = None
    """An answer of Compute to whoever has a good token, in the place of its own."""

    page: tuple[int, dict[str, str], str] | None = None
    """Status, headers and text of a page that stands before Compute."""

    access: dict[str, Issued] = field(default_factory=dict)
    refresh: dict[str, Issued] = field(default_factory=dict)
    requests: list[HTTPServerRequest] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    submits: int = 0
    first_state: str = "success"
    """Of the next tasks."""

    status: str = "online"

    def __post_init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._sockets = bind_sockets(0, "127.0.0.1")
        self._server = HTTPServer(Application([(".*", _Handler, {"globus": self})]))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}"

    @property
    def issued(self) -> list[str]:
        """All tokens so far."""
        return [*self.access, *self.refresh]

    def seen(self, path: str) -> int:
        """How many requests came for a path."""
        return sum(request.path == path for request in self.requests)

    def authorize(self, url: str, user: dict[str, str] = ADA) -> str:
        """What a person does on the page that opens: log in and consent; answer the code."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.url}/v2/oauth2/authorize"
        query = dict(parse_qsl(parts.query))
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["access_type"] == "offline"
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(user, query)
        return code

    def end_tasks(self) -> None:
        """Have all tasks succeed."""
        for task in self.tasks.values():
            task.update({"status": "success", "result": "x", "completion_t": "7"})

    def expire_access_tokens(self) -> None:
        """Have Compute refuse the tokens that it took so far."""
        for issued in self.access.values():
            issued.is_active = False

    def revoke_refresh_tokens(self) -> None:
        """Have Auth refuse to renew."""
        for issued in self.refresh.values():
            issued.is_active = False

    async def __aenter__(self) -> GlobusStandIn:
        self._server.add_sockets(self._sockets)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        await self._server.close_all_connections()
        if kind is None:
            assert self.unexpected == []

    def token_answer(self, form: dict[str, str], authorization: str | None) -> dict[str, Any]:
        """`POST /v2/oauth2/token`. Raises `KeyError` or `ValueError` for what is not granted."""
        match form["grant_type"]:
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                issued = self.refresh[form["refresh_token"]]
                if not issued.is_active or form["client_id"] != issued.client_id:
                    raise ValueError("not to be renewed")
                if self.rotates:
                    issued.is_active = False
                    return self._issue(issued, refresh=True)
                return {**self._issue(issued), "refresh_token": form["refresh_token"]}
            case "client_credentials":
                client_id = self._authenticated(authorization)
                user = {"sub": client_id}
                return self._answer(user, client_id, form["scope"], refresh=False)
            case other:
                raise ValueError(other)

    def revoke(self, form: dict[str, str]) -> None:
        """`POST /v2/oauth2/token/revoke`."""
        for tokens in (self.access, self.refresh):
            if form["token"] in tokens:
                tokens[form["token"]].is_active = False

    def _exchange(self, form: dict[str, str]) -> dict[str, Any]:
        code = self._codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != code.query["code_challenge"]:
            raise ValueError("PKCE")
        for name in ("client_id", "redirect_uri"):
            if form[name] != code.query[name]:
                raise ValueError(name)
        return self._answer(code.user, form["client_id"], code.query["scope"], refresh=True)

    def _answer(
        self, user: dict[str, str], client_id: str, scopes: str, *, refresh: bool
    ) -> dict[str, Any]:
        by_server: dict[str, list[str]] = {}
        for scope in scopes.split():
            by_server.setdefault(_server_of(scope), []).append(scope)
        answers = [
            self._issue(Issued(user, client_id, " ".join(names), server), refresh=refresh)
            for server, names in by_server.items()
        ]
        if refresh and "openid" in scopes.split():
            answers[0]["id_token"] = self._id_token(user, client_id)
        return {**answers[0], "other_tokens": answers[1:]}

    def _issue(self, of: Issued, *, refresh: bool = False) -> dict[str, Any]:
        made = Issued(of.user, of.client_id, of.scope, of.resource_server)
        token = f"access-{secrets.token_urlsafe(24)}"
        self.access[token] = made
        answer: dict[str, Any] = {
            "access_token": token,
            "scope": of.scope,
            "resource_server": of.resource_server,
            "expires_in": self.lifetime_s,
            "token_type": "Bearer",
            "other_tokens": [],
        }
        if refresh:
            renewal = f"refresh-{secrets.token_urlsafe(24)}"
            self.refresh[renewal] = Issued(of.user, of.client_id, of.scope, of.resource_server)
            answer["refresh_token"] = renewal
        return answer

    def _authenticated(self, authorization: str | None) -> str:
        kind, _, value = (authorization or "").partition(" ")
        client_id, _, secret = base64.b64decode(value).decode().partition(":")
        if kind != "Basic" or self.secrets.get(client_id) != secret:
            raise PermissionError("the secret is wrong")
        return client_id

    def _id_token(self, user: dict[str, str], client_id: str) -> str:
        now = int(time.time())
        claims = {**user, "aud": client_id, "iss": self.url, "iat": now, "exp": now + 600}
        return jwt.encode(claims, _KEY, algorithm="RS512")


def _server_of(scope: str) -> str:
    if scope == COMPUTE_SCOPE:
        return "funcx_service"
    if scope == GROUPS_SCOPE:
        return "groups.api.globus.org"
    return "auth.globus.org"


class _Handler(RequestHandler):
    def initialize(self, globus: GlobusStandIn) -> None:
        self._globus = globus

    def prepare(self) -> None:
        self._globus.requests.append(self.request)
        if not self._auth():
            self._beyond_auth()

    def _auth(self) -> bool:
        """Answer as Globus Auth; False if it is not for Auth."""
        globus, request = self._globus, self.request
        match f"{request.method} {request.path}":
            case "GET /.well-known/openid-configuration":
                self._answer(
                    200,
                    {
                        "jwks_uri": f"{globus.url}/jwk.json",
                        "id_token_signing_alg_values_supported": ["RS512"],
                    },
                )
            case "GET /jwk.json":
                key = jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
                self._answer(200, {"keys": [{**key, "alg": "RS512"}]})
            case "POST /v2/oauth2/token":
                self._token(self._form())
            case "POST /v2/oauth2/token/revoke":
                globus.revoke(self._form())
                self._answer(200, {"active": False})
            case "GET /v2/oauth2/userinfo":
                if (issued := self._owner("auth.globus.org")) is not None:
                    names = issued.user if "profile" in issued.scope.split() else {}
                    self._answer(200, {"sub": issued.user["sub"], **names})
            case "GET /v2/api/identities":
                if (issued := self._owner("auth.globus.org")) is not None:
                    user = issued.user
                    named = {"username": user["preferred_username"], "name": user["name"]}
                    self._answer(200, {"identities": [named]})
            case _:
                return False
        return True

    def _beyond_auth(self) -> None:
        globus = self._globus
        match f"{self.request.method} {self.request.path}":
            case "GET /v2/groups/my_groups":
                if self._owner("groups.api.globus.org") is not None:
                    self._answer(200, globus.groups)
            case _ if globus.page is not None:
                status, headers, text = globus.page
                self.set_status(status)
                for name, value in headers.items():
                    self.set_header(name, value)
                self.finish(text)
            case _ if self._owner("funcx_service") is not None:
                self._compute()

    def _compute(self) -> None:
        globus, request = self._globus, self.request
        if globus.demand is not None:
            self._answer(*globus.demand)
            return
        folder, _, name = request.path.rpartition("/")
        match (request.method, request.path):
            case ("GET", "/v2/version"):
                self._answer(200, {"api": "1.2.3", "min_sdk_version": "4.0.0"})
            case ("GET", "/v2/get_amqp_result_connection_url"):
                self._answer(404, {"code": "NOT_OFFERED", "reason": "There is no queue."})
            case ("GET", "/v2/endpoints"):
                self._answer(200, [])
            case ("GET", path) if path == f"/v2/endpoints/{ENDPOINT}/status":
                self._answer(200, {"status": globus.status})
            case ("POST", "/v3/functions"):
                self._answer(200, {"function_uuid": "f" * 8 + "-0000-4000-8000-000000000000"})
            case ("DELETE", _) if folder == "/v2/functions":
                self._answer(200, {"result": 302})
            case ("POST", path) if path == f"/v3/endpoints/{ENDPOINT}/submit":
                self._submit(json.loads(request.body))
            case ("GET", _) if folder == "/v2/tasks":
                self._answer(200, {"task_id": name, **globus.tasks[name]})
            case ("POST", "/v2/batch_status"):
                ids = json.loads(request.body)["task_ids"]
                results = {id_: {"task_id": id_, **globus.tasks[id_]} for id_ in ids}
                self._answer(200, {"response": "batch", "results": results})
            case ("GET", _) if folder == "/v2/taskgroup":
                self._answer(404, {"code": "TASK_GROUP_NOT_FOUND", "reason": "none"})
            case _:
                self._refuse()

    def _submit(self, body: dict[str, Any]) -> None:
        globus = self._globus
        globus.submits += 1
        tasks = {}
        for function_id, payloads in body["tasks"].items():
            ids = [f"{secrets.token_hex(4)}-0000-4000-8000-{n:012}" for n in range(len(payloads))]
            tasks[function_id] = ids
            for id_ in ids:
                globus.tasks[id_] = {"status": globus.first_state}
        if globus.first_state == "success":
            globus.end_tasks()
        group = body.get("task_group_id") or "a" * 8 + "-0000-4000-8000-000000000000"
        self._answer(200, {"task_group_id": group, "tasks": tasks, "request_id": group})

    def _token(self, form: dict[str, str]) -> None:
        try:
            answer = self._globus.token_answer(form, self.request.headers.get("Authorization"))
        except PermissionError:
            self._answer(401, {"error": "invalid_client"})
        except (KeyError, ValueError):
            self._answer(400, {"error": "invalid_grant", "error_description": json.dumps(form)})
        else:
            self._answer(200, answer)

    def _owner(self, resource_server: str) -> Issued | None:
        """Whose the bearer token is; answers 401 if it is good for nothing here."""
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        issued = self._globus.access.get(token)
        if (
            kind != "Bearer"
            or issued is None
            or not issued.is_active
            or issued.resource_server != resource_server
        ):
            self._answer(401, {"code": "UNAUTHENTICATED", "reason": "The token is not valid."})
            return None
        return issued

    def _form(self) -> dict[str, str]:
        fields = parse_qs(self.request.body.decode(), strict_parsing=True)
        return {name: value for name, (value,) in fields.items()}

    def _refuse(self) -> None:
        self._globus.unexpected.append(f"{self.request.method} {self.request.path}")
        self._answer(500, {"code": "UNEXPECTED_CALL", "reason": "not expected"})

    def _answer(self, status: int, body: Any) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body))
