"""What one kernel keeps."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import threading
from typing import TYPE_CHECKING, Any

from .body_session import BodySession
from .call_session import CallSession
from .cell_text import CellText
from .errors import CellError, CellStop, CellSyntaxError, RemoteCallError, UserTraceback
from .labels import label_of
from .notebook import Notebook
from .remote_functions import RemoteFunction
from .statements import calls_in, functions_in
from .submissions import submitted
from .tracebacks import rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .namespace import Json
    from .session import Session

NEWS = {
    "call": "this cell was sent as a whole before. Now that it has a function, what stands down to "
    "the last function runs there, and the rest here; --body sends the whole cell",
    "body": "this cell has no function any more, so that all of it runs there, as one task",
}


# The step of a cell that was armed with other defaults than there are.
STALE = base64.b64encode(b'{"state": "stale"}').decode()


class Bridge:
    """What one kernel keeps: the sessions of its cells, and the `compute` magic."""

    def __init__(
        self,
        shell: Any,
        fallback: Callable[[str, str], Any] | None,
        defaults: Callable[[], str] = str,
    ) -> None:
        """Take the shell, whoever runs cells that were not armed, and the line of defaults."""
        self.shell = shell
        self.notebook = Notebook(shell)
        self.active: Session | None = None
        self.lock = threading.RLock()
        self.fallback = fallback
        self._sessions: dict[str, Session] = {}
        self._armed: list[Json] = []
        self._stale: set[str] = set()
        self._defaults = defaults
        self._forms: dict[str, str] = {}
        self._local = threading.local()
        self._loop: asyncio.AbstractEventLoop | None = None

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop that runs what cells await; one for all, as their objects stay on it."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop

    def arm(self, request: Json) -> None:
        """Take what is to be known of the cell that is about to be executed."""
        ended = [sid for sid, old in self._sessions.items() if old.state in ("finished", "closed")]
        for sid in ended:
            del self._sessions[sid]
        self._stale.clear()
        self._armed = [*self._armed[-7:], request]

    def magic(self, line: str, cell: str) -> Any:
        """Run `%%compute`: the armed request whose text this is, else whoever had the magic."""
        text = normalized(f"%%compute {line}\n{cell}")
        armed = [request for request in self._armed if normalized(request["source"]) == text]
        if armed:
            self._armed = [request for request in self._armed if request not in armed]
            return self._start(armed[-1])
        if self.fallback is None:
            raise CellError("run this cell with JupyterLab's own Run: it sends what it computes")
        return self.fallback(line, cell)

    def _start(self, request: Json) -> None:
        if request.get("defaults", self._defaults()) != self._defaults():
            self._stale.add(request["sid"])
            return
        count = self.shell.execution_count - 1
        cell = CellText(self.shell, request["source"], count)
        session = self._session(request, cell)
        session.count = count
        self.notebook.remember(count, cell.text)
        with self._dry_run(count) if session.is_dry else contextlib.nullcontext():
            try:
                session.prepare()
            except BaseException:
                self.notebook.remember(count, "#")
                raise
            self._note_form(request, session)
            self._sessions[session.id] = session
            self._run(session, session.proceed)

    def _note_form(self, request: Json, session: CallSession | BodySession) -> None:
        """Tell, before anything is sent, that a cell means something else than when it last ran."""
        form = "body" if isinstance(session, BodySession) else "call"
        cell = request.get("cellId")
        if cell is None or request["options"].get("local"):
            return
        before = self._forms.get(cell, form)
        if before != form and not request["options"].get("body"):
            session.warn([NEWS[form]])
        if not session.is_dry:
            self._forms[cell] = form

    @contextlib.contextmanager
    def _dry_run(self, count: int) -> Iterator[None]:
        """Leave the notebook's names, and what is known of its cells, as they were."""
        space = self.shell.user_ns
        before = dict(space)
        try:
            yield
        finally:
            self.notebook.remember(count, "#")
            for name in [name for name in space if name not in before]:
                del space[name]
            space.update(before)

    def _session(self, request: Json, cell: CellText) -> CallSession | BodySession:
        body = cell.tree.body
        ends = [at + 1 for at, statement in enumerate(body) if functions_in(statement)]
        remote = [name for name, value in list(self.shell.user_ns.items())
                  if isinstance(value, RemoteFunction)]  # fmt: skip
        options = request["options"]
        offered = [pair for pair in options.pop("offered", None) or () if self._is_free(pair[0])]
        options["functions"] = [*offered, *(options.get("functions") or ())]
        given = [name for name, _ in options["functions"]]
        is_asked = given and any(options.get(key) for key in ("args", "kwargs", "over"))
        calls = ends or is_asked or calls_in(cell.tree, [*remote, *given])
        if options.get("body") or not calls:
            return BodySession(self, request, cell)
        return CallSession(self, request, cell, body[: ends[-1]] if ends else [])

    def _is_free(self, name: str) -> bool:
        """Tell whether the notebook has nothing of its own by that name."""
        value = self.shell.user_ns.get(name)
        return value is None or (isinstance(value, RemoteFunction) and value.uuid is not None)

    def _run(self, session: Session, step: Callable[[], None]) -> None:
        """Run a step of a cell; what it raises is shown with the user's frames only."""
        try:
            step()
        except (CellError, CellStop, UserTraceback) as error:
            session.close(f"the cell stopped: {error}")
            raise
        except SyntaxError as error:
            session.close(f"the cell stopped: {error}")
            raise CellSyntaxError(error, rendered(error)) from None
        except BaseException as error:
            session.close(f"the cell stopped: {type(error).__name__}")
            with contextlib.suppress(AttributeError):
                error._render_traceback_ = functools.partial(rendered, error)  # type: ignore[attr-defined]
            raise

    def call(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Any:
        """Call a remote function: a task in a running cell, plain inside `.local`."""
        here = self.active is not None and self.active.is_running_here
        if here or getattr(self._local, "depth", 0) > 0:
            return function.plain(*args, **kwargs)
        if isinstance(self.active, CallSession):
            return self.active.call(function, args, kwargs)
        name = function.__name__
        raise RemoteCallError(
            f"{name} runs on Globus Compute: call it in a %%compute cell, submit it with "
            f"{label_of(f'{name}.submit', args, kwargs)}, or run "
            f"{label_of(f'{name}.local', args, kwargs)} here"
        )

    def submit(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Any:
        """Submit a call from a plain cell; in a running `%%compute` cell just make it."""
        if self.active is not None:
            return self.call(function, args, kwargs)
        return submitted(self, function, args, kwargs)

    @contextlib.contextmanager
    def running_locally(self) -> Iterator[None]:
        """Let this thread's calls of remote functions run the plain functions."""
        self._local.depth = getattr(self._local, "depth", 0) + 1
        try:
            yield
        finally:
            self._local.depth -= 1

    def session(self, sid: str) -> Session:
        """Return a session. Raises `CellError` if the kernel does not know it."""
        if sid not in self._sessions:
            raise CellError(
                "the kernel does not know this run, as it was restarted or the run was ended: "
                "run the cell again"
            )
        return self._sessions[sid]

    def take(self, sid: str) -> str:
        """Return the step that a session reached, as base64 of JSON."""
        return STALE if sid in self._stale else self.session(sid).take()

    def resume(self, sid: str) -> None:
        """Put the results of a session in their places and run on."""
        session = self.session(sid)
        self._run(session, session.resume)

    def discard(self, sid: str, reason: str) -> None:
        """Forget a session."""
        self.session(sid).close(reason)
        del self._sessions[sid]


def normalized(text: str) -> str:
    """Return a cell's text without what IPython strips before it calls a magic."""
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
