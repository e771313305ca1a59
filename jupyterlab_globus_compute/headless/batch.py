"""The tasks of one cell, and what is known of them."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from .failures import python_of, read_failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .services import Target

Json = dict[str, Any]

_FINAL = ("success", "failed")
_WAITING = ("received", "waiting-for-ep", "waiting-for-nodes", "waiting-for-launch")
_LOST = "The service no longer has the result of this task."
_TIMES = ("submitted", "started", "ended")
_MAX_TASKS = 1000
_MAX_FAILURES = 100


class Batch:
    """The tasks of one cell. Times are seconds since the epoch; `source_hash` is the SHA-256 of
    the cell's text in hex, where that is known.

    `outcomes` are those of finished tasks as the bridge takes them, by the task's index, until
    `take_outcomes` hands them over.
    """

    def __init__(self, title: str, target: Target, *, created: float | None = None) -> None:
        self.id = str(uuid.uuid4())
        self.title = title
        self.target = target
        self.created = time.time() if created is None else created
        self.task_group_id: str | None = None
        self.note: str | None = None
        self.source_hash: str | None = None
        self.tasks: list[Json] = []
        self._function_ids: list[str] = []
        self._index_of: dict[str, int] = {}
        self._outcomes: dict[int, Json] = {}
        self._python: str | None = None
        self._sdk: str | None = None
        self._problem = False

    def plan(self, calls: Iterable[Mapping[str, Any]]) -> None:
        """Add calls that are about to be submitted: `{"index", "label", "line"}`."""
        for call in calls:
            task = {"index": call["index"], "label": call["label"], "state": "received"}
            if call.get("line") is not None:
                task["line"] = call["line"]
            self.tasks.append(task)

    def accept(self, group_id: str, function_id: str | None, index: int, task_id: str) -> None:
        """Note that the service took a call as a task."""
        self.task_group_id = group_id
        if function_id and function_id not in self._function_ids:
            self._function_ids.append(function_id)
        task = self.tasks[index]
        if "id" in task:
            task["attempts"] = task.get("attempts", 1) + 1
            self._index_of.pop(task["id"], None)
            for key in ("started", "ended", "failure"):
                task.pop(key, None)
        task.update(id=task_id, submitted=time.time(), state="received")
        self._index_of[task_id] = index

    def open_ids(self) -> list[str]:
        """Return the ids of the tasks that have not ended."""
        return [task["id"] for task in self.tasks if "id" in task and task["state"] not in _FINAL]

    def attempts(self, index: int) -> int:
        """Return how often a task was submitted."""
        return int(self.tasks[index].get("attempts", 1))

    def update(self, view: Mapping[str, Any]) -> None:
        """Take in what the service says of a task."""
        index = self._index_of.get(str(view.get("task_id")))
        if index is None or self.tasks[index]["state"] in _FINAL:
            return
        task = self.tasks[index]
        details = view.get("details") or {}
        times = details.get("task_transitions") or details.get("transitions") or {}
        if times.get("execution-start") is not None:
            task["started"] = times["execution-start"]
        if "result" in view or "exception" in view or view.get("status") in (*_FINAL, "unknown"):
            self._finish(index, view, times.get("execution-end"))
            python = details.get("python_version")
            self._python = str(python) if python else self._python
            sdk = details.get("globus_compute_sdk_version")
            self._sdk = str(sdk) if sdk else self._sdk
        elif view.get("status") in (*_WAITING, "running"):
            task["state"] = view["status"]

    def take_outcomes(self) -> list[Json]:
        """Return the outcomes of finished tasks since the last call, in task order."""
        outcomes = [self._outcomes[index] for index in sorted(self._outcomes)]
        self._outcomes.clear()
        return outcomes

    def failed_outcomes(self) -> list[int]:
        """Return the indexes of failed tasks whose outcomes were not taken yet."""
        return [index for index, outcome in sorted(self._outcomes.items()) if not outcome["ok"]]

    def forget_outcome(self, index: int) -> None:
        """Drop the outcome of a task that is submitted again."""
        del self._outcomes[index]

    def fail(self, problem: str) -> None:
        """Note why the batch cannot be sent."""
        self._problem = True
        self.note = problem

    @property
    def counts(self) -> dict[str, int]:
        """How many tasks are in which phase."""
        counts = {"total": len(self.tasks), "waiting": 0, "running": 0, "done": 0, "failed": 0}
        for task in self.tasks:
            state = task["state"]
            phase = {"success": "done", "failed": "failed", "running": "running"}
            counts[phase.get(state, "waiting")] += 1
        return counts

    @property
    def state(self) -> str:
        """What the batch as a whole is doing, in the words of the card."""
        counts = self.counts
        if self._problem:
            return "problem"
        if any("id" not in task for task in self.tasks):
            return "sending"
        if counts["running"] or (counts["waiting"] and counts["done"] + counts["failed"]):
            return "running"
        if counts["waiting"]:
            return "waiting"
        return "failed" if counts["failed"] else "done"

    def snapshot(self) -> Json:
        """Return the batch as the card saves it in a notebook: `IBatchSnapshot`."""
        counts, state = self.counts, self.state
        told: Json = {
            "version": 1,
            "id": self.id,
            "title": self.title,
            "state": state,
            "service": self.target.service.name,
            "endpoint": {"id": self.target.endpoint_id, "name": self.target.endpoint_name},
            "functionIds": list(self._function_ids),
            "created": self.created,
            "counts": counts,
            "tasks": self._shown_tasks(),
        }
        ends = [task["ended"] for task in self.tasks if "ended" in task]
        if state in ("done", "failed") and ends:
            told["ended"] = max(ends)
        optional = {"taskGroupId": self.task_group_id, "pythonVersion": self._python,
                    "sdkVersion": self._sdk,
                    "note": self.note, "sourceHash": self.source_hash}  # fmt: skip
        return {**told, **{key: value for key, value in optional.items() if value is not None}}

    def _shown_tasks(self) -> list[Json]:
        later = [task for task in self.tasks[_MAX_TASKS:] if task["state"] == "failed"]
        shown = [*self.tasks[:_MAX_TASKS], *later[:_MAX_FAILURES]]
        # A card is saved in the notebook: a thousandth of a second is all that anybody reads.
        return [{**task, **{key: round(task[key], 3) for key in _TIMES if key in task}}
                for task in shown]  # fmt: skip

    def _finish(self, index: int, view: Mapping[str, Any], ended: float | None) -> None:
        task = self.tasks[index]
        task["ended"] = ended or _seconds(view.get("completion_t")) or time.time()
        if "result" in view:
            task["state"] = "success"
            self._outcomes[index] = {"index": index, "ok": True, "data": view["result"]}
            return
        task["state"] = "failed"
        if "exception" in view:
            text = str(view["exception"])
            task["failure"] = read_failure(text)
            self._python = python_of(text) or self._python
        else:
            reason = str(view.get("reason") or _LOST)
            text = f"ResultLost: {reason}"
            task["failure"] = {"type": "ResultLost", "message": reason, "traceback": ""}
        self._outcomes[index] = {"index": index, "ok": False, "data": text}


def _seconds(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
