"""A compute service, by way of the Compute SDK."""

from __future__ import annotations

import functools
import platform
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from globus_compute_sdk import __version__ as sdk_version
from globus_compute_sdk.serialize import ComputeSerializer
from globus_sdk import GlobusAPIError, NetworkError

from jupyterlab_globus_compute.gateway.class_record import LIMITS_FIELD

from .errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from globus_compute_sdk import Client

    from jupyterlab_globus_compute.kernel.bridge.magic_line import Magic

Json = dict[str, Any]
T = TypeVar("T")

_PER_REQUEST = 1000
_RETRIES = 1
_NOT_FOUND = 404
_UNAUTHORIZED = 401
_RESULT_SERIALIZERS = {"json": ["globus_compute_sdk.serialize.JSONData"]}


class Call(NamedTuple):
    """A call to submit: the id of its function, and its packed arguments."""

    function_id: str
    payload: str


class Accepted(NamedTuple):
    """What the service took: the task group, and the ids of the tasks in the order of the calls."""

    group_id: str
    task_ids: list[str]


class UnknownError(ServiceError):
    """The service knows nothing of that id."""


class UnreachableError(ServiceError):
    """The service does not answer; it may do so later."""


class Service:
    """One compute service; `connect` makes a client of it, again when the connection is lost.

    Every method raises `ServiceError` for what the service refuses or does not answer, and
    `UnknownError` for an id that it does not know, `UnreachableError` if it does not answer.
    """

    def __init__(self, name: str, connect: Callable[[], Client], longest_pause_s: float) -> None:
        self.name = name
        self.longest_pause_s = longest_pause_s
        self._connect = connect
        self._client: Client | None = None
        self._functions: dict[tuple[Any, ...], str] = {}

    def endpoints(self) -> list[Json]:
        """Return what the service lists: `{"uuid", "name", "display_name"}`."""
        return list(self._ask(lambda client: client.get_endpoints()))

    def endpoint(self, endpoint_id: str) -> Json:
        """Return what the service tells of an endpoint."""
        return dict(self._ask(lambda client: client.get_endpoint_metadata(endpoint_id)))

    def is_online(self, endpoint_id: str) -> bool | None:
        """Tell whether an endpoint takes tasks now; None if the service does not say."""
        try:
            told = self._ask(lambda client: client.get_endpoint_status(endpoint_id))
        except ServiceError:
            return None
        return {"online": True, "offline": False}.get(str(dict(told).get("status")))

    def has_function(self, function_id: str) -> bool:
        """Tell whether a function has that id."""
        try:
            self._ask(lambda client: client.get_function(function_id))
        except UnknownError:
            return False
        return True

    def register(self, function: Json, magic: Magic) -> str:
        """Return the id of a function that the bridge prepared, registering it once."""
        if function.get("id"):
            return str(function["id"])
        key = _registration_key(function, magic)
        if key not in self._functions:
            body = _registration(function, magic)
            self._functions[key] = self._ask(functools.partial(_register, body=body))
        return self._functions[key]

    def forget(self, function: Json, magic: Magic) -> None:
        """Forget a function that the service no longer knows."""
        self._functions.pop(_registration_key(function, magic), None)

    def submit(
        self,
        endpoint_id: str,
        calls: Sequence[Call],
        group_id: str | None,
        step: Json,
        magic: Magic,
        limits: Json | None = None,
    ) -> Accepted:
        """Submit calls in one request and one task group.

        `limits` are those of a class, which only the service of this computer takes.
        """

        def send(client: Client) -> Accepted:
            batch = client.create_batch(
                task_group_id=group_id,
                resource_specification=step.get("resources"),
                user_endpoint_config=step.get("config"),
                result_serializers=_RESULT_SERIALIZERS.get(magic.request["resultSerializer"] or ""),
            )
            for call in calls:
                batch.tasks[uuid.UUID(call.function_id)].append(call.payload)
            # The tasks may have been taken although no answer came: never sent twice.
            with client._compute_web_client.v3.retry_config.tune(max_retries=0):
                answer: Any = (
                    client.batch_run(endpoint_id, batch)
                    if limits is None
                    # The SDK knows nothing of the field.
                    else client._compute_web_client.v3.submit(
                        endpoint_id, {**batch.prepare(), LIMITS_FIELD: limits}
                    )
                )
            ids = {function_id: iter(ids) for function_id, ids in answer["tasks"].items()}
            in_order = [str(next(ids[call.function_id])) for call in calls]
            return Accepted(str(answer["task_group_id"]), in_order)

        return self._once(send)

    def states(self, task_ids: Sequence[str]) -> list[Json]:
        """Return what the service says of tasks, finished ones with their serialized results."""
        views: list[Json] = []
        for at in range(0, len(task_ids), _PER_REQUEST):
            part = task_ids[at : at + _PER_REQUEST]
            answer: Any = self._ask(functools.partial(_task_batch, task_ids=part))
            for task_id, view in answer["results"].items():
                views.append({**view, "task_id": task_id})
        return views

    def task_group(self, group_id: str) -> list[str]:
        """Return the ids of the tasks of a group, oldest first."""
        answer: Any = self._ask(
            lambda client: client._compute_web_client.v2.get_task_group(group_id)
        )
        tasks = sorted(answer["tasks"], key=lambda task: str(task.get("created_at", "")))
        return [str(task["id"]) for task in tasks]

    def task(self, task_id: str) -> Json:
        """Return what the service says of one task."""
        answer: Any = self._ask(lambda client: client._compute_web_client.v2.get_task(task_id))
        return dict(answer.data)

    def _ask(self, question: Callable[[Client], T]) -> T:
        """Ask, once more with a new connection if the service was restarted meanwhile."""
        try:
            return question(self._connected())
        except NetworkError:
            self._client = None
        except GlobusAPIError as error:
            if error.http_status != _UNAUTHORIZED:
                raise self._told(error) from None
            self._client = None
        return self._once(question)

    def _once(self, question: Callable[[Client], T]) -> T:
        try:
            return question(self._connected())
        except GlobusAPIError as error:
            raise self._told(error) from None
        except NetworkError as error:
            self._client = None
            raise UnreachableError(
                f"the {self.name} service cannot be reached: {type(error).__name__}"
            ) from None

    def _connected(self) -> Client:
        if self._client is None:
            client = self._connect()
            # A service that was restarted has another address: asking there for long is in vain.
            client._compute_web_client.v2.retry_config.max_retries = _RETRIES
            self._client = client
        return self._client

    def _told(self, error: GlobusAPIError) -> ServiceError:
        kind = UnknownError if error.http_status == _NOT_FOUND else ServiceError
        return kind(f"the {self.name} service answers: {_reason(error)}")


def _reason(error: GlobusAPIError) -> str:
    """Return what the API says for people, which the SDK does not always find."""
    told = error.raw_json or {}
    return str(error.message or told.get("reason") or error.code)


def _task_batch(client: Client, task_ids: Sequence[str]) -> Any:
    return client._compute_web_client.v2.get_task_batch(task_ids)


def _register(client: Client, body: Json) -> str:
    web = client._compute_web_client
    # Version 3 has no place for a container.
    answer: Any = (
        web.v2.register_function(body)
        if "container_uuid" in body
        else web.v3.register_function(body)
    )
    return str(answer["function_uuid"])


def _registration(function: Json, magic: Magic) -> Json:
    """Return the request that registers a function, as the SDK's `FunctionRegistrationData`."""
    packed = function.get("serialized") or f"st\n{function['entry']}:{function['source']}"
    metadata = {
        "python_version": platform.python_version() if function.get("serialized") else "3",
        "sdk_version": sdk_version,
        "serde_identifier": packed[:2],
    }
    body: Json = {
        "function_name": function["entry"],
        "function_code": ComputeSerializer.pack_buffers([packed]),
        "description": magic.description or f"{function['name']}, from a notebook cell",
    }
    if magic.public:
        body["public"] = True
    if magic.group:
        body["group"] = magic.group
    if magic.container:
        return {**body, "metadata": metadata, "container_uuid": magic.container}
    return {**body, "serialized": True, "meta": metadata}


def _registration_key(function: Json, magic: Magic) -> tuple[Any, ...]:
    options = (magic.public, magic.group, magic.description, magic.container)
    return (function["hash"], function.get("serialized"), *options)
