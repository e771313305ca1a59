"""What runs inside the notebook's kernel: `%%compute` cells become tasks of Globus Compute.

One file of the standard library, sent as text into any IPython kernel (Python 3.9 or newer), where
it lives as the module `_globus_compute_bridge`; its own text is in `__source__`. JupyterLab talks
to it through the functions at the end: `arm`, then the cell's own text runs the `compute` magic,
`take` tells what to submit, `feed` and `resume` bring the results, `discard` gives up.

A cell is one of three forms. *Call*: everything down to the last function goes there, everything
below runs here, statement by statement, where calling a function makes a task. *Body*: the whole
cell is one task. *Register*: functions that nothing below uses. What is sent is source text
(strategy `st` of `globus_compute_sdk.serialize`), whose line n is line n of the cell.
"""

# ruff: noqa: S102, S301, S307
# exec, eval and pickle are what a kernel does: the code is the user's own, and results are loaded
# only in a run that the user started.
from __future__ import annotations
import __future__

import ast
import asyncio
import base64
import builtins
import collections
import contextlib
import copy
import dis
import functools
import hashlib
import importlib.util
import inspect
import io
import itertools
import json
import linecache
import os
import pickle
import re
import reprlib
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import threading
import tokenize
import traceback
import types
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from typing import TypeGuard

Json = dict[str, Any]
Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]

MAIN = "__main__"
OWN_FILE = (lambda: None).__code__.co_filename
PICKLE_PROTOCOL = 4


WORKER_IMPORTS = (
    "import __future__, ast, asyncio, base64, contextlib, functools, importlib, inspect, io, json, "
    "linecache, os, pickle, re, subprocess, sys, tempfile, threading, traceback, types"
)

# --- Worker: the text from here to the end mark runs in the worker, on whatever Python it has -----
# No f-strings: `ast.unparse` of a newer Python writes them so that an older one cannot read them.
FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
RESULT_BUDGET_BYTES = 7_600_000  # base64 of it stays below the 10 MiB `execute_task` allows
STREAM_BUDGET_BYTES = 4_000_000
ERROR_BUDGET_BYTES = 2_000_000
TEXT_BUDGET_CHARACTERS = 20_000
LONG_CONTAINER = 1000  # elements; as IPython, show no more of them
IPYTHON_DISPLAYS = ("IPython.display", "IPython.core.display_functions", "IPython.core.display")
REPRESENTATIONS = (
    ("html", "text/html"),
    ("markdown", "text/markdown"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("latex", "text/latex"),
    ("json", "application/json"),
)


@functools.lru_cache(maxsize=256)
def compiled(label: str, text: str, lazy: bool) -> types.CodeType:
    """Compile a unit of source once per process; tracebacks and `inspect` find its lines."""
    linecache.cache[label] = (len(text), None, text.splitlines(True), label)
    flags = __future__.annotations.compiler_flag if lazy else 0
    code: types.CodeType = compile(text, label, "exec", flags, True)
    return code


@functools.lru_cache(maxsize=256)
def compiled_body(label: str, text: str, quiet: bool) -> list[types.CodeType]:
    """Compile a whole cell once per process: its statements, then its last expression if any."""
    linecache.cache[label] = (len(text), None, text.splitlines(True), label)
    tree = ast.parse(text, label)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not quiet:
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    codes = [compile(tree, label, "exec", flags, True)]
    if last is not None:
        codes.append(compile(last, label, "eval", codes[0].co_flags & FUTURES | flags, True))
    return codes


def publish(space: dict[str, Any]) -> None:
    """Copy functions and classes to the worker's `__main__`, where pickle looks for them.

    Names that the worker's own main program uses stay as they are.
    """
    main = sys.modules["__main__"].__dict__
    ours = main.setdefault("_gc_published", set())
    for name, value in list(space.items()):
        defined = callable(value) and getattr(value, "__module__", None) == "__main__"
        if defined and (name in ours or name not in main):
            ours.add(name)
            main[name] = value


def entry(space: dict[str, Any], units: Any, name: str, options: dict[str, Any]) -> Any:
    """Load the units into `space` and return the function that the worker is to call.

    `units` holds `(where, label, text, lazy annotations)`: what tracebacks call the text, the file
    name it is compiled under, and the text. `options`: `capture`, `ipython`, `outputs`, and for a
    whole cell (the last unit) `body` and `quiet`.
    """
    places = {label: where for where, label, _, _ in units}
    try:
        for _, label, text, lazy in units[:-1] if options.get("body") else units:
            exec(compiled(label, text, lazy), space)
        publish(space)
        if options.get("body"):
            function = functools.partial(run_body, space, units[-1], options)
        else:
            function = space[name]
    except BaseException as error:  # noqa: BLE001 - whatever it is, its traceback is the answer
        raise Exception(report(error, places, {})) from None

    def run(*args: Any, **kwargs: Any) -> dict[str, Any]:
        return call(functools.partial(function, *args, **kwargs), space, places, options)

    run.__name__ = name
    return run


def call(
    function: Callable[[], Any],
    space: dict[str, Any],
    places: dict[str, str],
    options: dict[str, Any],
) -> dict[str, Any]:
    """Call the function and return the envelope of its result, of plain builtin values only.

    Raises `Exception`, whose text is the user's traceback and a line of JSON, for any failure:
    a `SystemExit` that gets out would take the worker along.
    """
    capture = Capture(space, options)
    envelope = {"gc": 1}  # type: dict[str, Any]
    failure = None
    with capture:
        try:
            value = settled(function())
            envelope["mime"] = {} if value is None else bundle(value)
            envelope["value"], envelope["how"] = packed(value, "the result")
            envelope["outputs"] = {
                name: packed(space[name], name)[0] for name in options.get("outputs", ())
            }
            capture.draw(value)
        except BaseException as error:  # noqa: BLE001 - see above
            failure = error
            capture.draw(None)
    caught = {
        "out": capture.out,
        "err": capture.err,
        "display": capture.display,
        "python": "%d.%d.%d" % sys.version_info[:3],
    }
    if failure is not None:
        raise Exception(report(failure, places, caught)) from None
    envelope.update(caught)
    return fitted(envelope, RESULT_BUDGET_BYTES)


def settled(value: Any) -> Any:
    """Wait for what is awaitable, and refuse what cannot travel for a reason worth telling."""
    if inspect.isawaitable(value):

        async def wait() -> Any:
            return await value

        value = asyncio.run(wait())
    if isinstance(value, (types.GeneratorType, types.AsyncGeneratorType, map, filter, zip)):
        name = type(value).__name__
        raise TypeError("the result is a %s, which cannot travel: return list(...) instead" % name)
    return value


def run_body(space: dict[str, Any], unit: Any, options: dict[str, Any], **inputs: Any) -> Any:
    """Run a whole cell as a module's text; return the value of its last expression."""
    _, label, text, _ = unit
    space.update(inputs)
    if "get_ipython" in text:
        space["get_ipython"] = lambda: Shell(space)
    codes = compiled_body(label, text, options["quiet"])
    value = None
    if any(code.co_flags & inspect.CO_COROUTINE for code in codes):

        async def run() -> Any:
            value = None
            for code in codes:
                value = eval(code, space)
                if code.co_flags & inspect.CO_COROUTINE:
                    value = await value
            return value

        value = asyncio.run(run())
    else:
        for code in codes:
            value = eval(code, space)
    publish(space)
    missing = [name for name in options["outputs"] if name not in space]
    if missing:
        raise NameError("the cell does not set %s, which -o brings back" % ", ".join(missing))
    return value


class Shell:
    """What `!command` of a cell becomes where no IPython is."""

    def __init__(self, space: dict[str, Any]) -> None:
        self._space = space

    def system(self, command: str) -> None:
        """Run a command; its output goes to this process's own streams."""
        subprocess.run(self._expanded(command), shell=True, check=False)  # noqa: S602

    def getoutput(self, command: str) -> list[str]:
        """Run a command and return the lines it writes."""
        return subprocess.getoutput(self._expanded(command)).splitlines()  # noqa: S605

    def _expanded(self, command: str) -> str:
        def value(match: Any) -> str:
            name = match.group(1) or match.group(2)
            return str(self._space[name]) if name in self._space else match.group(0)

        return re.sub(r"\{(\w+)\}|\$(\w+)", value, command)


class Capture:
    """Everything that a call writes, shows and draws, from entering this context to leaving it.

    File descriptors 1 and 2 are redirected too, so that subprocesses are heard; `sys.stdout`
    writes to descriptor 1 unbuffered, so the order is kept. Only in the main thread: two threads
    cannot share the redirection.
    """

    def __init__(self, space: dict[str, Any], options: dict[str, Any]) -> None:
        self.out = self.err = ""
        self.display = []  # type: list[dict[str, Any]]
        self._space = space
        self._options = options
        self._streams = []  # type: list[tuple[int, int, int]]
        self._patched = []  # type: list[tuple[dict[str, Any], str, Any]]
        self._drawn = set()  # type: set[int]
        self._figures = set()  # type: set[int]

    def __enter__(self) -> Capture:
        if os.environ.get("MPLBACKEND", "module:").startswith("module:"):
            os.environ["MPLBACKEND"] = "Agg"
        if not self._options["capture"]:
            self._space.setdefault("display", print)
            return self
        if self._options["ipython"]:
            self._import_ipython()
        pyplot = sys.modules.get("matplotlib.pyplot")
        self._figures = set(pyplot.get_fignums()) if pyplot else set()
        self._patch_displays()
        if threading.current_thread() is threading.main_thread():
            self._redirect()
        return self

    def __exit__(self, *failure: object) -> None:
        for module, name, value in reversed(self._patched):
            module[name] = value
        texts = {}
        for number, saved, file in self._streams:
            os.dup2(saved, number)
            os.close(saved)
            texts[number] = contents(file)
            os.close(file)
        self.out, self.err = texts.get(1, ""), texts.get(2, "")

    def show(self, *values: Any, raw: bool = False, **_options: Any) -> None:
        """Stand in for IPython's `display`."""
        for value in values:
            self._drawn.add(id(value))
            self.display.append(plain(value) if raw else bundle(value))

    def draw(self, value: Any) -> None:
        """Draw each figure opened during the call once and close it; `value` shows itself."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None or not self._options["capture"]:
            return
        for number in set(pyplot.get_fignums()) - self._figures:
            figure = pyplot.figure(number)
            if figure is not value and id(figure) not in self._drawn:
                self.display.append(bundle(figure))
            pyplot.close(number)

    def _import_ipython(self) -> None:
        with contextlib.suppress(ImportError):  # the code may do without
            importlib.import_module("IPython.display")

    def _patch_displays(self) -> None:
        for name in IPYTHON_DISPLAYS:
            module = sys.modules.get(name)
            if module is not None and hasattr(module, "display"):
                self._patch(module.__dict__, "display", self.show)
        known = self._space.get("display")
        if known is None or getattr(known, "__module__", "").startswith("IPython"):
            self._space["display"] = self.show

    def _patch(self, space: dict[str, Any], name: str, value: Any) -> None:
        self._patched.append((space, name, space.get(name)))
        space[name] = value

    def _redirect(self) -> None:
        self._patched.append((sys.__dict__, "stdin", sys.stdin))
        sys.stdin = io.StringIO()  # asking would wait for ever: EOFError instead
        for number, name in ((1, "stdout"), (2, "stderr")):
            previous = getattr(sys, name)
            try:
                if previous is not None:
                    previous.flush()
                saved = os.dup(number)
            except (OSError, ValueError):
                continue  # this process has no such stream
            file = memory_file()
            os.dup2(file, number)
            self._streams.append((number, saved, file))
            if unbuffered(number).closed:
                unbuffered.cache_clear()
            self._patch(sys.__dict__, name, unbuffered(number))


@functools.lru_cache(maxsize=2)
def unbuffered(number: int) -> Any:
    """Return a text stream on a file descriptor.

    One per process, for a logging handler made during a call keeps it.
    """
    raw = io.FileIO(number, "w", closefd=False)  # type: Any
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="\n", write_through=True)


def memory_file() -> int:
    """Return the descriptor of a new file without a name, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        try:
            return os.memfd_create("output")
        except OSError:
            pass  # a sandbox may forbid it
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def contents(file: int) -> str:
    """Read a file by its descriptor; leave out the middle of a very long one."""
    size = os.fstat(file).st_size
    os.lseek(file, 0, os.SEEK_SET)
    if size <= STREAM_BUDGET_BYTES:
        return os.read(file, size).decode("utf-8", "replace")
    half = STREAM_BUDGET_BYTES // 2
    head = os.read(file, half)
    os.lseek(file, -half, os.SEEK_END)
    text = head.decode("utf-8", "replace") + os.read(file, half).decode("utf-8", "replace")
    return shortened(text, STREAM_BUDGET_BYTES - 200, size)


def shortened(text: str, limit: int, size: int) -> str:
    """Leave out the middle of a text, and say so."""
    half = max(limit // 2, 0)
    note = "\n[... the middle of %d characters is left out ...]\n" % size
    return text[:half] + note + text[len(text) - half :]


def packed(value: Any, what: str) -> tuple[bytes, str]:
    """Pickle by name; by value (bytecode, same Python only) if that fails."""
    try:
        return pickle.dumps(value, 4), "pickle"
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        try:
            import dill  # noqa: PLC0415 - there when the worker has it, which is not sure

            # Only the globals that functions refer to: not the whole namespace, runtime included.
            return dill.dumps(value, 4, recurse=True), "dill"
        except Exception:  # noqa: BLE001 - the first error says more
            text = "%s of type %s cannot travel: %s" % (what, type(value).__name__, error)
            raise TypeError(text) from None


def bundle(value: Any) -> dict[str, Any]:
    """Return the MIME bundle of a value, as IPython's display formatter would."""
    found = {"text/plain": text_of(value)}  # type: dict[str, Any]
    if isinstance(value, type):
        return found
    found.update(represented(value, "mimebundle", include=None, exclude=None) or {})
    for form, mime in REPRESENTATIONS:
        data = represented(value, form)
        if data is not None:
            found[mime] = data
    figure = any(base.__module__ == "matplotlib.figure" for base in type(value).__mro__)
    if figure and "image/png" not in found:
        picture = io.BytesIO()
        try:
            value.savefig(picture, format="png", bbox_inches="tight")
            found["image/png"] = picture.getvalue()
        except Exception as error:  # noqa: BLE001 - drawing runs what the user hung into the figure
            found["text/plain"] = "<cannot be drawn: %s: %s>" % (type(error).__name__, error)
    return plain(found)


def represented(value: Any, form: str, **options: Any) -> Any:
    """Return one of the value's forms, or None; its metadata is left out."""
    try:
        represent = getattr(value, "_repr_%s_" % form, None)
        data = None if represent is None else represent(**options)
    except Exception:  # noqa: BLE001 - as IPython: a failing form is left out
        return None
    return data[0] if isinstance(data, tuple) and data else data


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """Return the bundle with builtin values only, whatever libraries put there."""
    clean = {}
    for mime, data in found.items():
        if isinstance(data, (bytes, bytearray)):
            clean[str(mime)] = base64.b64encode(data).decode()
        elif isinstance(data, str):
            clean[str(mime)] = str(data)
        elif data is not None:
            clean[str(mime)] = json.loads(json.dumps(data, default=repr))
    return clean


def text_of(value: Any) -> str:
    """Return the value's `repr`, of bounded length."""
    try:
        more = ""
        if type(value) in (list, tuple, set, dict) and len(value) > LONG_CONTAINER:
            items = list(value.items() if type(value) is dict else value)[:LONG_CONTAINER]
            more = "\n[... %d more ...]" % (len(value) - LONG_CONTAINER)
            value = type(value)(items)
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - a value may have a broken repr
        return "<no text: %s: %s>" % (type(error).__name__, error)
    if len(text) > TEXT_BUDGET_CHARACTERS:
        text = shortened(text, TEXT_BUDGET_CHARACTERS, len(text))
    return str(text) + more


def weight(item: Any) -> int:
    """Return about how many bytes a plain value takes when pickled."""
    if isinstance(item, bytes):
        return len(item)
    if isinstance(item, str):
        return len(item) if item.isascii() else 3 * len(item)
    if isinstance(item, dict):
        return sum(weight(key) + weight(value) for key, value in item.items())
    return sum(map(weight, item)) if isinstance(item, list) else 8


def fitted(told: dict[str, Any], budget: int) -> dict[str, Any]:
    """Make it fit: pictures go first, then streams are cut, then rich forms; never the value."""
    bundles = [told.get("mime", {}), *told.get("display", [])]
    for unwanted in ("image/", "", "text/"):
        if weight(told) <= budget:
            return told
        if not unwanted:
            rest = weight({name: told[name] for name in told if name not in ("out", "err")})
            limit = max((budget - rest) // 6, 1000)
            for name in ("out", "err"):
                if len(told.get(name, "")) > limit:
                    told[name] = shortened(told[name], limit, len(told[name]))
            continue
        for found in bundles:
            for mime in [mime for mime in found if mime.startswith(unwanted)]:
                if mime != "text/plain":
                    del found[mime]
                    found["text/plain"] = "[left out: the result is too large to travel with it]"
    return told


def report(failure: BaseException, places: dict[str, str], caught: dict[str, Any]) -> str:
    """Tell of a failure: the user's traceback, then `#gc ` and what there is to show, in JSON."""
    told = {
        "type": type(failure).__name__,
        "message": message_of(failure),
        "frames": frames_of(failure, places),
        "out": "",
        "err": "",
        "display": [],
        "python": "%d.%d.%d" % sys.version_info[:3],
    }  # type: dict[str, Any]
    told.update(caught)
    text = traceback_of(failure, places, 0)
    return text.rstrip() + "\n#gc " + json.dumps(fitted(told, ERROR_BUDGET_BYTES))


def message_of(failure: BaseException) -> str:
    """Return the text of an exception, even of one that cannot tell it."""
    try:
        return str(failure)
    except Exception as error:  # noqa: BLE001 - an exception may have a broken __str__
        return "<no text: %s>" % type(error).__name__


def frames_of(failure: BaseException, places: dict[str, str]) -> list[list[Any]]:
    """Return `[where, line, name, source line]` of each of the user's own frames."""
    frames = []
    for frame, line in traceback.walk_tb(failure.__traceback__):
        label = frame.f_code.co_filename
        if label in places:
            source = linecache.getline(label, line).strip()
            frames.append([places[label], line, frame.f_code.co_name, source])
    return frames[:20] + frames[-20:] if len(frames) > 40 else frames  # noqa: PLR2004 - recursion


def traceback_of(failure: BaseException, places: dict[str, str], depth: int) -> str:
    """Return the text of the traceback, of the user's own frames only."""
    text = ""
    cause = failure.__cause__
    before = cause or (None if failure.__suppress_context__ else failure.__context__)
    if before is not None and depth < 5:  # noqa: PLR2004 - chains may be circular
        link = "direct cause of the following" if cause else "context of another"
        text = traceback_of(before, places, depth + 1)
        text += "\nThe above was the " + link + " exception:\n\n"
    text += "Traceback (most recent call last):\n"
    for where, line, name, source in frames_of(failure, places):
        text += '  File "%s", line %d, in %s\n    %s\n' % (where, line, name, source)
    try:
        last = "".join(traceback.format_exception_only(type(failure), failure))
    except Exception:  # noqa: BLE001 - an exception may have a broken __str__
        last = type(failure).__name__ + "\n"
    for label, where in places.items():
        last = last.replace(label, where)
    for part in getattr(failure, "exceptions", ())[:5]:
        if isinstance(part, BaseException) and depth < 5:  # noqa: PLR2004 - as above
            last += traceback_of(part, places, depth + 1)
    return text + last


# --- Worker: end ----------------------------------------------------------------------------------


# --- Errors ---------------------------------------------------------------------------------------
class UserTraceback(Exception):  # noqa: N818 - a way of being shown, not an error of its own
    """Shown by IPython with the frames of the user's code only."""

    def _render_traceback_(self) -> list[str]:
        return rendered(self)


class CellError(Exception):
    """A `%%compute` cell cannot run as it is written; the text says why and what to do."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m{type(self).__name__}\x1b[0m: {self}"]


class CellSyntaxError(CellError):
    """A `SyntaxError` in the cell, shown as IPython shows one, at the line of the cell.

    Not a subclass of `SyntaxError`: IPython shows those with the frames that led to it.
    """

    def __init__(self, error: SyntaxError, lines: list[str]) -> None:
        super().__init__(f"{error.msg} (line {error.lineno})")
        self._lines = lines

    def _render_traceback_(self) -> list[str]:
        return self._lines


CellSyntaxError.__name__ = "SyntaxError"


class CellStop(Exception):  # noqa: N818 - stops the cell; the failure itself is shown elsewhere
    """Ends a cell whose tasks failed: status `error`, and nothing to show."""

    def _render_traceback_(self) -> list[str]:
        return []


CellStop.__name__ = "TaskFailed"


class NotReady(UserTraceback, RuntimeError):  # noqa: N818 - a state, as asyncio.InvalidStateError
    """The value of a call was needed before it was here."""


class NotReadyAttribute(NotReady, AttributeError):  # noqa: N818 - as NotReady
    """As `NotReady`; also an `AttributeError`, so that libraries may ask what the value has."""


class RemoteCallError(UserTraceback, RuntimeError):
    """A remote function was called where calls make no tasks."""


class TaskFailed(Exception):  # noqa: N818 - what users read in its repr
    """Stands where the value of a failed task would be.

    `type_name` and `message` are of the exception there, `text` is the whole error text.
    """

    def __init__(self, text: str) -> None:
        self.text, _, details = text.partition("\n#gc ")
        self.type_name, self.message = failure_of(self.text, details)
        super().__init__(f"{self.type_name}: {self.message}" if self.message else self.type_name)

    def __repr__(self) -> str:
        return f"<failed: {self}>"


class NotLoaded:
    """Stands where a value would be that came back but cannot be made here.

    Shows itself as the value did there.
    """

    def __init__(self, reason: str, mime: Json) -> None:
        self.reason = reason
        self._mime = mime

    def __repr__(self) -> str:
        return f"<came back, but cannot be loaded here: {self.reason}>"

    def _repr_mimebundle_(self, **_options: object) -> Json:
        return self._mime or {"text/plain": repr(self)}


def failure_of(text: str, details: str) -> tuple[str, str]:
    """Return type and message of a failure: told by our wrapper, else the last line of the text."""
    if details:
        with contextlib.suppress(ValueError, KeyError):
            told = json.loads(details)
            return str(told["type"]), str(told["message"])
    last = text.strip().rpartition("\n")[2]
    match = re.fullmatch(r"([\w.]+)(?:: (.*)|\((.*)\))?", last)
    return (match[1], match[2] or match[3] or "") if match else ("Error", last)


def trimmed(tail: types.TracebackType | None, shell: Any) -> types.TracebackType | None:
    """Return the traceback from the user's first frame on, without the frames of this file."""
    frames = []
    while tail is not None:
        frames.append(tail)
        tail = tail.tb_next
    for at in reversed(range(len(frames))):
        if frames[at].tb_frame.f_code in (execute.__code__, CallSession._evaluate.__code__):
            frames = frames[at + 1 :]
            break
    known = getattr(shell.compile, "_filename_map", {})
    while frames and frames[0].tb_frame.f_code.co_filename not in known:
        frames = frames[1:]
    result = None
    for frame in reversed(frames):
        if frame.tb_frame.f_code.co_filename != OWN_FILE:
            result = types.TracebackType(result, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return result


def rendered(error: BaseException) -> list[str]:
    """Return the lines IPython shows for an error, with the frames of the user's code only."""
    shell = sys.modules["IPython"].get_ipython()
    tail = trimmed(error.__traceback__, shell)
    if isinstance(error, SyntaxError):
        lines = shell.SyntaxTB.structured_traceback(type(error), error, traceback.extract_tb(tail))
    else:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, tail, tb_offset=0)
    return [str(line) for line in lines]


# --- Placeholders and remote functions ------------------------------------------------------------
PENDING, DONE, FAILED, CLOSED = "pending", "done", "failed", "closed"


class Task:
    """One call: what is sent, and what became of it. `index` counts up over the session."""

    __slots__ = ("function", "index", "label", "line", "payload", "reason", "session", "state",
                 "value")  # fmt: skip

    def __init__(self, session: Session, function: str, label: str, payload: str, line: int):
        self.session, self.function, self.label = session, function, label
        self.payload, self.line = payload, line
        self.index = -1
        self.state = PENDING
        self.reason = ""
        self.value: Any = None

    def settle(self, state: str, value: Any) -> None:
        """Take the outcome; what was sent is needed no more."""
        self.state, self.value, self.payload = state, value, ""

    def close(self, reason: str) -> None:
        """Give up waiting, for a reason that whoever needs the value is told."""
        if self.state == PENDING:
            self.state, self.reason, self.payload = CLOSED, reason, ""


class Placeholder:
    """Stands where the result of a call will be.

    It may be stored anywhere. `done()`, `result()`, `task_index`, `repr`, hash and `is` work;
    whatever else needs the value and raises `NotReady`.
    """

    __slots__ = ("__weakref__", "_task")

    def __init__(self, task: Task) -> None:
        self._task = task

    @property
    def task_index(self) -> int:
        """Number of the task among those of its cell, from 0."""
        return self._task.index

    def done(self) -> bool:
        """Tell whether the result, or the error, is here."""
        return self._task.state in (DONE, FAILED)

    def result(self) -> Any:
        """Return the value.

        Raises `TaskFailed` if the task failed, `NotReady` if its result is not here.
        """
        task = self._task
        if task.state == FAILED:
            raise task.value
        if task.state != DONE:
            raise NotReady(self._missing("result()"))
        return task.value

    def __repr__(self) -> str:
        return f"<result of {self._task.label}>"

    __hash__ = object.__hash__

    def __await__(self) -> Generator[None, None, Placeholder]:
        # `await f()` and `asyncio.gather` place the result, as an assignment does.
        yield from ()
        return self

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # asked by libraries to see what a value can do
            raise AttributeError(name)
        raise NotReadyAttribute(self._missing(f".{name}"))

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        self._needed("sending it to another task")

    def _needed(self, what: str) -> NoReturn:
        error = NotReady(self._missing(what))
        self._task.session.touched.append(error)
        raise error

    def _missing(self, what: str) -> str:
        task = self._task
        if task.state == CLOSED:
            return f"{self!r} will not come: {task.reason}. Run the cell again."
        if task.state != PENDING:
            return f"{self!r} is here, but not in its place: take it with .result()"
        return (
            f"{self!r} is not here yet: {what} needs its value. Put it in a statement of its own "
            "below, where the cell waits for it, or let the function do it there."
        )


OPERATIONS = {
    "add": "+", "radd": "+", "iadd": "+=", "sub": "-", "rsub": "-", "isub": "-=", "mul": "*",
    "rmul": "*", "imul": "*=", "matmul": "@", "rmatmul": "@", "truediv": "/", "rtruediv": "/",
    "itruediv": "/=", "floordiv": "//", "rfloordiv": "//", "mod": "%", "rmod": "%", "pow": "**",
    "rpow": "**", "divmod": "divmod()", "rdivmod": "divmod()", "and": "&", "rand": "&", "or": "|",
    "ror": "|", "xor": "^", "rxor": "^", "lshift": "<<", "rlshift": "<<", "rshift": ">>",
    "rrshift": ">>", "neg": "-", "pos": "+", "abs": "abs()", "invert": "~", "eq": "==",
    "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "bool": "a condition",
    "int": "int()", "float": "float()", "complex": "complex()", "index": "an index",
    "round": "round()", "str": "str()", "format": "formatting", "bytes": "bytes()",
    "fspath": "a path", "len": "len()", "iter": "iteration", "next": "next()",
    "reversed": "reversed()", "contains": "in", "getitem": "[...]", "setitem": "[...] =",
    "delitem": "del [...]", "call": "calling it", "enter": "with", "exit": "with",
    "aiter": "async for", "array": "an array", "array_ufunc": "NumPy",
}  # fmt: skip


def _operation(what: str) -> Callable[..., NoReturn]:
    def refuse(self: Placeholder, *_args: object, **_options: object) -> NoReturn:
        self._needed(what)

    return refuse


for _name, _what in OPERATIONS.items():
    setattr(Placeholder, f"__{_name}__", _operation(_what))


class Origin(NamedTuple):
    """Where functions come from: the part of a cell that runs there.

    `text` has line n of the cell as line n; `tree` is its parse and `names` what it reads and
    binds; `functions` are those it defines; `lazy` tells that annotations are not evaluated;
    `first_line` is where it starts.
    """

    text: str
    tree: ast.Module
    names: Names
    functions: tuple[str, ...]
    lazy: bool
    first_line: int


def origin_of(text: str, functions: Iterable[str], first_line: int) -> Origin:
    """Read the part of a cell that runs there."""
    tree = ast.parse(text)
    # A class may look at its annotations while it is made: dataclasses do.
    lazy = not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
    return Origin(text, tree, names_of(tree, lazy), tuple(functions), lazy, first_line)


class RemoteFunction:
    """A function that runs on Globus Compute: called in a `%%compute` cell it makes a task.

    `.local(...)` runs the plain function here, in the kernel.
    """

    def __init__(self, bridge: Bridge, name: str, origin: Origin, local: Any, problem: str) -> None:
        if callable(local):
            functools.update_wrapper(self, local, updated=())
        self.__name__ = self.__qualname__ = name
        self.__module__ = MAIN
        self.origin = origin
        self.plain = local
        self._bridge = bridge
        self._problem = problem
        self._check = argument_check(name, local)

    def __repr__(self) -> str:
        return f"<remote function {self.__name__}>"

    def __get__(self, instance: object, owner: type | None = None) -> RemoteFunction:
        # With this, `help` and `inspect` take it for a function.
        return self

    def __reduce__(self) -> Any:
        return getattr, (_Main(), self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._bridge.call(self, args, kwargs)

    def local(self, *args: Any, **kwargs: Any) -> Any:
        """Run the plain function here; the cell's functions it calls run here too."""
        if not callable(self.plain):
            raise RemoteCallError(f"{self.__name__} cannot run here: {self._problem}")
        with self._bridge.running_locally():
            return self.plain(*args, **kwargs)

    def check(self, args: tuple[Any, ...], kwargs: Json) -> None:
        """Raise `TypeError`, as Python words it, for arguments the function does not take."""
        if self._check is not None:
            self._check(*args, **kwargs)

    def argument_names(self, args: tuple[Any, ...]) -> list[str]:
        """Return the names of positional arguments, or their numbers where they have none."""
        names: list[str] = []
        with contextlib.suppress(TypeError, ValueError):
            names = [
                parameter.name
                for parameter in inspect.signature(self.plain).parameters.values()
                if parameter.kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD
            ]
        return [names[at] if at < len(names) else str(at + 1) for at in range(len(args))]


class _Main:
    """Pickles as the module `__main__` of whoever loads it."""

    def __reduce__(self) -> Any:
        return __import__, (MAIN,)


def argument_check(name: str, function: Any) -> Callable[..., None] | None:
    """Return an empty function with the same parameters: Python checks arguments best itself."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    kind = inspect.Parameter
    bare = [
        parameter.replace(annotation=kind.empty, default=kind.empty)
        if parameter.default is kind.empty
        else parameter.replace(annotation=kind.empty, default=None)
        for parameter in parameters
    ]
    space: Json = {}
    exec(f"def {name}{inspect.Signature(bare)}: pass", space)
    check: Callable[..., None] = space[name]
    return check


# --- Values on their way --------------------------------------------------------------------------
class NotebookPickler(pickle.Pickler):
    """Pickles by name, and notes which of the notebook's own functions and classes it met."""

    def __init__(self, file: io.BytesIO, met: set[str]) -> None:
        super().__init__(file, PICKLE_PROTOCOL)
        self._met = met

    def reducer_override(self, value: Any) -> Any:
        """Note definitions of the notebook; leave the pickling as it is."""
        if isinstance(value, RemoteFunction) or (
            isinstance(value, (type, types.FunctionType))
            and getattr(value, "__module__", None) == MAIN
        ):
            self._met.add(value.__qualname__.partition(".")[0])
        return NotImplemented


class Pickled(NamedTuple):
    """A value packed: the notebook's definitions it needs, and whether it carries bytecode."""

    data: bytes
    names: set[str]
    bytecode: bool


def pickled(value: Any) -> Pickled:
    """Pickle by name, else by value with dill where it is installed.

    Raises `NotReady` for an unfinished result inside, or what pickle raised.
    """
    file = io.BytesIO()
    names: set[str] = set()
    try:
        NotebookPickler(file, names).dump(value)
    except NotReady:
        raise
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        try:
            import dill  # noqa: PLC0415 - there when the kernel has it, which is not sure
        except ImportError:
            raise error from None
        try:
            return Pickled(dill.dumps(value, PICKLE_PROTOCOL), set(), True)
        except Exception:  # noqa: BLE001 - the first error says more
            raise error from None
    return Pickled(file.getvalue(), names, False)


def pickling_problem(value: Any) -> str:
    """Return why a value cannot be packed; nothing if it can."""
    try:
        pickled(value)
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        return str(error) or type(error).__name__
    return ""


def bytecode_warning(what: str) -> str:
    """Return what to tell of a value that only the same Python can load."""
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{what} travels as bytecode: it needs Python {version} there, or def it in a cell"


def buffer(data: bytes) -> str:
    """Return pickled data as the SDK's strategy `00` (`DillDataBase64`) writes it."""
    return "00\n" + base64.encodebytes(data).decode()


def pack_buffers(buffers: Sequence[str]) -> str:
    """Join buffers as `globus_compute_sdk.serialize.utils.pack_buffers`: lengths in characters."""
    return "".join(f"{len(part)}\n{part}" for part in buffers)


def loaded(data: str) -> tuple[Any, Json | None]:
    """Return the value of a result's text, and the envelope if our wrapper made one.

    Raises whatever loading raises; `ValueError` for a strategy that is not of plain data.
    """
    strategy, _, text = data.partition("\n")
    if strategy == "11":
        return json.loads(text), None
    if strategy != "00":
        raise ValueError(f"its serialization {strategy!r} is not known here")
    value = pickle.loads(base64.b64decode(text))
    if type(value) is dict and value.get("gc") == 1:
        return None, value
    return value, None


LONG_ARGUMENT = 20  # elements


class _Short(reprlib.Repr):
    """Short texts of arguments; of classes other than builtin ones only the name."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxlong = 2, 24, 24
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 3

    def repr_instance(self, x: Any, level: int) -> str:
        """Return the name of the class: a repr of somebody's class may take long."""
        if isinstance(x, (float, bool, complex, bytes, range, type(None))):
            return super().repr_instance(x, level)
        return getattr(x, "__name__", type(x).__name__)


def short(value: Any) -> str:
    """Return an argument in a few characters; of long containers only what and how many."""
    if isinstance(value, (list, tuple, set, frozenset, dict)) and len(value) > LONG_ARGUMENT:
        return f"<{type(value).__name__} of {len(value)}>"
    return _Short().repr(value)


def label_of(name: str, args: tuple[Any, ...], kwargs: Json) -> str:
    """Return a call in words: `area(2)`, `area(r=2)`."""
    parts = [short(value) for value in args]
    parts += [f"{key}={short(value)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"


# --- Delivery -------------------------------------------------------------------------------------
ATOMS = frozenset({int, float, complex, str, bytes, bool, type(None), types.FunctionType,
                   types.ModuleType, types.BuiltinFunctionType, type, range})  # fmt: skip
LEVELS = 60  # of containers in containers
BREADTH = 1_000_000  # elements of one container that may each be a container


class Delivery:
    """A walk through containers that puts values in the places of their placeholders.

    Containers keep their identity, tuples and frozensets apart. `pending` holds the placeholders
    of the session that it met and that are not finished.
    """

    def __init__(self, session: Session) -> None:
        self.pending: list[Placeholder] = []
        self.problems: list[str] = []
        self._session = session
        self._seen: dict[int, tuple[Any, Any]] = {}

    def place(self, value: Any, level: int = 0) -> Any:
        """Return what is to stand where `value` stands."""
        kind = type(value)
        if kind is Placeholder:
            return self._value_of(value)
        if kind in ATOMS or level > LEVELS:
            return value
        known = self._seen.get(id(value))
        if known is not None:
            return known[1]
        self._seen[id(value)] = (value, value)
        try:
            new = self._inside(value, level + 1)
        except TypeError as error:  # a value that cannot be hashed, where only those may be
            self.problems.append(f"a result could not be put in its place: {error}; use .result()")
            return value
        self._seen[id(value)] = (value, new)
        return new

    def _value_of(self, placeholder: Placeholder) -> Any:
        task = placeholder._task
        if task.state in (DONE, FAILED):
            return task.value
        if task.state == PENDING and task.session is self._session:
            self.pending.append(placeholder)
        return placeholder

    def _inside(self, value: Any, level: int) -> Any:
        if isinstance(value, (list, collections.deque)):
            if self._worth(value):
                for at, item in enumerate(value):
                    new = self.place(item, level)
                    if new is not item:
                        value[at] = new
            return value
        if isinstance(value, dict):
            return self._dict(value, level)
        if isinstance(value, (tuple, set, frozenset)):
            return self._rebuilt(value, level)
        return self._object(value, level)

    def _worth(self, items: Iterable[Any]) -> bool:
        """Tell whether anything is to be found, as fast as Python can."""
        kinds = set(map(type, items))
        if kinds <= ATOMS:
            return False
        return Placeholder in kinds or len(items) <= BREADTH  # type: ignore[arg-type]

    def _dict(self, value: Any, level: int) -> Any:
        if self._worth(value.keys()):
            old = list(value.items())
            new = [(self.place(key, level), item) for key, item in old]
            if any(a[0] is not b[0] for a, b in zip(old, new)):
                for key, _ in new:
                    hash(key)
                value.clear()
                value.update(new)
        if self._worth(value.values()):
            for key, item in list(value.items()):
                new_item = self.place(item, level)
                if new_item is not item:
                    value[key] = new_item
        return value

    def _rebuilt(self, value: Any, level: int) -> Any:
        if not self._worth(value):
            return value
        old = list(value)
        new = [self.place(item, level) for item in old]
        if all(a is b for a, b in zip(old, new)):
            return value
        if isinstance(value, set):
            fresh = set(new)
            value.clear()
            value.update(fresh)
            return value
        make = getattr(type(value), "_make", type(value))
        return make(new)

    def _object(self, value: Any, level: int) -> Any:
        library = type(value).__module__.partition(".")[0]
        if library == "numpy" and hasattr(value, "dtype"):
            return self._array(value, level)
        if library == "pandas":
            return self._pandas(value, level)
        attributes = getattr(value, "__dict__", None)
        if isinstance(value, (type, types.ModuleType)) or library in ("builtins", "IPython"):
            return value
        mine = library == MAIN
        if isinstance(attributes, dict):
            for name, item in list(attributes.items()):
                if mine or type(item) in (Placeholder, list, dict):
                    new = self.place(item, level if mine else max(level, LEVELS - 1))
                    if new is not item:
                        attributes[name] = new
        for name in slots_of(type(value)):
            item = getattr(value, name, None)
            new = self.place(item, level) if mine or type(item) is Placeholder else item
            if new is not item:
                object.__setattr__(value, name, new)
        return value

    def _array(self, value: Any, level: int) -> Any:
        if value.dtype == object and value.flags.writeable:
            flat = value.reshape(-1) if value.flags.c_contiguous else value.flat
            for at, item in enumerate(value.flat):
                new = self.place(item, level)
                if new is not item:
                    flat[at] = new
        return value

    def _pandas(self, value: Any, level: int) -> Any:
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(value, pandas.Series) and value.dtype == object:
            old = list(value.array)
            new = [self.place(item, level) for item in old]
            if any(a is not b for a, b in zip(old, new)):
                return pandas.Series(new, index=value.index, name=value.name)
        elif pandas is not None and isinstance(value, pandas.DataFrame):
            for at in range(value.shape[1]):
                column = value.iloc[:, at]
                fresh = self._pandas(column, level)
                if fresh is not column:
                    value.isetitem(at, fresh)
        return value


def slots_of(kind: type) -> Iterator[str]:
    """Return the names of the slots of a class."""
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            if name not in ("__weakref__", "__dict__"):
                yield name


# --- Reading code ---------------------------------------------------------------------------------
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
LAZY_ANNOTATIONS = __future__.annotations.compiler_flag
BLOCKS = tuple(
    getattr(ast, name) for name in ("If", "Try", "TryStar", "With") if hasattr(ast, name)
)
READS = frozenset(
    {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "DELETE_NAME", "DELETE_GLOBAL"}
)


DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
            ast.Pass, *filter(None, [getattr(ast, "TypeAlias", None)]))  # fmt: skip


class Names(NamedTuple):
    """Names of a module's text: `free` maps those it reads from elsewhere to who reads them."""

    free: dict[str, str]
    bound: set[str]


def names_of(tree: ast.Module, lazy: bool) -> Names:
    """Return the names that running this code, and the functions in it, reads and binds."""
    code = compile(tree, "<cell>", "exec", FLAGS | (LAZY_ANNOTATIONS if lazy else 0), True)
    early: dict[str, str] = {}
    late: dict[str, str] = {}
    bound: set[str] = set()

    def visit(code: types.CodeType, reader: str, top: bool) -> None:
        instructions = list(dis.get_instructions(code))
        own: set[str] = set()
        if not top and not code.co_flags & inspect.CO_OPTIMIZED:  # a class reads its own names
            own = {step.argval for step in instructions if step.opname == "STORE_NAME"}
            own |= {"__name__", "__qualname__", "__module__", "__classdict__"}
        for step in instructions:
            if step.opname in READS and step.argval not in own:
                if not top:
                    late.setdefault(step.argval, reader)
                elif step.argval not in bound:
                    early.setdefault(step.argval, "")
            elif step.opname == "STORE_GLOBAL" or (top and step.opname == "STORE_NAME"):
                bound.add(step.argval)
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                name = "" if inner.co_name.startswith("<") else inner.co_name
                visit(inner, reader or name, False)

    visit(code, "", True)
    free = {**{name: who for name, who in late.items() if name not in bound}, **early}
    return Names(free, bound)


def dotted_names(tree: ast.AST) -> set[str]:
    """Return the dotted names that code reads: `xml.etree.ElementTree`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and parts:
            found.add(".".join([inner.id, *reversed(parts)]))
    return found


def star_imports(tree: ast.AST) -> set[str]:
    """Return the modules that code imports everything of."""
    return {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    }


def is_main_guard(statement: ast.stmt) -> bool:
    """Tell whether this is `if __name__ == "__main__":`."""
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and isinstance(statement.test.left, ast.Name)
        and statement.test.left.id == "__name__"
    )


def blocks_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Return the statements inside an `if`, `try` or `with`, which bind names of the module."""
    if isinstance(statement, BLOCKS) and not is_main_guard(statement):
        for field in ("body", "handlers", "orelse", "finalbody"):
            for inner in getattr(statement, field, ()):
                if isinstance(inner, ast.ExceptHandler):
                    yield from inner.body
                else:
                    yield inner


def definitions_in(statement: ast.stmt) -> list[Definition]:
    """Return the functions and classes that a statement binds in the module."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement]
    return [found for inner in blocks_of(statement) for found in definitions_in(inner)]


def functions_in(statement: ast.stmt) -> list[str]:
    """Return the names of the functions that a statement binds in the module."""
    return [
        found.name for found in definitions_in(statement) if not isinstance(found, ast.ClassDef)
    ]


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is made of constants only."""
    allowed = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp,
               ast.operator, ast.unaryop, ast.expr_context)  # fmt: skip
    return all(isinstance(inner, allowed) for inner in ast.walk(node))


def calls_in(node: ast.AST, names: Iterable[str]) -> str | None:
    """Return the name of the first of these functions that the code calls, if any."""
    called = (
        inner.func.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
    )
    return next((name for name in called if name in names), None)


def source_of(text: str, node: ast.stmt) -> str:
    """Return the lines of a statement, decorators included, without common indentation."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
    return textwrap.dedent("\n".join(text.split("\n")[first - 1 : node.end_lineno])) + "\n"


def ends_quietly(text: str) -> bool:
    """Tell whether the last token is a semicolon, as IPython's display hook does."""
    skipped = (tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT)
    last = ""
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in skipped:
                last = token.string
    return last == ";"


def short_source(text: str, node: ast.stmt) -> str:
    """Return a statement in a few characters, for a message."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return f"{ast.unparse(node.value.func)}(...)"
    line = (ast.get_source_segment(text, node) or "").partition("\n")[0]
    return line if len(line) <= 40 else line[:37] + "..."  # noqa: PLR2004 - fits a message


class CellText:
    """The text of a cell with its magic line made a comment: line n stays line n.

    `text` is Python, IPython's own syntax replaced by calls; `shell_lines` are the numbers of the
    lines where it was; `file` is the name that IPython knows the cell by. Raises
    `CellSyntaxError`.
    """

    def __init__(self, shell: Any, source: str, count: int) -> None:
        lines = source.replace("\r\n", "\n").split("\n")
        magic = next((at for at, line in enumerate(lines) if line.strip()), 0)
        self.first_line = magic + 2
        written = ["#" + line for line in lines[: magic + 1]] + lines[magic + 1 :]
        self.text = transformed(shell, written)
        self.written = written
        parsed = self.text.split("\n")
        self.shell_lines = {
            at + 1: new for at, (old, new) in enumerate(zip(written, parsed)) if old != new
        }
        self.quiet = ends_quietly(self.text)
        self.file = str(shell.compile.cache(self.text, count, source))
        try:
            flags = shell.compile.flags | FLAGS
            self.tree = ast.parse("")
            tree = compile(self.text, self.file, "exec", flags | ast.PyCF_ONLY_AST, True)
            assert isinstance(tree, ast.Module)  # noqa: S101 - PyCF_ONLY_AST of "exec"
            self.tree = tree
            compile(self.text, self.file, "exec", flags, True)
        except SyntaxError as error:
            shown = shell.SyntaxTB.structured_traceback(type(error), error, [])
            raise CellSyntaxError(error, [str(line) for line in shown]) from None

    def part(self, last: int) -> str:
        """Return the text up to a line."""
        return "\n".join(self.text.split("\n")[:last]) + "\n"


def transformed(shell: Any, lines: list[str]) -> str:
    """Let IPython turn its own syntax into Python, keeping every line in its place."""
    text = "\n".join(lines)
    try:
        new = str(shell.transform_cell(text))
        if new.rstrip("\n").count("\n") != text.rstrip("\n").count("\n"):
            text = "\n".join(joined(lines))
            new = str(shell.transform_cell(text))
    except SyntaxError:
        return text  # Python's own message about it is better
    return new if new.rstrip("\n").count("\n") == text.rstrip("\n").count("\n") else text


def joined(lines: list[str]) -> list[str]:
    """Put continued lines of magics and commands on one line, and blank lines in their places."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        line, blanks = lines[at], 0
        if line.lstrip()[:1] in ("!", "%"):
            while line.endswith("\\") and at + blanks + 1 < len(lines):
                blanks += 1
                line = line[:-1] + " " + lines[at + blanks].lstrip()
        result += [line] + [""] * blanks
        at += blanks + 1
    return result


# --- What the code that runs there needs of the notebook ------------------------------------------
BUILTINS = frozenset(dir(builtins)) - {"display", "get_ipython", "__IPYTHON__"}
MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__builtins__", "__spec__",
                          "__loader__", "__package__", "__annotations__", "__dict__"})  # fmt: skip


class Binding(NamedTuple):
    """The newest statement of the notebook that bound a name."""

    text: str
    statement: ast.stmt


class Notebook:
    """What the kernel knows of the notebook: its namespace, and the cells that ran."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.space: Json = shell.user_ns
        self._own: dict[int, str] = {}
        self._index: dict[int, tuple[str, dict[str, Binding], list[ast.ImportFrom]]] = {}

    def remember(self, count: int, text: str) -> None:
        """Take the text of a `%%compute` cell: history holds only the call of the magic."""
        self._own[count] = text

    def binding(self, name: str) -> Binding | None:
        """Return the statement that bound a name: where its code says, else the newest."""
        text = "".join(linecache.getlines(file_of(self.space.get(name))))
        if text:
            names, _ = indexed(text)
            if name in names:
                return names[name]
        for text, names, stars in self._cells():
            if name in names:
                return names[name]
            for star in stars:
                module = sys.modules.get(star.module or "")
                if name in self.space and getattr(module, name, None) is self.space[name]:
                    return Binding(text, star)
        return None

    def _cells(self) -> Iterator[tuple[str, dict[str, Binding], list[ast.ImportFrom]]]:
        history = self.shell.history_manager.input_hist_parsed
        for count in sorted({*range(len(history)), *self._own}, reverse=True):
            text = self._own.get(count) or (history[count] if count < len(history) else "")
            known = self._index.get(count)
            if known is None or known[0] != text:
                known = self._index[count] = (text, *indexed(text))
            yield known


def file_of(value: Any) -> str:
    """Return the file that a function, or a class with methods, of the notebook says it is of."""
    if isinstance(value, type):
        value = next(filter(inspect.isfunction, vars(value).values()), None)
    plain = inspect.unwrap(value) if callable(value) else value
    if isinstance(plain, types.FunctionType) and plain.__module__ == MAIN:
        return plain.__code__.co_filename
    return ""


def indexed(text: str) -> tuple[dict[str, Binding], list[ast.ImportFrom]]:
    """Return the statements of a cell that bind names, by name, and its star imports."""
    names: dict[str, Binding] = {}
    stars: list[ast.ImportFrom] = []

    def visit(statements: Iterable[ast.stmt], text: str) -> None:
        for statement in statements:
            binding = Binding(text, statement)
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for alias in statement.names:
                    if alias.name == "*" and isinstance(statement, ast.ImportFrom):
                        stars.insert(0, statement)
                    name = alias.asname or alias.name
                    whole = isinstance(statement, ast.Import) and not alias.asname
                    names[name.partition(".")[0] if whole else name] = binding
            elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names[statement.name] = binding
            elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names[node.id] = binding
            elif isinstance(statement, ast.Expr):
                body = magic_body(statement.value)
                with contextlib.suppress(SyntaxError):
                    visit(ast.parse(body).body, body)
            visit(blocks_of(statement), text)

    with contextlib.suppress(SyntaxError, ValueError):
        visit(ast.parse(text).body, text)
    return names, stars


def magic_body(node: ast.expr) -> str:
    """Return the cell's text inside IPython's call of a cell magic such as `%%time`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        last = node.args[-1]
        if node.func.attr == "run_cell_magic" and isinstance(last, ast.Constant):
            return str(last.value)
    return ""


class Unit(NamedTuple):
    """Source that the worker runs: what tracebacks call it, its file name there, its text."""

    where: str
    label: str
    text: str
    lazy: bool


def unit_of(where: str, name: str, text: str, lazy: bool) -> Unit:
    """Name a unit after its text, so that the worker compiles it once."""
    mark = hashlib.sha256(f"{lazy}{text}".encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return Unit(where, f"<{name} {mark}>", text, lazy)


class Dependencies:
    """What code that runs there needs of the notebook: imports, functions, classes.

    Raises `CellError` for what cannot be sent.
    """

    def __init__(
        self, notebook: Notebook, provided: Iterable[str], body: bool, directory: str | None
    ) -> None:
        self.imports: list[str] = []
        self.units: list[Unit] = []
        self.warnings: list[str] = []
        self._notebook = notebook
        self._done = set(provided)
        self._body = body
        self._directory = directory

    def add_code(self, tree: ast.Module, names: Names, reader: str) -> None:
        """Add what a piece of code reads and does not bind itself."""
        self._check_imports(tree, reader)
        dotted = dotted_names(tree)
        stars = star_imports(tree)
        for name, who in sorted(names.free.items()):
            if not any(self._may_have(module, name) for module in stars):
                self.add_name(name, who or reader, dotted)

    def add_name(self, name: str, reader: str, dotted: Iterable[str] = ()) -> None:
        """Add what a name of the notebook stands for."""
        if name in self._done or name in MODULE_NAMES or name == "display":
            return
        if name == "get_ipython":
            raise CellError(
                f"{reader} uses IPython itself, which exists only here: "
                "do that below the functions, or in a cell without %%compute"
            )
        self._done.add(name)
        space = self._notebook.space
        if name not in space or self._is_builtin(name, space[name]):
            if name not in BUILTINS:
                self.warnings.append(f"{reader} uses {name}, which is not defined anywhere")
            return
        value = space[name]
        binding = self._notebook.binding(name)
        if isinstance(value, RemoteFunction):
            self._add_origin(value)
        elif not (self._add_import(name, value, binding, dotted, reader)
                  or self._add_definition(name, value, binding, reader)
                  or self._add_importable(name, value, reader)):  # fmt: skip
            self._refuse(name, value, reader)

    def _may_have(self, module: str, name: str) -> bool:
        """Tell whether `from module import *` binds a name; one not loaded here may."""
        known = sys.modules.get(module)
        return hasattr(known, name) if known else name not in self._notebook.space

    def units_in_order(self) -> list[Unit]:
        """Return the units, those first that others need."""
        lines = "".join(f"{line}\n" for line in dict.fromkeys(self.imports))
        return ([unit_of("imports", "imports", lines, False)] if lines else []) + self.units

    def _is_builtin(self, name: str, value: Any) -> bool:
        if name not in BUILTINS:
            return False
        # IPython puts its own open, exit and quit into the namespace.
        replaced = name in ("open", "exit", "quit") and getattr(value, "__module__", "") != MAIN
        return replaced or value is getattr(builtins, name, None)

    def _add_origin(self, function: RemoteFunction) -> None:
        origin = function.origin
        self._done |= origin.names.bound
        name = function.__name__
        self.add_code(origin.tree, origin.names, name)
        self.units.append(unit_of(f"cell of {name}", f"cell {name}", origin.text, origin.lazy))

    def _add_import(
        self, name: str, value: Any, binding: Binding | None, dotted: Iterable[str], reader: str
    ) -> bool:
        line = None if binding is None else import_of(name, binding.statement)
        if line is None and isinstance(value, types.ModuleType):
            line = f"import {value.__name__}" + (f" as {name}" if value.__name__ != name else "")
        if line is None or getattr(value, "__module__", None) == MAIN:
            return False
        self._check_imports(ast.parse(line), reader)
        self.imports.append(line)
        if isinstance(value, types.ModuleType):
            for longer in sorted(dotted):
                head, _, tail = longer.partition(".")
                while head == name and tail:
                    full = f"{value.__name__}.{tail}"
                    if full in sys.modules:
                        alone = f"import {full}"
                        self.imports.append(
                            alone if value.__name__ == name else f"{alone} as _gc_submodule"
                        )
                        break
                    tail = tail.rpartition(".")[0]
        return True

    def _add_definition(self, name: str, value: Any, binding: Binding | None, reader: str) -> bool:
        plain = inspect.unwrap(value) if callable(value) else value
        kind = isinstance(value, type)
        if not kind and not isinstance(plain, types.FunctionType):
            return False
        if getattr(plain, "__module__", None) != MAIN or binding is None:
            return False
        statement = binding.statement
        assigned = isinstance(statement, ast.Assign)
        local = "<locals>" in getattr(plain, "__qualname__", "")
        if local and not (hasattr(value, "__wrapped__") or (assigned and kind)):
            maker = plain.__qualname__.partition(".")[0]
            raise CellError(
                f"{reader} uses {name}, a function that {maker}() returned: its source alone does "
                "not make it. Define it with def in a cell, or pass it as an argument"
            )
        if not assigned and not isinstance(
            statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        ):
            return False
        text = source_of(binding.text, statement)
        tree = ast.parse(text)
        lazy = not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
        self.add_code(tree, names_of(tree, lazy), name)
        where = "class" if kind else "function"
        self.units.append(unit_of(f"{where} {name}", f"{where} {name}", text, lazy))
        return True

    def _add_importable(self, name: str, value: Any, reader: str) -> bool:
        module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        kinds = (type, types.FunctionType, types.BuiltinFunctionType)
        if not isinstance(value, kinds) or not isinstance(module, str) or module == MAIN:
            return False
        if getattr(sys.modules.get(module), str(path), None) is not value:
            return False
        line = f"from {module} import {path} as {name}"
        self._check_imports(ast.parse(line), reader)
        self.imports.append(line)
        return True

    def _refuse(self, name: str, value: Any, reader: str) -> NoReturn:
        if isinstance(value, types.FunctionType):
            raise CellError(
                f"{reader} uses the function {name}, whose source is not to be found: "
                "define it with def in a cell, or pass it as an argument"
            )
        way = (
            f"add -i {name}"
            if self._body
            else f"pass it as an argument, or send it with --body -i {name}"
        )
        raise CellError(f"{reader} reads the notebook variable {name!r}: {way}")

    def _check_imports(self, tree: ast.AST, reader: str) -> None:
        for node in ast.walk(tree):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for module in modules:
                path = beside(module.partition(".")[0], self._directory)
                if path:
                    raise CellError(
                        f"{reader} imports {module}, a file beside the notebook ({path}) that does "
                        "not exist there: put what it needs into a cell, or install it there"
                    )


def import_of(name: str, statement: ast.stmt) -> str | None:
    """Return the import that binds just this name, if the statement is one that does."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if (alias.asname or alias.name.partition(".")[0]) == name:
                return f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        for alias in statement.names:
            if (alias.asname or alias.name) == name:
                end = f" as {alias.asname}" if alias.asname else ""
                return f"from {statement.module} import {alias.name}{end}"
            if alias.name == "*":
                return f"from {statement.module} import {name}"
    return None


def beside(module: str, directory: str | None) -> str | None:
    """Return the path of a module that lies beside the notebook, not among installed ones."""
    try:
        known = sys.modules.get(module)
        found = getattr(known, "__spec__", None) or importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    places = [found.origin] if found and found.origin else []
    places += list(found.submodule_search_locations or ()) if found else []
    folder = os.path.realpath(directory or os.getcwd()) + os.sep
    installed = [os.path.realpath(path) + os.sep for path in sysconfig.get_paths().values()]
    for place in filter(os.path.isabs, places):
        path = os.path.realpath(place)
        parts = path.split(os.sep)
        known_place = path.startswith(tuple(installed)) or "dist-packages" in parts
        if path.startswith(folder) and not known_place and "site-packages" not in parts:
            return path
    return None


# --- What is sent ---------------------------------------------------------------------------------
@functools.lru_cache(maxsize=1)
def worker_runtime() -> tuple[str, str]:
    """Return the worker's part of this file, without comments and types, and its hash."""
    text = globals().get("__source__") or inspect.getsource(sys.modules[__name__])
    section = text.split("\n# --- Worker:")[1]
    tree = ast.parse("#" + section)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            del node.body[0]
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            node.annotation = ast.Constant(None)
    # It travels with every task: a quarter of it would be indentation. No string spans lines.
    text = re.sub(r"^ +", lambda spaces: spaces[0][::4], ast.unparse(tree), flags=re.MULTILINE)
    runtime = WORKER_IMPORTS + "\n" + text
    return runtime, hashlib.sha256(runtime.encode()).hexdigest()[:12]


def wrapped(units: Sequence[Unit], name: str, options: Json) -> str:
    """Return source that defines `_gc_entry`: the function in its wrapper."""
    runtime, mark = worker_runtime()
    return (
        '__name__ = "__main__"\n'
        "import sys as _gc_sys\n"
        f"_gc_runtime = _gc_sys.modules.get('_gc_runtime_{mark}')\n"
        "if _gc_runtime is None:\n"
        f"    _gc_runtime = type(_gc_sys)('_gc_runtime_{mark}')\n"
        f"    exec({runtime!r}, _gc_runtime.__dict__)\n"
        "    _gc_sys.modules[_gc_runtime.__name__] = _gc_runtime\n"
        f"_gc_entry = _gc_runtime.entry(globals(), {[tuple(unit) for unit in units]!r}, "
        f"{name!r}, {options!r})\n"
    )


class Source(NamedTuple):
    """A function as it is registered: strategy `st` writes `st`, a line end, `entry:text`."""

    text: str
    entry: str

    @property
    def hash(self) -> str:
        """SHA-256 of entry and text, in hexadecimal digits."""
        data = (self.entry + self.text).encode("utf-8", "surrogatepass")
        return hashlib.sha256(data).hexdigest()


# --- Splitting a statement that makes calls and uses their values ---------------------------------
CONTAINERS = frozenset({"list", "tuple", "dict", "set", "frozenset"})
ITERATORS = frozenset({"map", "zip", "enumerate", "reversed"})
PLACING_METHODS = frozenset({"append", "appendleft", "add", "extend", "insert"})
PURE = CONTAINERS | ITERATORS | {"range", "len"}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Fragment(NamedTuple):
    """A part of a statement that is evaluated before the rest, and kept under `name`.

    `early` tells that nothing else can notice when it is evaluated.
    """

    name: str
    code: ast.expr
    needs: frozenset[str]
    early: bool


class Splitter:
    """Takes the calls out of a statement, where Python would evaluate them in any case.

    What stays is the statement itself, reading the fragments' names: their values are awaited
    first. Calls that only put their results in places (assigned, or in a list) stay where they
    are. Nothing is taken out of operands that may not be evaluated, lambdas, loops.
    """

    def __init__(self, remote: Callable[[str], bool], accepts: Callable[[ast.expr], bool]) -> None:
        self.fragments: list[Fragment] = []
        self.placed: set[str] = set()
        self._numbers = itertools.count()
        self._remote = remote
        self._accepts = accepts

    def split(self, statement: ast.stmt) -> ast.stmt:
        """Return what stays of the statement; the fragments are in `fragments`."""
        for field in {
            ast.Expr: ("value",),
            ast.Assign: ("value",),
            ast.AnnAssign: ("value",),
            ast.AugAssign: ("value",),
            ast.Assert: ("test",),
            ast.Raise: ("exc",),
            ast.If: ("test",),
            ast.For: ("iter",),
        }.get(type(statement), ("subject",)):
            value = getattr(statement, field, None)
            if isinstance(value, ast.expr):
                place = self._takes_place(statement, value)
                setattr(statement, field, self._place(value) if place else self._value(value))
        if isinstance(statement, ast.With):
            first = statement.items[0]
            first.context_expr = self._value(first.context_expr)
        return statement

    def _takes_place(self, statement: ast.stmt, value: ast.expr) -> bool:
        """Tell whether the statement only puts the value somewhere."""
        if not self._is_place(value):
            return False
        if isinstance(statement, ast.Expr):
            return True
        if isinstance(statement, ast.AugAssign):
            grows = isinstance(statement.op, ast.Add) and isinstance(statement.target, ast.Name)
            return (
                grows
                and isinstance(value, (ast.List, ast.ListComp))
                and self._accepts(statement.target)
            )
        if isinstance(statement, ast.Assign):
            return all(self._target_takes(target, value) for target in statement.targets)
        return isinstance(statement, ast.AnnAssign) and self._target_takes(statement.target, value)

    def _target_takes(self, target: ast.expr, value: ast.expr) -> bool:
        if isinstance(target, (ast.Tuple, ast.List)):
            return isinstance(value, (ast.Tuple, ast.List, ast.ListComp)) and all(
                self._target_takes(inner, value) for inner in target.elts
            )
        if isinstance(target, (ast.Subscript, ast.Attribute)):
            return self._accepts(target)
        return isinstance(target, (ast.Name, ast.Starred))

    def _calls(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
            and self._remote(inner.id)
            for inner in ast.walk(node)
        )  # fmt: skip

    def _is_remote_call(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and self._remote(node.func.id)
        )

    def _is_lazy_map(self, node: ast.AST) -> bool:
        """Tell whether this is `map(remote function, ...)`."""
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "map"
            and bool(node.args)
            and isinstance(node.args[0], ast.Name)
            and self._remote(node.args[0].id)
        )

    def _is_place(self, node: ast.expr) -> bool:
        """Tell whether an expression makes calls and only puts their results in places."""
        if not self._calls(node):
            return False
        places = False
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Await)):
            places = True
        elif isinstance(node, ast.NamedExpr):
            places = self._is_place(node.value)
        elif isinstance(node, ast.IfExp):
            places = self._quiet_or_place(node.body) and self._quiet_or_place(node.orelse)
        elif isinstance(node, ast.BoolOp):
            quiet = not any(map(self._calls, node.values[1:-1]))
            places = quiet and self._is_place(node.values[-1])
        elif isinstance(node, COMPREHENSIONS):
            places = self._is_placing_comprehension(node)
        elif isinstance(node, ast.Call):
            values = [*node.args, *(word.value for word in node.keywords)]
            stores = self._only_places(node.func) and all(map(self._quiet_or_place, values))
            places = stores or self._is_remote_call(node) or self._is_lazy_map(node)
        return places

    def _only_places(self, function: ast.expr) -> bool:
        """Tell whether a local function only stores its arguments."""
        if isinstance(function, ast.Name):
            return function.id in CONTAINERS | ITERATORS
        return is_placing_method(function) and self._accepts(function.value)

    def _quiet_or_place(self, node: ast.expr) -> bool:
        return not self._calls(node) or self._is_place(node)

    def _is_placing_comprehension(self, node: Any) -> bool:
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        later = [test for loop in node.generators for test in loop.ifs]
        later += [loop.iter for loop in node.generators[1:]]
        return (
            any(map(self._is_place, parts))
            and all(map(self._quiet_or_place, parts))
            and not any(map(self._calls, later))
        )

    def _hoist(self, node: ast.expr, needs_list: bool = False) -> ast.expr:
        """Make a fragment of an expression, and return the name that stands for it."""
        if isinstance(node, ast.Starred):
            node.value = self._hoist(node.value)
            return node
        code = node
        if isinstance(node, ast.GeneratorExp):
            code = ast.ListComp(node.elt, node.generators)
        elif needs_list:
            code = ast.Call(ast.Name("list", ast.Load()), [node], [])
        name = f"_gc_{next(self._numbers)}"
        early = all(self._is_pure(inner) for inner in ast.walk(node))
        needs = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        self.fragments.append(Fragment(name, code, frozenset(needs - self.placed), early))
        ast.copy_location(code, node)
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def _is_pure(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            known = isinstance(node.func, ast.Name) and node.func.id in PURE
            return known or self._is_remote_call(node)
        return not isinstance(node, (ast.Await, ast.NamedExpr))

    def _value(self, node: ast.expr) -> ast.expr:
        """Rewrite an expression whose value is needed."""
        if not self._calls(node):
            return node
        if isinstance(node, ast.Starred):
            node.value = self._value(node.value)
            return node
        if self._is_place(node):
            lazy = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ITERATORS
            return self._hoist(self._place(node), needs_list=lazy)
        return self._inside(node, self._value)

    def _place(self, node: ast.expr) -> ast.expr:
        """Rewrite what an expression that only places results needs first."""
        if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            return self._inside(node, self._placed_element)
        if isinstance(node, ast.IfExp):
            node.test = self._value(node.test)
            return node
        if isinstance(node, ast.NamedExpr):
            node.value = self._place(node.value)
            return node
        stores = isinstance(node, ast.Call) and self._only_places(node.func)
        if stores and not self._is_lazy_map(node):
            return self._inside(node, self._placed_element)
        return node if isinstance(node, ast.Await) else self._inside(node, self._value)

    def _placed_element(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Starred) and not self._is_remote_call(node.value):
            node.value = self._placed_element(node.value)
            return node
        return self._place(node) if self._is_place(node) else self._value(node)

    def _inside(self, node: ast.expr, rewrite: Callable[[ast.expr], ast.expr]) -> ast.expr:
        """Rewrite the operands that are evaluated in any case, keeping their order."""
        slots = list(operands(node))
        done: list[tuple[Any, Any, ast.expr]] = []
        for owner, key in slots:
            start = len(self.fragments)
            old = owner[key] if isinstance(owner, list) else getattr(owner, key)
            new = rewrite(old)
            if len(self.fragments) > start:
                late = self.fragments[start:]
                del self.fragments[start:]
                done = [(o, k, self._hoisted_before(e, rewrite)) for o, k, e in done]
                self.fragments += late
            done.append((owner, key, new))
        for owner, key, new in done:
            if isinstance(owner, list):
                owner[key] = new
            else:
                setattr(owner, key, new)
        return node

    def _hoisted_before(self, node: ast.expr, rewrite: Callable[[ast.expr], ast.expr]) -> ast.expr:
        """Make a fragment of an operand that Python evaluates before one that is a fragment."""
        if is_stable(node):
            return node
        placed = rewrite == self._placed_element and self._is_place(node)
        name = self._hoist(node)
        if placed and isinstance(name, ast.Name):
            self.placed.add(name.id)
        return name


def is_placing_method(function: ast.expr) -> TypeGuard[ast.Attribute]:
    """Tell whether this is `container.append` or the like."""
    return isinstance(function, ast.Attribute) and function.attr in PLACING_METHODS


def is_stored(node: ast.Subscript | ast.Attribute) -> bool:
    """Tell whether something is put into this."""
    return isinstance(node.ctx, ast.Store)


def is_stable(node: ast.expr) -> bool:
    """Tell whether evaluating this later gives the same."""
    inner = node.value if isinstance(node, ast.Starred) else node
    return isinstance(inner, (ast.Constant, ast.Name, ast.Lambda))


def operands(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where the operands are that Python evaluates in any case, in its order."""
    if isinstance(node, ast.Call):
        yield node, "func"
        yield from ((node.args, at) for at in range(len(node.args)))
        yield from ((word, "value") for word in node.keywords)
    elif isinstance(node, ast.Dict):
        for at, key in enumerate(node.keys):
            if key is not None:
                yield node.keys, at
            yield node.values, at
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        yield from ((node.elts, at) for at in range(len(node.elts)))
    elif isinstance(node, ast.JoinedStr):
        yield from ((part, "value") for part in node.values if isinstance(part, ast.FormattedValue))
    elif isinstance(node, COMPREHENSIONS):
        yield node.generators[0], "iter"
    elif isinstance(node, ast.Compare):
        yield node, "left"
        yield node.comparators, 0
    elif isinstance(node, ast.BoolOp):
        yield node.values, 0
    else:
        fields = {
            ast.BinOp: ("left", "right"),
            ast.UnaryOp: ("operand",),
            ast.Attribute: ("value",),
            ast.Subscript: ("value", "slice"),
            ast.Slice: ("lower", "upper", "step"),
            ast.IfExp: ("test",),
            ast.NamedExpr: ("value",),
            ast.Await: ("value",),
        }.get(type(node), ())
        yield from ((node, field) for field in fields if getattr(node, field) is not None)


# --- Running here ---------------------------------------------------------------------------------
def execute(code: types.CodeType, space: Json, loop: asyncio.AbstractEventLoop | None) -> Any:
    """Evaluate code of the cell, on an event loop of our own if one is given.

    What it awaits cannot run on the kernel's loop: that one is running this very call.
    """
    if loop is None:
        return eval(code, space)

    async def run() -> Any:
        value = eval(code, space)
        return await value if code.co_flags & inspect.CO_COROUTINE else value

    outer = asyncio._get_running_loop()
    task = asyncio.current_task(outer) if outer is not None else None
    if outer is not None and task is not None:
        asyncio.tasks._leave_task(outer, task)
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(run())
    finally:
        asyncio._set_running_loop(outer)
        if outer is not None and task is not None:
            asyncio.tasks._enter_task(outer, task)


PLAIN_CONTAINERS = (list, dict, set, collections.deque)


class Session:
    """One run of a cell, from arming it to the last result. Subclasses are the forms."""

    form = "call"

    def __init__(self, bridge: Bridge, request: Json) -> None:
        self.id: str = request["sid"]
        self.source: str = request["source"]
        self.options: Json = request["options"]
        self.touched: list[NotReady] = []
        self.bridge = bridge
        self.shell = bridge.shell
        self.space: Json = bridge.shell.user_ns
        self.state = "armed"
        self.value: Any = None
        self.quiet = False
        self.count = 0
        self.tasks: list[Task] = []
        self._directory: str | None = request.get("directory")
        self._warnings: list[str] = []
        self._received = b""
        self._outcomes: dict[int, Json] = {}
        self._sent = 0
        self._step: Json = {}
        self._sources: dict[tuple[str, str], str] = {}
        self._remote_lines: list[int] | None = None
        self._title = ""

    # What a form has to do.
    def advance(self) -> bool:
        """Run until results are needed, and return False then; True at the end."""
        raise NotImplementedError

    def receive(self) -> None:
        """Put the values of finished tasks where they belong."""
        raise NotImplementedError

    def source_for(self, name: str) -> Source:
        """Return what to register for a function."""
        raise NotImplementedError

    # What JupyterLab asks for.
    def proceed(self) -> None:
        """Run until results are needed, or to the end, and show the last value there."""
        self.bridge.active = self
        try:
            finished = self.advance()
        finally:
            self.bridge.active = None
        self._step = self._told("finished" if finished else "waiting")
        self.state = self._step["state"]
        if finished and self.value is not None and not self.quiet:
            self._show(self.value)

    def take(self) -> str:
        """Return the step reached, as base64 of JSON. Asking again gives the same."""
        return base64.b64encode(json.dumps(self._step).encode()).decode()

    def feed(self, chunk: bytes) -> None:
        """Take a piece of a JSON list of outcomes."""
        self._received += chunk
        if self._received.rstrip().endswith(b"]"):
            with contextlib.suppress(ValueError):
                for outcome in json.loads(self._received):
                    self._outcomes[int(outcome["index"])] = outcome
                self._received = b""

    def resume(self) -> None:
        """Put the results in their places and run on.

        Raises `CellStop` if a task failed, `CellError` if results are missing, and what the
        cell raises.
        """
        waiting = [task for task in self.tasks if task.state == PENDING]
        missing = [task.label for task in waiting if task.index not in self._outcomes]
        if self.state != "waiting" or self._received or missing:
            raise CellError(
                f"results of {', '.join(missing[:3]) or 'this cell'} did not arrive in the kernel: "
                "run the cell again"
            )
        for task in waiting:
            self._settle(task, self._outcomes.pop(task.index))
        self.receive()
        failed = [task for task in waiting if task.state == FAILED]
        if failed:
            self.close("another task of its cell failed")
            raise CellStop(str(failed[0].value))
        self.proceed()

    def close(self, reason: str) -> None:
        """End the session; what is still missing will say why."""
        self.state = "closed"
        for task in self.tasks:
            task.close(reason)

    # Shared by the forms.
    def add_task(self, task: Task) -> None:
        """Number a task, to be sent with the next step."""
        with self.bridge.lock:
            task.index = len(self.tasks)
            self.tasks.append(task)

    def warn(self, texts: Iterable[str]) -> None:
        """Tell something in the next step, once."""
        self._warnings += [text for text in texts if text not in self._warnings]

    def loaded(self, envelope: Json, name: str = "") -> Any:
        """Return a value of the envelope, or a `NotLoaded` that says why there is none."""
        try:
            return pickle.loads(envelope["outputs"][name] if name else envelope["value"])
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            return self._not_loaded(error, {} if name else envelope.get("mime", {}))

    def _not_loaded(self, error: Exception, mime: Json) -> NotLoaded:
        reason = f"{type(error).__name__}: {error}"
        self.warn([f"a result came back but cannot be loaded here: {reason}"])
        return NotLoaded(reason, mime)

    def _settle(self, task: Task, outcome: Json) -> None:
        data = outcome.get("data") or ""
        if not outcome.get("ok"):
            task.settle(FAILED, TaskFailed(data))
            return
        try:
            value, envelope = loaded(data)
        except Exception as error:  # noqa: BLE001 - unpickling may raise anything
            value, envelope = self._not_loaded(error, {}), None
        task.settle(DONE, value if envelope is None else self.unwrapped(envelope))

    def unwrapped(self, envelope: Json) -> Any:
        """Return the value of a task from its envelope."""
        return self.loaded(envelope)

    def _told(self, state: str) -> Json:
        functions: list[Json] = []
        tasks: list[Json] = []
        for task in self.tasks[self._sent :]:
            key = self._key_of(task.function, functions)
            tasks.append({"index": task.index, "function": key, "payload": task.payload,
                          "label": task.label, "line": task.line})  # fmt: skip
        self._sent = len(self.tasks)
        told, self._warnings = self._warnings, []
        return {"sid": self.id, "form": self.form, "name": self.options.get("name") or self._title,
                "state": state, "functions": functions, "tasks": tasks, "warnings": told,
                "remote_lines": self._remote_lines}  # fmt: skip

    def _key_of(self, name: str, functions: list[Json]) -> str:
        """Return the key of a function's source, listing the function for this step."""
        source = self.source_for(name)
        key = self._sources.setdefault((name, source.hash), str(len(self._sources)))
        if not any(known["key"] == key for known in functions):
            functions.append({"key": key, "name": name, "source": source.text,
                              "entry": source.entry, "hash": source.hash})  # fmt: skip
        return key

    def _show(self, value: Any) -> None:
        """Show the cell's value as its `Out[n]`, whatever cells ran in between."""
        hook, count = self.shell.displayhook, self.shell.execution_count
        self.shell.execution_count = self.count + 1
        hook.quiet = lambda: False  # it would look for a semicolon in another cell
        try:
            hook(value)
        finally:
            del hook.quiet
            self.shell.execution_count = count


class CallSession(Session):
    """Functions above run there; what stands below runs here and calls them."""

    def __init__(
        self, bridge: Bridge, request: Json, cell: CellText, upper: list[ast.stmt]
    ) -> None:
        super().__init__(bridge, request)
        self._cell = cell
        self._upper = upper
        # Statements of a cell that awaits share one loop, or their tasks could not meet.
        self._lower = flattened(cell.tree.body[len(upper) :])
        self._queue = list(self._lower)
        self._awaits = bool(
            self._compiled(copy.deepcopy(self._lower)).co_flags & inspect.CO_COROUTINE
        )
        self._splitter: Splitter | None = None
        self._rest: ast.stmt | None = None
        self._held: Json = {}
        self._met: dict[str, set[str]] = {}
        self._needs: dict[tuple[str, frozenset[str]], list[Unit]] = {}
        self._built: dict[tuple[str, frozenset[str]], Source] = {}
        self._functions = [name for statement in upper for name in functions_in(statement)]
        self._called: dict[str, RemoteFunction] = {}
        self._problems: dict[str, str] = {}
        last = upper[-1].end_lineno or 0 if upper else 0
        self._origin = origin_of(cell.part(last), self._functions, cell.first_line)
        self._remote_lines = [cell.first_line, last] if upper else None
        if not any(self._mentions_function(statement) for statement in self._lower):
            self.form = "register"
        self.quiet = cell.quiet
        self._title = ", ".join(dict.fromkeys(self._functions))

    def prepare(self) -> None:
        """Refuse what cannot work, and let definitions take effect here. Raises `CellError`."""
        if self.options.get("inputs") or self.options.get("outputs"):
            raise CellError(
                "-i and -o send and bring back variables of a cell that runs there as a whole: "
                "add --body, or pass values as arguments and return them"
            )
        last = self._upper[-1].end_lineno or 0 if self._upper else 0
        refuse_shell_lines(self._cell, last, "move it below the functions, or use subprocess")
        for statement in self._upper:
            self._check_above(statement)
        computed = self._check_names_below()
        self._check_names_above()
        self._needs_of(self._origin, frozenset())
        self._take_effect()
        self._check_uses(computed)

    def _check_above(self, statement: ast.stmt) -> None:
        """Refuse what may not stand above the last function."""
        if isinstance(statement, BLOCKS) and not is_main_guard(statement):
            for inner in blocks_of(statement):
                self._check_above(inner)
            return
        where = f"line {statement.lineno}: `{short_source(self._cell.text, statement)}`"
        way = "move it below the functions, or use --body"
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            name = calls_in(statement, self._functions)
            if name:
                raise CellError(
                    f"{where} calls {name}, a function of this cell, above the last function; {way}"
                )
            return
        constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not constant and not isinstance(statement, DEFINING):
            raise CellError(f"{where} stands above the last function; {way}")

    def _check_names_below(self) -> dict[str, int]:
        """Return the names that the upper part computes there, with their lines."""
        computed: dict[str, int] = {}
        for statement in self._upper:
            assigns = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign))
            if assigns and not takes_effect(statement):
                computed.update(dict.fromkeys(stored_names(statement), statement.lineno))
        return computed

    def _check_names_above(self) -> None:
        """Refuse functions that read what only the lower part sets."""
        free, bound = self._origin.names
        below: set[str] = set()
        for statement in self._lower:
            if not isinstance(statement, (ast.Import, ast.ImportFrom)):
                below |= stored_names(statement)
        for name in sorted(below - bound - set(self._functions)):
            if name in free and name not in BUILTINS:
                raise CellError(
                    f"{free[name] or 'the upper part'} reads {name}, which is set below the "
                    "functions: move it above them, or pass it as an argument"
                )

    def _check_uses(self, computed: dict[str, int]) -> None:
        """Refuse statements below that read what does not exist here."""
        set_here: set[str] = set()
        for statement in self._lower:
            for node in ast.walk(statement):
                if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
                    continue
                if node.id in computed and node.id not in set_here:
                    raise CellError(
                        f"line {node.lineno}: {node.id} is computed in line {computed[node.id]}, "
                        "which runs there: compute it below the functions as well, or return it"
                    )
                if node.id in self._problems and node.id not in set_here:
                    raise CellError(
                        f"line {node.lineno}: {node.id} cannot be used here: "
                        f"{self._problems[node.id]}"
                    )
            set_here |= stored_names(statement)

    def _take_effect(self) -> None:
        """Let imports, definitions and constants of the upper part take effect here."""
        for statement in self._upper:
            if not takes_effect(statement):
                continue
            code = self._compiled([statement], lazy=self._origin.lazy)
            names = stored_names(statement)
            try:
                exec(code, self.space)
            except Exception as error:  # noqa: BLE001 - what is missing here may exist there
                for name in names:
                    self.space.pop(name, None)
                    self._problems[name] = f"{type(error).__name__}: {error}"
        for name in dict.fromkeys(self._functions):
            local = self.space.get(name)
            if isinstance(local, RemoteFunction):
                local = local.plain
            problem = self._problems.pop(name, "it does not exist here")
            self.space[name] = RemoteFunction(self.bridge, name, self._origin, local, problem)

    def _mentions_function(self, node: ast.AST) -> bool:
        return any(
            isinstance(inner, ast.Name)
            and (inner.id in self._functions or self._is_remote(inner.id))
            for inner in ast.walk(node)
        )

    # Running, statement by statement.
    def advance(self) -> bool:
        """Run statements until one needs results, or results are all that is missing."""
        try:
            while self._queue:
                if not self._run_statement(self._queue[0]):
                    return False
                self._queue.pop(0)
                self._rest = self._splitter = None
                self._held.clear()
        except BaseException as error:
            self.close(f"the cell stopped at line {self._queue[0].lineno}: {type(error).__name__}")
            raise
        if any(task.state == PENDING for task in self.tasks):
            return False
        self.warn(self._lazy_warnings())
        return True

    def call(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Placeholder:
        """Make a task of a call. Raises `TypeError`, `CellError` for its arguments."""
        function.check(args, kwargs)
        name = function.__name__
        try:
            packed = [pickled(args), pickled(kwargs)]
        except NotReady:
            raise
        except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
            raise self._unsendable(function, args, kwargs, error) from None
        met = packed[0].names | packed[1].names
        if any(part.bytecode for part in packed):
            self.warn([bytecode_warning(f"an argument of {name}")])
        if met and not self.options.get("capture", True):
            raise CellError(
                f"--no-capture cannot send {sorted(met)[0]}, which this notebook defines: the bare "
                "function runs where nothing knows it. Leave out --no-capture"
            )
        payload = pack_buffers([buffer(part.data) for part in packed])
        task = Task(self, name, label_of(name, args, kwargs), payload, self._line())
        with self.bridge.lock:
            self._called[name] = function
            self._met.setdefault(name, set()).update(met)
        self.add_task(task)
        return Placeholder(task)

    def receive(self) -> None:
        """Put values in the places of their placeholders."""
        delivery = Delivery(self)
        names = set().union(*(self._names_read(statement, False) for statement in self._lower))
        for name in names:
            if name in self.space:
                old = self.space[name]
                new = delivery.place(old)
                if new is not old:
                    self.space[name] = new
        for name, held in self._held.items():
            self._held[name] = delivery.place(held)
        self.value = delivery.place(self.value)
        self.warn(delivery.problems)

    def source_for(self, name: str) -> Source:
        """Return the source of a function, with what it and its arguments need."""
        function = self._called.get(name) or self.space.get(name)
        origin = self._origin
        if isinstance(function, RemoteFunction) and name not in self._functions:
            origin = function.origin
        met = frozenset(self._met.get(name, ()))
        key = (name, met)
        if key not in self._built:
            self._built[key] = self._build(name, origin, met)
        return self._built[key]

    def _needs_of(self, origin: Origin, met: frozenset[str]) -> list[Unit]:
        """Return what code, and arguments of these names, need of the notebook."""
        key = (origin.text, met)
        if key not in self._needs:
            bound = origin.names.bound
            needs = Dependencies(self.bridge.notebook, bound, False, self._directory)
            needs.add_code(origin.tree, origin.names, "the code above")
            for name in sorted(met - bound):
                needs.add_name(name, "an argument")
            self.warn(needs.warnings)
            self._needs[key] = needs.units_in_order()
        return self._needs[key]

    def _build(self, name: str, origin: Origin, met: frozenset[str]) -> Source:
        units = [*self._needs_of(origin, met)]
        if self.form == "register" or not self.options.get("capture", True):
            lines = origin.text.split("\n")[origin.first_line - 1 :]
            return Source("".join(unit.text for unit in units) + "\n".join(lines), name)
        units.append(unit_of("cell", f"cell {name}", origin.text, origin.lazy))
        options = {"capture": True, "ipython": any("IPython" in unit.text for unit in units)}
        return Source(wrapped(units, name, options), "_gc_entry")

    def _told(self, state: str) -> Json:
        told = super()._told(state)
        if self.form == "register":
            for name in dict.fromkeys(self._functions):
                self._key_of(name, told["functions"])
        if not self._title:
            told["name"] = self.options.get("name") or ", ".join(self._called) or "cell"
        return told

    def _run_statement(self, statement: ast.stmt) -> bool:
        """Run one statement; return False if it has to wait for results first."""
        if self._splitter is None:
            if self._pending(self._names_read(statement, True), self.space):
                return False
            self._splitter = Splitter(self._is_remote, self._accepts)
            self._rest = self._splitter.split(copy.deepcopy(statement))
        if not self._run_fragments(self._splitter):
            return False
        assert self._rest is not None  # noqa: S101 - set with the splitter
        last = len(self._queue) == 1 and isinstance(self._rest, ast.Expr)
        if isinstance(self._rest, ast.Expr):
            value = self._evaluate(self._compiled(self._rest.value))
            self.value = value if last else None
        else:
            self._evaluate(self._compiled([self._rest]))
        return True

    def _run_fragments(self, splitter: Splitter) -> bool:
        """Evaluate what can be evaluated, in order; return False if results are needed first."""
        names = {fragment.name for fragment in splitter.fragments}
        blocked = False
        for fragment in splitter.fragments:
            if fragment.name in self._held:
                continue
            needs = fragment.needs & names
            ready = needs <= set(self._held) and not self._pending(needs, self._held)
            if ready and (fragment.early or not blocked):
                self._held[fragment.name] = self._evaluate(self._compiled(fragment.code))
            else:
                blocked = True
        return not blocked and not self._pending(names - splitter.placed, self._held)

    def _pending(self, names: Iterable[str], space: Json) -> bool:
        if all(task.state != PENDING for task in self.tasks):
            return False
        delivery = Delivery(self)
        for name in names:
            if name in space:
                delivery.place(space[name])
        return bool(delivery.pending)

    def _evaluate(self, code: types.CodeType) -> Any:
        """Evaluate with the fragments' values at hand; report a touched placeholder in any case."""
        self.touched.clear()
        self.space.update(self._held)
        try:
            value = execute(code, self.space, self.bridge.loop() if self._awaits else None)
        except NotReady:
            raise
        except Exception as error:
            if self.touched:  # a library may say something else of it
                raise self.touched[0].with_traceback(error.__traceback__) from None
            raise
        finally:
            for name in self._held:
                self.space.pop(name, None)
        if self.touched:  # the cell may have caught it
            raise self.touched[0]
        return value

    def _compiled(self, code: ast.expr | list[ast.stmt], lazy: bool = False) -> types.CodeType:
        flags = self.shell.compile.flags | FLAGS | (LAZY_ANNOTATIONS if lazy else 0)
        if isinstance(code, ast.expr):
            tree: ast.Module | ast.Expression = ast.Expression(code)
            mode = "eval"
        else:
            tree, mode = ast.Module(code, []), "exec"
        compiled: types.CodeType = compile(
            ast.fix_missing_locations(tree), self._cell.file, mode, flags, True
        )
        return compiled

    def _is_remote(self, name: str) -> bool:
        return isinstance(self.space.get(name), RemoteFunction)

    def _accepts(self, target: ast.expr) -> bool:
        """Tell whether a target keeps any object as it is, so that a placeholder may go there."""
        base = target.value if isinstance(target, (ast.Subscript, ast.Attribute)) else target
        if not isinstance(base, ast.Name):
            return False
        holder = self.space.get(base.id)
        if isinstance(target, ast.Attribute):
            return type(holder).__module__.partition(".")[0] not in ("pandas", "numpy", "xarray")
        return isinstance(holder, PLAIN_CONTAINERS)

    def _names_read(self, statement: ast.stmt, only_read: bool) -> set[str]:
        """Return the names a statement mentions, those its notebook functions mention included.

        With `only_read`, not the containers that it only puts something into.
        """
        skipped = set(self._filled_containers(statement)) if only_read else set()
        found: set[str] = set()
        todo = [
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name)
            and id(node) not in skipped
            and (isinstance(node.ctx, ast.Load) or not only_read)
        ]
        todo += names_in_magics(statement)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                value = self.space.get(name)
                if isinstance(value, types.FunctionType) and value.__globals__ is self.space:
                    todo += value.__code__.co_names
        return found

    def _filled_containers(self, statement: ast.stmt) -> Iterator[int]:
        for node in ast.walk(statement):
            base: ast.AST | None = None
            if isinstance(node, ast.Call) and is_placing_method(node.func):
                base = node.func.value
            elif isinstance(node, (ast.Subscript, ast.Attribute)) and is_stored(node):
                base = node.value
            if isinstance(base, ast.Name):
                holder = self.space.get(base.id)
                if type(holder) in PLAIN_CONTAINERS or isinstance(node, ast.Attribute):
                    yield id(base)

    def _line(self) -> int:
        """Return the line of the cell that is making a call."""
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._cell.file:
                return frame.f_lineno
            frame = frame.f_back
        return self._queue[0].lineno

    def _unsendable(
        self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json, error: Exception
    ) -> CellError:
        """Return an error that names the argument that cannot be sent."""
        for name, value in [*zip(function.argument_names(args), args), *kwargs.items()]:
            reason = pickling_problem(value)
            if reason:
                kind = type(value).__name__
                return CellError(
                    f"argument {name!r} of {function.__name__} cannot be sent: {kind}: {reason}"
                )
        return CellError(f"the arguments of {function.__name__} cannot be sent: {error}")

    def _lazy_warnings(self) -> Iterator[str]:
        names = set().union(*map(stored_names, self._lower)) if self._lower else set()
        for name, value in [*((name, self.space.get(name)) for name in sorted(names)),
                            ("the last value", self.value)]:  # fmt: skip
            kind = type(value).__name__
            if self._is_lazy_call(value):
                yield f"{name} is a lazy {kind}: its calls were not made. Write list(...)"

    def _is_lazy_call(self, value: Any) -> bool:
        if isinstance(value, types.GeneratorType):
            return any(map(self._is_remote, value.gi_code.co_names))
        if isinstance(value, (map, filter)):
            with warnings.catch_warnings(), contextlib.suppress(TypeError):
                warnings.simplefilter("ignore")
                return isinstance(value.__reduce__()[1][0], RemoteFunction)
        return False


def flattened(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements with `if __name__ == "__main__":` opened: here it always holds."""
    result: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If) and is_main_guard(statement) and not statement.orelse:
            result += statement.body
        else:
            result.append(statement)
    return result


def stored_names(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds in the module."""
    try:
        tree = ast.Module([statement], [])
        return names_of(tree, True).bound
    except SyntaxError:
        return set()


def names_in_magics(statement: ast.stmt) -> Iterator[str]:
    """Yield the names in the text that a statement gives to magics such as `%time`."""
    for node in ast.walk(statement):
        name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in ("run_line_magic", "run_cell_magic"):
            for part in node.args[1:]:
                if isinstance(part, ast.Constant):
                    yield from re.findall(r"[^\W\d]\w*", str(part.value))


def takes_effect(statement: ast.stmt) -> bool:
    """Tell whether a statement of the upper part takes effect here too."""
    if isinstance(statement, BLOCKS):
        return all(map(takes_effect, blocks_of(statement)))
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and is_literal(statement.value)
    return not isinstance(statement, (ast.AugAssign, ast.Expr))


def refuse_shell_lines(cell: CellText, last: int, way: str) -> None:
    """Refuse IPython's own syntax in the lines that run there."""
    for number in sorted(cell.shell_lines):
        if number <= last:
            raise CellError(
                f"line {number}: `{cell.written[number - 1].strip()}` is IPython syntax, which "
                f"does not exist there: {way}"
            )


class BodySession(Session):
    """The whole cell is one task."""

    form = "body"

    def __init__(self, bridge: Bridge, request: Json, cell: CellText) -> None:
        super().__init__(bridge, request)
        self._cell = cell
        self._title = "cell"
        self.quiet = True
        self._source: Source | None = None
        text_lines = cell.text.rstrip("\n").count("\n") + 1
        self._remote_lines = [cell.first_line, max(cell.first_line, text_lines)]
        self._outputs: Json = {}

    def prepare(self) -> None:
        """Refuse what cannot work, and make the one task. Raises `CellError`."""
        inputs, outputs = self.options.get("inputs") or [], self.options.get("outputs") or []
        for number, line in self._cell.shell_lines.items():
            if "get_ipython().system(" not in line and "get_ipython().getoutput(" not in line:
                raise CellError(
                    f"line {number}: `{self._cell.written[number - 1].strip()}` is an IPython "
                    "magic, which does not exist there: move it into a cell without %%compute"
                )
        for name in (*inputs, *outputs):
            if not name.isidentifier():
                raise CellError(f"{name!r} is not the name of a variable: see -i and -o")
        packed = pickled({name: self._input(name) for name in inputs})
        self._source = self._build(inputs, outputs, packed.names)
        payload = pack_buffers([buffer(pickled(()).data), buffer(packed.data)])
        self.add_task(Task(self, "cell", "cell", payload, self._cell.first_line))

    def advance(self) -> bool:
        """Wait once, for the whole cell."""
        return self.tasks[0].state != PENDING

    def receive(self) -> None:
        """Bind the names that -o brings back; the value is shown."""
        task = self.tasks[0]
        if task.state == DONE:
            self.space.update(self._outputs)
            self.value = task.value
            self.quiet = self._cell.quiet

    def unwrapped(self, envelope: Json) -> Any:
        """Return the value, and keep what -o brings back."""
        for name in envelope["outputs"]:
            self._outputs[name] = self.loaded(envelope, name)
        return self.loaded(envelope)

    def source_for(self, name: str) -> Source:  # noqa: ARG002 - the cell is all there is
        """Return the cell in its wrapper."""
        assert self._source is not None  # noqa: S101 - made by prepare()
        return self._source

    def _input(self, name: str) -> Any:
        if name not in self.space:
            raise CellError(f"-i {name}: the notebook has no variable of this name")
        value = self.space[name]
        try:
            packed = pickled(value)
        except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
            raise CellError(f"-i {name} cannot be sent: {type(value).__name__}: {error}") from None
        if packed.bytecode:
            self.warn([bytecode_warning(f"-i {name}")])
        return value

    def _build(self, inputs: list[str], outputs: list[str], met: set[str]) -> Source:
        tree = self._cell.tree
        shell = {"get_ipython"} if self._cell.shell_lines else set()
        needs = Dependencies(self.bridge.notebook, {*inputs, *shell}, True, self._directory)
        needs.add_code(tree, names_of(tree, False), "the cell")
        for name in sorted(met):
            needs.add_name(name, "a variable sent with -i")
        self.warn(needs.warnings)
        units = needs.units_in_order()
        units.append(unit_of("cell", "cell", self._cell.text, False))
        options = {"capture": self.options.get("capture", True), "body": True,
                   "quiet": self._cell.quiet, "outputs": outputs,
                   "ipython": any("IPython" in unit.text for unit in units)}  # fmt: skip
        return Source(wrapped(units, "cell", options), "_gc_entry")


# --- The bridge -----------------------------------------------------------------------------------
class Bridge:
    """What one kernel keeps: the sessions of its cells, and the `compute` magic."""

    def __init__(self, shell: Any, fallback: Callable[[str, str], Any] | None) -> None:
        self.shell = shell
        self.notebook = Notebook(shell)
        self.active: Session | None = None
        self.lock = threading.RLock()
        self.fallback = fallback
        self._sessions: dict[str, Session] = {}
        self._armed: list[Json] = []
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
        count = self.shell.execution_count - 1
        cell = CellText(self.shell, request["source"], count)
        session = self._session(request, cell)
        session.count = count
        self.notebook.remember(count, cell.text)
        try:
            session.prepare()
        except BaseException:
            self.notebook.remember(count, "#")
            raise
        self._sessions[session.id] = session
        self._run(session, session.proceed)

    def _session(self, request: Json, cell: CellText) -> CallSession | BodySession:
        body = cell.tree.body
        ends = [at + 1 for at, statement in enumerate(body) if functions_in(statement)]
        remote = [name for name, value in list(self.shell.user_ns.items())
                  if isinstance(value, RemoteFunction)]  # fmt: skip
        if request["options"].get("body") or not (ends or calls_in(cell.tree, remote)):
            return BodySession(self, request, cell)
        return CallSession(self, request, cell, body[: ends[-1]] if ends else [])

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
        if getattr(self._local, "depth", 0):
            return function.plain(*args, **kwargs)
        if isinstance(self.active, CallSession):
            return self.active.call(function, args, kwargs)
        name = function.__name__
        raise RemoteCallError(
            f"{name} runs on Globus Compute: call it in a %%compute cell, or "
            f"{label_of(f'{name}.local', args, kwargs)} here"
        )

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


# --- Doors ----------------------------------------------------------------------------------------
bridge: Bridge


def install(shell: Any) -> None:
    """Register the `compute` magic; the one there before keeps the cells that were not armed."""
    global bridge  # noqa: PLW0603 - the module is the kernel's handle on its one bridge
    bridge = Bridge(shell, shell.magics_manager.magics["cell"].get("compute"))

    def compute(line: str, cell: str) -> Any:
        """Run this cell on Globus Compute."""
        return bridge.magic(line, cell)

    compute._ipython_magic_no_var_expand = True  # type: ignore[attr-defined]
    shell.register_magic_function(compute, "cell", "compute")


def arm(request_b64: str) -> None:
    """Announce a cell that is executed next; base64 of JSON: sid, source, options, directory."""
    bridge.arm(json.loads(base64.b64decode(request_b64)))


def take(sid: str) -> str:
    """Return the step that a session reached, base64 of JSON. Raises `CellError` if unknown."""
    return bridge.session(sid).take()


def feed(sid: str, chunk_b64: str) -> None:
    """Bring a piece of the JSON list of outcomes, in base64. Raises `CellError` if unknown."""
    bridge.session(sid).feed(base64.b64decode(chunk_b64))


def resume(sid: str) -> None:
    """Run a cell on with the outcomes fed. Raises what `Session.resume` raises."""
    bridge.resume(sid)


def discard(sid: str, reason: str) -> None:
    """Give up a session, for a reason to be told. Raises `CellError` if unknown."""
    bridge.discard(sid, reason)
