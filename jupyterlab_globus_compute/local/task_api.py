"""The routes of tasks and task groups."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from .classes import parse_class_limits
from .errors import ApiError, function_not_permitted, not_cancellable, not_found
from .routing import get, path_uuid, post, route
from .schemas import parse_submission, parse_task_ids
from .views import task_group_view, task_view, unknown_task_view

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import Route

    from .endpoint_api import EndpointApi
    from .events import EventLog
    from .records import Submission
    from .result_queue import ResultQueue
    from .store import Store
    from .task_engine import TaskEngine
    from .views import Endpoint

_PAGE = 500


class TaskApi:
    """The handlers; each returns the JSON value of its answer or raises ApiError."""

    def __init__(
        self,
        store: Store,
        engine: TaskEngine,
        endpoints: EndpointApi,
        events: EventLog,
        result_queue: ResultQueue | None,
    ) -> None:
        """``result_queue`` is None where no message broker has been named."""
        self._store = store
        self._engine = engine
        self._endpoints = endpoints
        self._events = events
        self._result_queue = result_queue

    def routes(self) -> list[Route]:
        """Return the table of routes."""
        return [
            post("/v3/endpoints/{endpoint_id}/submit", self._submit),
            get("/v2/tasks/{task_id}", self._task),
            route("DELETE", "/v3/tasks/{task_id}", self._cancel),
            post("/v2/batch_status", self._batch_status),
            get("/v2/taskgroup/{task_group_id}", self._task_group),
            get("/v2/get_amqp_result_connection_url", self._result_queue_address),
        ]

    def _submit(self, request: Request, body: dict[str, Any]) -> Any:
        endpoint = self._endpoints.require(request)
        submission = parse_submission(
            body,
            takes_resources=endpoint.engine == "htex",
            has_result_queue=self._result_queue is not None,
        )
        limits = parse_class_limits(body, submission, keeps_walltime=endpoint.engine == "process")
        submission = replace(submission, class_limits=limits)
        _check_permitted(endpoint, submission)
        accepted = self._store.add_tasks(submission)
        if submission.create_queue and self._result_queue is not None:
            # Before the answer: the client listens to the queue as soon as it has it.
            self._result_queue.declare(accepted.task_group_id)
        task_ids = accepted.in_order()
        now = time.time()
        self._events.publish([(task_id, "waiting-for-nodes", now) for task_id in task_ids])
        self._engine.submit(task_ids)
        return {
            "request_id": str(uuid.uuid4()),
            "task_group_id": accepted.task_group_id,
            "endpoint_id": endpoint.endpoint_id,
            "tasks": accepted.task_ids,
        }

    def _task(self, request: Request) -> Any:
        task_id = path_uuid(request, "task_id")
        view = self._task_views([task_id]).get(task_id)
        if view is None:
            raise not_found("task", task_id)
        return view

    def _cancel(self, request: Request) -> Any:
        task_id = path_uuid(request, "task_id")
        record = self._store.tasks([task_id]).get(task_id)
        if record is None:
            raise not_found("task", task_id)
        if record.outcome is not None:
            raise not_cancellable(task_id, "has ended already")
        outcome = self._engine.cancel(task_id)
        if outcome == "not-found":
            raise not_cancellable(task_id, "is just ending, or its engine cannot stop it")
        return {"task_id": task_id, "status": "failed", "reason": outcome}

    def _batch_status(self, _request: Request, body: dict[str, Any]) -> Any:
        # No id twice: each is a key of the answer.
        task_ids = list(dict.fromkeys(parse_task_ids(body)))
        # Page by page, for Python turns an object into text without letting other threads run.
        pages = [
            self._status_page(task_ids[start : start + _PAGE])
            for start in range(0, len(task_ids), _PAGE)
        ]
        text = f'{{"response":"batch","results":{{{",".join(pages)}}}}}'
        return Response(text, media_type="application/json")

    def _status_page(self, task_ids: list[str]) -> str:
        views = self._task_views(task_ids)
        page = {task_id: views.get(task_id) or unknown_task_view(task_id) for task_id in task_ids}
        return json.dumps(page, ensure_ascii=False, separators=(",", ":"))[1:-1]

    def _task_group(self, request: Request) -> Any:
        return task_group_view(self._store.task_group(path_uuid(request, "task_group_id")))

    def _result_queue_address(self, _request: Request) -> Any:
        if self._result_queue is None:
            reason = (
                "This service has no result queue, which the SDK's Executor needs: start it with "
                "--amqp-url, or use the SDK's Client, which needs none"
            )
            # Not a 5xx: the SDKs would try again and again.
            raise ApiError(404, "RESULT_QUEUE_NOT_FOUND", reason)
        return self._result_queue.address()

    def _task_views(self, task_ids: list[str]) -> dict[str, Any]:
        # Asked in this order a task never seems to go back from running to waiting: one
        # that ends in between is found finished.
        started_at = self._engine.started_at(task_ids)
        records = self._store.tasks(task_ids)
        return {
            task_id: task_view(record, started_at.get(task_id))
            for task_id, record in records.items()
        }


def _check_permitted(endpoint: Endpoint, submission: Submission) -> None:
    if endpoint.functions is None:
        return
    for function_id in submission.payloads:
        if function_id not in endpoint.functions:
            raise function_not_permitted(function_id, endpoint.endpoint_id)
