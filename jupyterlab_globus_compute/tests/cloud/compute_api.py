"""The routes of the Compute API, for holders of a token with its scope."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from .books import Function, Task
from .endpoints import ENDPOINTS, Endpoint
from .errors import authorization_required, consent_required, forbidden, not_found

if TYPE_CHECKING:
    from .books import Books
    from .identity import Identity
    from .upstream import Upstream

COMPUTE_SCOPE = "https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all"

VERSIONS = {"api": "1.0.30", "min_sdk_version": "2.0.0", "min_ep_version": "2.0.0"}

_ENDED = ("success", "failed")
_REQUIREMENTS = {
    "session_required_identities": "required_identities",
    "session_required_policies": "required_policies",
    "session_required_single_domain": "required_single_domain",
}


class ComputeApi:
    """Each method returns the JSON value of an answer, or raises RefusalError."""

    def __init__(self, books: Books, upstream: Upstream) -> None:
        self._books = books
        self._upstream = upstream

    def require_scope(self, identity: Identity) -> None:
        """Raise RefusalError for a token of another service."""
        if COMPUTE_SCOPE not in identity.scopes:
            raise consent_required([COMPUTE_SCOPE])

    async def register(self, identity: Identity, body: dict[str, Any]) -> Any:
        """``POST /v3/functions``."""
        answer = await self._upstream.ask("POST", "/v3/functions", body)
        self._books.functions[answer["function_uuid"]] = Function(
            identity.sub, bool(body.get("public")), body.get("group")
        )
        return answer

    async def function(self, identity: Identity, function_id: str) -> Any:
        """``GET /v2/functions/{id}``."""
        function = self._function(identity, function_id)
        answer = await self._upstream.ask("GET", f"/v2/functions/{function_id}")
        return {**answer, "owner": function.owner}

    async def delete_function(self, identity: Identity, function_id: str) -> Any:
        """``DELETE /v2/functions/{id}``."""
        if not identity.owns(self._function(identity, function_id).owner):
            raise forbidden("function")
        answer = await self._upstream.ask("DELETE", f"/v2/functions/{function_id}")
        del self._books.functions[function_id]
        return answer

    async def endpoints(self, identity: Identity, role: str | None) -> Any:
        """``GET /v2/endpoints``."""
        return [
            endpoint.summary()
            for endpoint in ENDPOINTS.values()
            if identity.owns(endpoint.owner) or (role == "any" and endpoint.is_listed_for_all)
        ]

    async def endpoint(self, identity: Identity, endpoint_id: str) -> Any:
        """``GET /v2/endpoints/{id}``."""
        return self._endpoint(identity, endpoint_id).metadata()

    async def endpoint_status(self, identity: Identity, endpoint_id: str) -> Any:
        """``GET /v2/endpoints/{id}/status``."""
        self._endpoint(identity, endpoint_id)
        if endpoint_id in self._books.offline:
            return {"status": "offline", "details": {}}
        return await self._upstream.ask("GET", f"/v2/endpoints/{self._upstream.endpoint_id}/status")

    async def allowed_functions(self, identity: Identity, endpoint_id: str) -> Any:
        """``GET /v3/endpoints/{id}/allowed_functions``."""
        functions = self._endpoint(identity, endpoint_id).functions
        return {
            "endpoint_id": endpoint_id,
            "restricted": functions is not None,
            "functions": list(functions or ()),
        }

    async def submit(self, identity: Identity, endpoint_id: str, body: dict[str, Any]) -> Any:
        """``POST /v3/endpoints/{id}/submit``."""
        endpoint = self._endpoint(identity, endpoint_id)
        self._require_session(identity)
        for function_id in body["tasks"]:
            self._function(identity, function_id)
            if endpoint.functions is not None and function_id not in endpoint.functions:
                raise forbidden("function on this endpoint")
        group = body.get("task_group_id")
        if group is not None and self._books.groups.get(group) != identity.sub:
            raise not_found("task group", group)
        sent = {key: value for key, value in body.items() if key != "user_endpoint_config"}
        answer = await self._upstream.ask(
            "POST", f"/v3/endpoints/{self._upstream.endpoint_id}/submit", sent
        )
        self._book(identity, endpoint_id, body, answer)
        return {**answer, "endpoint_id": endpoint_id}

    async def task(self, identity: Identity, task_id: str) -> Any:
        """``GET /v2/tasks/{id}``."""
        if not self._is_readable(identity, task_id):
            raise not_found("task", task_id)
        return self._tell(task_id, await self._upstream.ask("GET", f"/v2/tasks/{task_id}"))

    async def batch_status(self, identity: Identity, body: dict[str, Any]) -> Any:
        """``POST /v2/batch_status``."""
        task_ids = body["task_ids"]
        known = [task_id for task_id in task_ids if self._is_readable(identity, task_id)]
        views = {}
        if known:
            answer = await self._upstream.ask("POST", "/v2/batch_status", {"task_ids": known})
            views = answer["results"]
        unknown = {"status": "unknown", "reason": "unknown task"}
        results = {
            task_id: self._tell(task_id, views[task_id])
            if task_id in views
            else {"task_id": task_id, **unknown}
            for task_id in task_ids
        }
        return {"response": "batch", "results": results}

    async def task_group(self, identity: Identity, group_id: str) -> Any:
        """``GET /v2/taskgroup/{id}``."""
        if self._books.groups.get(group_id) != identity.sub:
            raise not_found("task group", group_id)
        return await self._upstream.ask("GET", f"/v2/taskgroup/{group_id}")

    async def result_queue(self, _identity: Identity) -> Any:
        """``GET /v2/get_amqp_result_connection_url``."""
        return await self._upstream.ask("GET", "/v2/get_amqp_result_connection_url")

    def _endpoint(self, identity: Identity, endpoint_id: str) -> Endpoint:
        endpoint = ENDPOINTS.get(endpoint_id)
        if endpoint is None or not endpoint.is_usable_by(identity):
            raise not_found("endpoint", endpoint_id)
        return endpoint

    def _function(self, identity: Identity, function_id: str) -> Function:
        function = self._books.functions.get(function_id)
        if function is None:
            raise not_found("function", function_id)
        if not (identity.owns(function.owner) or function.is_public or function.group):
            raise forbidden("function")
        return function

    def _require_session(self, identity: Identity) -> None:
        asked = self._books.requirements
        if asked is None:
            return
        for name, satisfied in _REQUIREMENTS.items():
            if not set(asked.get(name, ())) <= set(identity.session[satisfied]):
                raise authorization_required(asked)
        if asked.get("session_required_mfa") and not identity.session["required_mfa"]:
            raise authorization_required(asked)

    def _book(
        self, identity: Identity, endpoint_id: str, body: dict[str, Any], answer: dict[str, Any]
    ) -> None:
        group_id = answer["task_group_id"]
        self._books.groups[group_id] = identity.sub
        tasks = []
        for function_id, task_ids in answer["tasks"].items():
            for task_id, payload in zip(task_ids, body["tasks"][function_id], strict=True):
                self._books.tasks[task_id] = Task(identity.sub, endpoint_id)
                digest = hashlib.sha256(payload.encode()).hexdigest()
                tasks.append({"id": task_id, "function": function_id, "payload": digest})
        self._books.submissions.append(
            {
                "at": time.time(),
                "identity": identity.sub,
                "endpoint": endpoint_id,
                "group": group_id,
                "config": body.get("user_endpoint_config"),
                "tasks": tasks,
            }
        )

    def _is_readable(self, identity: Identity, task_id: str) -> bool:
        task = self._books.tasks.get(task_id)
        return task is not None and identity.owns(task.owner) and not task.is_given

    def _tell(self, task_id: str, view: dict[str, Any]) -> dict[str, Any]:
        task = self._books.tasks[task_id]
        if task.endpoint_id in self._books.offline:
            return {"task_id": task_id, "status": "waiting-for-ep"}
        if view["status"] in _ENDED:
            task.is_given = self._books.results_once
        return view
