"""Calls of remote functions in plain cells: `area.submit(3)`.

The kernel reaches no gateway. It reaches the local service where that runs on this computer and
the kernel's Python has the package; elsewhere a `%%compute` cell is the way.
"""

from __future__ import annotations

import importlib
import sys
import time
from typing import TYPE_CHECKING, Any

from .arguments import packed_call
from .call_sources import CallSources
from .errors import RemoteCallError
from .failures import TaskFailed
from .labels import label_of
from .magic_line import parse_magic
from .origins import origin_of
from .pickling import loaded
from .session import Session

if TYPE_CHECKING:
    from .namespace import Json
    from .remote_functions import RemoteFunction
    from .session import Host

PACKAGE = "jupyterlab_globus_compute"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.5
ENDED = ("success", "failed")


class Submitted:
    """A call that was submitted: `task_id`, `done()`, `result()`."""

    def __init__(self, session: Session, service: Any, task_id: str, label: str) -> None:
        self.task_id = task_id
        self._session = session
        self._service = service
        self._label = label
        self._told: Json | None = None
        self._value: Any = None

    def __repr__(self) -> str:
        return f"<{self._label}, submitted as task {self.task_id}>"

    def done(self) -> bool:
        """Tell whether the task has ended. Raises what the service's errors are."""
        if self._told is None:
            [told] = self._service.states([self.task_id])
            if told["status"] in ENDED:
                self._settle(told)
        return self._told is not None

    def result(self, timeout: float | None = None) -> Any:
        """Wait for the value, at most `timeout` seconds; what the function printed is shown.

        Raises `TaskFailed` if the task failed, `TimeoutError` if it has not ended by then.
        """
        end = None if timeout is None else time.monotonic() + timeout
        pause = FIRST_PAUSE_S
        while not self.done():
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"{self!r} has not ended yet")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
        if isinstance(self._value, TaskFailed):
            raise self._value
        return self._value

    def _settle(self, told: Json) -> None:
        self._told = told
        if told["status"] != "success":
            self._value = TaskFailed(str(told.get("exception") or told.get("reason") or ""))
            return
        value, envelope = loaded(told["result"])
        if envelope is not None:
            sys.stdout.write(envelope["out"])
            sys.stderr.write(envelope["err"])
            value = self._session.loaded(envelope)
        self._value = value


def submitted(bridge: Host, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Any:
    """Submit a call to the local service.

    Raises `RemoteCallError` where none can be reached, `TypeError` and `CellError` for arguments.
    """
    function.check(args, kwargs)
    label = label_of(function.__name__, args, kwargs)
    packed = packed_call(function, args, kwargs)
    session = Session(bridge, {"sid": "", "source": "", "options": {}})
    sources = CallSources(session, origin_of("", (), 1))
    sources.note(function, packed.names)
    source = sources.of(function.__name__)
    magic = parse_magic("%%compute")
    registration = {"name": function.__name__, "entry": source.entry, "source": source.text,
                    "hash": source.hash, "id": source.uuid, "serialized": None}  # fmt: skip
    try:
        headless = importlib.import_module(f"{PACKAGE}.headless.service")
        connect = importlib.import_module(PACKAGE).connect
        service = headless.Service("local", connect, LONGEST_PAUSE_S)
        endpoint_id = str(service.endpoints()[0]["uuid"])
        call = headless.Call(service.register(registration, magic), packed.payload)
        accepted = service.submit(endpoint_id, [call], None, {}, magic)
    except ImportError as error:
        reason = f"the kernel's Python has no {error.name}: pip install jupyterlab-globus-compute"
        raise unreachable(function, label, reason) from None
    except Exception as error:  # noqa: BLE001 - of the package: its text says what to do
        raise unreachable(function, label, str(error)) from None
    for warning in session.take_warnings():
        sys.stderr.write(f"Note: {warning}\n")
    return Submitted(session, service, accepted.task_ids[0], label)


def unreachable(function: RemoteFunction, label: str, reason: str) -> RemoteCallError:
    """Return the error of a kernel that reaches no service."""
    return RemoteCallError(
        f"{function.__name__}.submit(...) reaches no service from this kernel: {reason}. "
        f"Or write {label} into a %%compute cell"
    )
