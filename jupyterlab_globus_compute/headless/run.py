"""One run of a `%%compute` cell."""

from __future__ import annotations

import base64
import json
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.errors import CellStop

from .batch import Batch
from .display import Display
from .envelopes import Shown, shown_with
from .errors import RemoteFailure, ServiceError, WaitStopped
from .failures import printed_before
from .follower import STOPPED, follow, poll
from .records import Record
from .service import Call, UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from jupyterlab_globus_compute.kernel.bridge.bridge import Bridge
    from jupyterlab_globus_compute.kernel.bridge.magic_line import Magic

    from .class_quota import ClassQuota
    from .records import Records
    from .services import Target

Json = dict[str, Any]

# The API takes 10 MiB in a request, the rest of it included.
_MAX_SUBMIT_CHARACTERS = 8 * 1024 * 1024

SENDING_STOPPED = "Interrupted while the calls were sent: the service may have taken them."


class Run:
    """Takes a cell from its text to its last output, by way of the bridge and a service."""

    def __init__(
        self,
        bridge: Bridge,
        magic: Magic,
        target: Target | None,
        records: Records,
        *,
        source_hash: str | None = None,
        quota: ClassQuota | None = None,
        note: str | None = None,
    ) -> None:
        """`target` is None for a cell that runs in this kernel alone; `source_hash` is that of
        the cell as it stands in the notebook. `quota` is what a class allows, `note` what the card
        says of where the cell runs.
        """
        self.batch: Batch | None = None
        self._bridge = bridge
        self._magic = magic
        self._where = target
        self._source_hash = source_hash
        self._quota = quota
        self._note = note
        self._records = records
        self._display = Display(bridge.shell, bool(magic.request["quiet"]))
        self._sid = str(uuid.uuid4())
        self._step: Json = {}
        self._calls: dict[int, tuple[Json, str]] = {}

    @property
    def _target(self) -> Target:
        """Where the calls go."""
        assert self._where is not None  # noqa: S101 - a cell that runs here makes no calls
        return self._where

    def begin(self, line: str, cell: str) -> bool:
        """Run a cell up to where it first needs results, and send its calls.

        Returns whether there are results to wait for. Raises what the bridge raises for a cell
        that cannot run, and `ServiceError`.
        """
        source = f"%%compute {line}\n{cell}"
        request = {"sid": self._sid, "source": source, "options": self._magic.request}
        self._bridge.arm({**request, "directory": None})
        return self._advance(lambda: self._bridge.magic(line, cell))

    def wait(self) -> None:
        """Wait for the results, and run the cell to its end.

        Raises `WaitStopped`, `RemoteFailure`, `ServiceError` and what the cell raises.
        """
        while self.batch is not None:
            try:
                self._follow(self.batch)
            except (WaitStopped, ServiceError) as error:
                self._give_up(error)
            except KeyboardInterrupt:
                self._give_up(WaitStopped(STOPPED))
            if not self.land():
                return

    def poll(self) -> bool:
        """Ask for results once; return whether all are there. Raises `ServiceError`."""
        return self.batch is None or (poll(self.batch) and not self._send_failed_again())

    def land(self) -> bool:
        """Put the results that are there in their places, and run the cell on.

        Returns whether there is more to wait for. Raises as `wait` does.
        """
        if self.batch is None:
            return False
        outcomes = self.batch.take_outcomes()
        for outcome in outcomes:
            self._display.outputs(shown_by(outcome))
        self._bridge.session(self._sid).feed(json.dumps(outcomes).encode())
        return self._advance(lambda: self._bridge.resume(self._sid))

    def _advance(self, go: Callable[[], None]) -> bool:
        """Run the cell on in the kernel; return whether there is more to wait for."""
        try:
            go()
            is_waiting = self._take_step()
        except CellStop as stop:
            self._end()
            assert self.batch is not None  # noqa: S101 - a task of it has failed
            raise failure_of(self.batch, str(stop)) from None
        except BaseException:
            self._end()
            raise
        if not is_waiting:
            self._end()
        return is_waiting

    def _end(self) -> None:
        if self.batch is not None:
            self._display.end(self.batch)

    def _take_step(self) -> bool:
        """Do what the step asks for; return whether there are results to wait for."""
        step = json.loads(base64.b64decode(self._bridge.session(self._sid).take()))
        for warning in step["warnings"]:
            self._display.note(warning)
        if step.get("report"):
            print(step["report"])
            print(f"Endpoint: {self._target.endpoint_name} ({self._target.endpoint_id})")
            return False
        if step["state"] == "finished":
            if step["form"] == "register" and self._where is not None:
                self._register(step)
            return False
        try:
            self._send(step)
        except KeyboardInterrupt:
            self._bridge.discard(self._sid, SENDING_STOPPED)
            self._remark(SENDING_STOPPED)
            raise WaitStopped(SENDING_STOPPED) from None
        except BaseException as error:
            self._bridge.discard(self._sid, f"the calls were not sent: {error}")
            raise
        return True

    def _remark(self, note: str) -> None:
        if self.batch is not None:
            self.batch.note = note

    def _register(self, step: Json) -> None:
        for function in step["functions"]:
            function_id = self._target.service.register(function, self._magic)
            print(f"{function['name']} is registered: function {function_id}")

    def _send(self, step: Json) -> None:
        if self._quota is not None:
            self._quota.check(step["tasks"])
        if self.batch is None:
            title = self._magic.request["name"] or step["name"]
            self.batch = Batch(title, self._target)
            self.batch.source_hash = self._source_hash
            self.batch.note = self._note
        batch = self.batch
        self._step = step
        functions = {function["key"]: function for function in step["functions"]}
        batch.plan(step["tasks"])
        self._display.begin(batch)
        for task in step["tasks"]:
            self._calls[task["index"]] = (functions[task["function"]], task["payload"])
        try:
            self._submit(batch, [task["index"] for task in step["tasks"]])
        except ServiceError as error:
            batch.fail(str(error))
            raise

    def _submit(self, batch: Batch, indexes: list[int]) -> None:
        """Submit calls, in as many requests as their size asks for."""
        with self._reserved(len(indexes)) as taken:
            part: list[int] = []
            size = 0
            for index in indexes:
                length = len(self._calls[index][1])
                if part and size + length > _MAX_SUBMIT_CHARACTERS:
                    self._submit_part(batch, part)
                    taken(len(part))
                    part, size = [], 0
                part.append(index)
                size += length
            self._submit_part(batch, part)

    def _reserved(self, number: int) -> AbstractContextManager[Callable[[int], None]]:
        """See `ClassQuota.reserved`; without a class nothing is counted."""
        if self._quota is None:
            return nullcontext(lambda _some: None)
        return self._quota.reserved(number)

    def _submit_part(self, batch: Batch, indexes: list[int], *, again: bool = True) -> None:
        service, magic = self._target.service, self._magic
        limits = self._quota.kept_by(service) if self._quota is not None else None
        ids = [service.register(self._calls[index][0], magic) for index in indexes]
        calls = [Call(ids[at], self._calls[index][1]) for at, index in enumerate(indexes)]
        try:
            accepted = service.submit(
                self._target.endpoint_id, calls, batch.task_group_id, self._step, magic, limits
            )
        except UnknownError:
            # A service that lost its functions takes them again, once.
            if not again:
                raise
            for index in indexes:
                service.forget(self._calls[index][0], magic)
            self._submit_part(batch, indexes, again=False)
            return
        if batch.task_group_id is None:
            endpoint = (self._target.endpoint_id, self._target.endpoint_name)
            group = (accepted.group_id, batch.created)
            self._records.add(Record(batch.title, service.name, *endpoint, *group))
        for at, index in enumerate(indexes):
            batch.accept(accepted.group_id, ids[at], index, accepted.task_ids[at])
            if not magic.retries:
                del self._calls[index]

    def _follow(self, batch: Batch) -> None:
        follow(batch, self._magic.timeout_ms, self._display.progress)
        while self._send_failed_again():
            follow(batch, self._magic.timeout_ms, self._display.progress)

    def _send_failed_again(self) -> bool:
        """Submit what failed once more where --retries allows it; return whether there was any."""
        batch = self.batch
        if batch is None:
            return False
        indexes = [
            index
            for index in batch.failed_outcomes()
            if batch.attempts(index) <= self._magic.retries
        ]
        if not indexes:
            return False
        for index in indexes:
            batch.forget_outcome(index)
        self._submit(batch, indexes)
        return True

    def _give_up(self, error: WaitStopped | ServiceError) -> None:
        """End the waiting and say so; the tasks go on. Raises the error with what to do."""
        assert self.batch is not None  # noqa: S101 - there is something to wait for
        batch = self.batch
        why = str(error).rstrip(".")
        batch.note = f"{why}; their values stay there: %compute_result {batch.task_group_id}"
        self._bridge.discard(self._sid, str(error))
        self._display.end(batch)
        raise type(error)(
            f"{why}. %compute_result {batch.task_group_id} brings the results."
        ) from None


def shown_by(outcome: Json) -> Shown:
    """Return what a task wrote and drew there."""
    if outcome["ok"]:
        return shown_with(outcome["data"])
    return Shown(*printed_before(outcome["data"]))


def failure_of(batch: Batch, text: str) -> RemoteFailure:
    """Return the error of a cell whose tasks failed: the first of them, and how many more."""
    failed = [task for task in batch.tasks if task["state"] == "failed"]
    first = failed[0]
    heading = f"{first['label']} failed on {batch.target.endpoint_name}"
    if first.get("attempts", 1) > 1:
        heading += f" ({first['attempts']} attempts)"
    if len(failed) > 1:
        heading += f", and {len(failed) - 1} more of {len(batch.tasks)} tasks"
    traceback = first["failure"]["traceback"] or text
    return RemoteFailure(text, heading, traceback)
