"""Asking for tasks: what the vault has is not asked for, and what comes is stored first."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.recorded_submit import RecordedSubmit
from jupyterlab_globus_compute.gateway.task_answers import TaskAnswers
from jupyterlab_globus_compute.gateway.transport import ServiceAnswer, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOG = logging.getLogger("gateway-tests")
DOWN = GatewayError(503, "VAULT_UNUSABLE", "The disk is full.")


class Store:
    """A vault that holds what it is given; broken on request."""

    def __init__(self, **held: bytes) -> None:
        self.held: dict[str, bytes] = held
        self.is_broken = False

    async def known(self, service: str, task_ids: Sequence[str]) -> Mapping[str, bytes]:
        self._check(service)
        return {task_id: self.held[task_id] for task_id in task_ids if task_id in self.held}

    async def keep_batch_status(self, service: str, answer: bytes) -> Mapping[str, bytes]:
        self._check(service)
        results = json.loads(answer)["results"]
        kept = {task_id: json.dumps(fields).encode() for task_id, fields in results.items()}
        self.held.update(kept)
        return kept

    async def keep_task(self, service: str, task_id: str, answer: bytes) -> None:
        self._check(service)
        self.held[task_id] = answer

    def _check(self, service: str) -> None:
        assert service == "lab"
        if self.is_broken:
            raise DOWN


class Service:
    """Answers with what it has been told to, and notes what it was asked for."""

    def __init__(self, *answers: ServiceAnswer) -> None:
        self.asked: list[ServiceRequest] = []
        self._answers = list(answers)

    async def ask(self, request: ServiceRequest) -> ServiceAnswer:
        """Answer."""
        self.asked.append(request)
        return self._answers.pop(0)


def status(**results: str) -> ServiceAnswer:
    """An answer to batch_status."""
    fields = {task_id: {"status": state} for task_id, state in results.items()}
    return ServiceAnswer(200, json.dumps({"response": "batch", "results": fields}).encode())


async def ask_for(store: Store, service: Service, *task_ids: Any) -> ServiceAnswer:
    """Ask for the states of tasks."""
    body = {"task_ids": list(task_ids)}
    request = ServiceRequest("POST", "v2/batch_status", body=json.dumps(body).encode())
    return await TaskAnswers("lab", store, service.ask, LOG).batch_status(request, body)


def asked_ids(request: ServiceRequest) -> list[str]:
    """Which tasks a request asks for."""
    ids: list[str] = json.loads(request.body or b"{}")["task_ids"]
    return ids


async def test_what_the_vault_has_is_not_asked_for() -> None:
    store = Store(a=b'{"status":  "success"}')
    service = Service(status(b="running"))
    answer = await ask_for(store, service, "b", "a", "a")
    assert [asked_ids(request) for request in service.asked] == [["b"]]
    expected = (
        b'{"response":"batch","results":{"b":{"status": "running"},"a":{"status":  "success"}}}'
    )
    assert answer == ServiceAnswer(200, expected)
    assert store.held["b"] == b'{"status": "running"}'

    silent = Service()
    again = await ask_for(store, silent, "a", "b")
    assert json.loads(again.body)["results"].keys() == {"a", "b"}
    assert silent.asked == []


async def test_an_answer_of_the_service_alone_stays_as_it_is() -> None:
    store, told = Store(), status(a="success")
    assert await ask_for(store, Service(told), "a") is told
    assert set(store.held) == {"a"}


async def test_errors_of_the_service_are_passed_on() -> None:
    error = ServiceAnswer(429, b"{}", "7")
    assert await ask_for(Store(a=b"{}"), Service(error), "a", "b") is error
    assert await ask_for(Store(), Service(error), "b") is error


@pytest.mark.parametrize("ids", ["all", [1], None])
async def test_the_service_says_what_is_wrong_with_a_request(ids: Any) -> None:
    refusal = ServiceAnswer(422, b"{}")
    service = Service(refusal)
    request = ServiceRequest("POST", "v2/batch_status", body=b"{}")
    answers = TaskAnswers("lab", Store(), service.ask, LOG)
    assert await answers.batch_status(request, {"task_ids": ids}) is refusal


async def test_a_broken_vault_keeps_no_result_from_the_browser(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Store()
    store.is_broken = True
    told = status(a="success")
    assert await ask_for(store, Service(told), "a") is told
    one = ServiceAnswer(200, b'{"status": "success"}')
    answers = TaskAnswers("lab", store, Service(one).ask, LOG)
    assert await answers.task(ServiceRequest("GET", "v2/tasks/a"), "a") is one
    assert caplog.text.count("The disk is full.") == 4


async def test_one_task_is_asked_for_once() -> None:
    store = Store()
    one = ServiceAnswer(200, b'{"status": "success"}')
    answers = TaskAnswers("lab", store, Service(one).ask, LOG)
    request = ServiceRequest("GET", "v2/tasks/a")
    assert await answers.task(request, "a") is one
    assert await answers.task(request, "a") == one


class Observer:
    """Notes what it is told; keeps submits back, or fails to take them down, on request."""

    def __init__(self, **errors: GatewayError) -> None:
        self.told: list[tuple[Any, ...]] = []
        self._errors = errors

    async def sending(self, service: str, batch: str) -> None:
        self._note("sending", service, batch)

    async def accepted(
        self, service: str, batch: str, task_group: str, tasks: Mapping[str, Sequence[str]]
    ) -> None:
        self._note("accepted", service, batch, task_group, tasks)

    async def refused(self, service: str, batch: str, error: GatewayError) -> None:
        self._note("refused", service, batch, error.code)

    async def unknown(self, service: str, batch: str, error: GatewayError) -> None:
        self._note("unknown", service, batch, error.code)

    def _note(self, what: str, *details: Any) -> None:
        self.told.append((what, *details[2:]))
        if what in self._errors:
            raise self._errors[what]


ACCEPTED = ServiceAnswer(
    200, b'{"task_group_id": "g", "tasks": {"f": ["1", "2"]}, "request_id": "r"}'
)


async def submit(observer: Observer, outcome: ServiceAnswer | GatewayError) -> ServiceAnswer:
    """Submit with this outcome."""

    async def send() -> ServiceAnswer:
        observer.told.append(("sent",))
        if isinstance(outcome, GatewayError):
            raise outcome
        return outcome

    return await RecordedSubmit("lab", "b", observer, LOG).send(send)


async def test_accepted_tasks_are_recorded_before_the_answer() -> None:
    observer = Observer()
    assert await submit(observer, ACCEPTED) is ACCEPTED
    assert observer.told == [("sending",), ("sent",), ("accepted", "g", {"f": ["1", "2"]})]


async def test_a_submit_can_be_kept_back() -> None:
    observer = Observer(sending=DOWN)
    with pytest.raises(GatewayError, match="disk"):
        await submit(observer, ACCEPTED)
    assert observer.told == [("sending",)]


async def test_tasks_that_could_not_be_recorded_are_answered_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await submit(Observer(accepted=DOWN), ACCEPTED) is ACCEPTED
    assert "not recorded" in caplog.text


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (ServiceAnswer(403, b'{"code": "NO", "reason": "no"}'), ("refused", "NO")),
        (ServiceAnswer(500, b"oops"), ("refused", "REFUSED")),
        (GatewayError(502, "SUBMIT_OUTCOME_UNKNOWN", "?"), ("unknown", "SUBMIT_OUTCOME_UNKNOWN")),
        (GatewayError(502, "SERVICE_UNREACHABLE", "?"), ("refused", "SERVICE_UNREACHABLE")),
        (ServiceAnswer(200, b'{"tasks": []}'), ("unknown", "INVALID_ANSWER")),
    ],
)
async def test_what_became_of_a_submit_is_told(
    outcome: ServiceAnswer | GatewayError, told: tuple[str, str]
) -> None:
    observer = Observer()
    if isinstance(outcome, GatewayError) or told[1] == "INVALID_ANSWER":
        with pytest.raises(GatewayError):
            await submit(observer, outcome)
    else:
        assert await submit(observer, outcome) is outcome
    assert observer.told[-1] == told
