"""The session between JupyterLab and the kernel, and what stays in the notebook."""

from __future__ import annotations

import base64
import inspect
import json
import pydoc
import re
import time
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check
from jupyterlab_globus_compute.tests.kernel.notebook import KERNEL, OPTIONS, encoded

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

F = "%%compute\ndef f(x):\n    return x * 2\n"


def result(value: str) -> str:
    """A result as a worker writes it, of the pickle of an expression's value."""
    import pickle  # noqa: PLC0415 - the only use

    data = pickle.dumps(eval(value), 4)  # noqa: S307 - of a test
    return "00\n" + base64.encodebytes(data).decode()


def test_remote_function(notebook: Notebook) -> None:
    notebook.compute(
        '%%compute\ndef area(r: int, *, n=1):\n    """Of a circle."""\n    return r * n\n'
    )
    area = notebook.space["area"]
    assert repr(area) == "<remote function area>"
    assert str(inspect.signature(area)) == "(r: 'int', *, n=1)"
    assert (area.__doc__, area.__name__, area.__module__) == ("Of a circle.", "area", "__main__")
    assert area.local(3, n=2) == 6
    told = pydoc.render_doc(area, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert "area(r: 'int', *, n=1)" in told
    assert "Of a circle." in told
    error, shown = notebook.execute("x = 1\narea(3)")
    assert (
        "area runs on Globus Compute: call it in a %%compute cell, submit it with "
        "area.submit(3), or run area.local(3) here" in shown
    )
    assert "In[2], line 2" in shown
    assert "bridge" not in shown
    assert type(error).__name__ == "RemoteCallError"


def test_local_runs_the_other_functions_here_too(notebook: Notebook) -> None:
    notebook.compute("%%compute\ndef g(n): return n\ndef f(n): return n and g(n) + f(n - 1)")
    assert notebook.value("f.local(3)") == 6
    notebook.compute("%%compute\nimport not_installed\n@not_installed.jit\ndef h(x): return x")
    error, _ = notebook.execute("h.local(1)")
    assert re.search("h cannot run here: ModuleNotFoundError|NameError", str(error))


def test_placeholder_while_waiting(notebook: Notebook) -> None:
    sid = notebook.arm(F + "a = f(1)\nb = [f(x) for x in (2, 'long' * 20)]")
    notebook.execute(F + "a = f(1)\nb = [f(x) for x in (2, 'long' * 20)]")
    step = json.loads(base64.b64decode(notebook.bridge.take(sid)))
    assert notebook.bridge.take(sid) == notebook.bridge.take(sid)
    assert [task["line"] for task in step["tasks"]] == [4, 5, 5]
    assert step["tasks"][2]["label"] == "f('longlongl...nglonglong')"
    assert (step["state"], step["sid"], step["form"]) == ("waiting", sid, "call")
    placeholder = notebook.space["a"]
    assert repr(placeholder) == "<result of f(1)>"
    assert (placeholder.done(), placeholder.task_index) == (False, 0)
    assert len({placeholder, *notebook.space["b"]}) == 3
    for use in (
        "a + 1",
        "a == 1",
        "bool(a)",
        "str(a)",
        "a.real",
        "a.result()",
        "f'{a}'",
        "list(a)",
    ):
        error, shown = notebook.execute(use)
        assert re.search(r"<result of f\(1\)> is not here yet", str(error)), use
        assert "bridge" not in shown
    outcomes = [{"index": 1, "ok": True, "data": result("4")},
                {"index": 0, "ok": True, "data": result("2")},
                {"index": 2, "ok": False, "data": "no\nValueError: bad"}]  # fmt: skip
    text = encoded(outcomes[1:])
    notebook.bridge.feed(sid, encoded(outcomes[:1]))
    for at in range(0, len(text), 40):
        notebook.bridge.feed(sid, text[at : at + 40])
    with pytest.raises(Exception, match="ValueError: bad") as stopped:
        notebook.bridge.resume(sid)
    assert type(stopped.value).__name__ == "TaskFailed"
    assert stopped.value._render_traceback_() == []  # type: ignore[attr-defined]
    assert notebook.value("a, b[0], repr(b[1])") == (2, 4, "<failed: ValueError: bad>")
    assert (placeholder.done(), placeholder.result()) == (True, 2)


def test_the_last_results_may_come_with_the_request_to_run_on(notebook: Notebook) -> None:
    sid = notebook.arm(F + "a = [f(1), f(2)]")
    notebook.execute(F + "a = [f(1), f(2)]")
    text = encoded([{"index": at, "ok": True, "data": result(str(at))} for at in range(2)])
    notebook.bridge.feed(sid, text[:40])
    notebook.bridge.resume(sid, text[40:])
    assert notebook.value("a") == [0, 1]


def test_a_cell_with_other_defaults_than_there_are_does_nothing(notebook: Notebook) -> None:
    source = "%%compute\n" + "print('ran')"
    request = {"source": source, "options": OPTIONS, "directory": None}
    notebook.execute("%compute_config --quiet")
    for defaults, state in (("", "stale"), ("--quiet", "waiting"), (None, "waiting")):
        told = {} if defaults is None else {"defaults": defaults}
        notebook.bridge.arm(encoded({"sid": "s", **request, **told}))
        assert notebook.execute(source) == (None, "")
        step = json.loads(base64.b64decode(notebook.bridge.take("s")))
        assert step["state"] == state
    notebook.execute("%compute_config --reset")


def test_results_that_did_not_arrive(notebook: Notebook) -> None:
    sid = notebook.arm(F + "a = f(1)")
    notebook.execute(F + "a = f(1)")
    notebook.bridge.feed(sid, base64.b64encode(b'[{"index": 0, "ok": tr').decode())
    with pytest.raises(Exception, match="run the cell again") as refused:
        notebook.bridge.resume(sid)
    assert type(refused.value).__name__ == "CellError"


def test_a_cell_that_changed_its_form_says_so_before_anything_is_sent(notebook: Notebook) -> None:
    whole, calls = "%%compute\n1 + 1", F + "f(1)"
    gained, lost = "this cell was sent as a whole before", "this cell has no function any more"
    notebook.cell_id = "first"
    for source, options, told in [
        (whole, {}, None),
        (calls, {"body": True}, None),
        (calls, {"local": True}, None),
        (calls, {"dryRun": True}, gained),
        (calls, {}, gained),
        (calls, {}, None),
        (whole, {}, lost),
        (whole, {}, None),
    ]:
        run = notebook.compute(source, **options)
        assert run.error is None
        first = run.steps[0]["warnings"]
        assert [text.startswith(told) for text in first if told] == ([True] if told else [])
        assert bool(first) == bool(told), (source, options, first)
    notebook.cell_id = "second"
    assert notebook.compute(calls).warnings == []


@pytest.mark.parametrize("door", ["take", "resume", "feed", "discard"])
def test_unknown_session(notebook: Notebook, door: str) -> None:
    arguments = {"feed": ["W10="], "discard": ["why"]}.get(door, [])
    with pytest.raises(Exception, match=r"^the kernel does not know this run") as refused:
        getattr(notebook.bridge, door)("0000", *arguments)
    assert type(refused.value).__name__ == "CellError"


def test_discarded(notebook: Notebook) -> None:
    sid = notebook.arm(F + "a = f(1)")
    notebook.execute(F + "a = f(1)")
    notebook.bridge.discard(sid, "interrupted")
    error, _ = notebook.execute("a + 1")
    assert str(error) == "<result of f(1)> will not come: interrupted. Run the cell again."
    with pytest.raises(Exception, match="does not know"):
        notebook.bridge.take(sid)
    run = check(notebook, Cell("again", "def f(x): return x\na = f(1)", "a", 1))
    assert run.labels[0] == ["f(1)"]


def test_cell_that_stops_sends_nothing(notebook: Notebook) -> None:
    run = notebook.compute(F + "a = f(1)\n\n1 / 0")
    assert repr(run.error) == "ZeroDivisionError('division by zero')"
    assert "In[1], line 6" in run.shown
    assert "----> 6 1 / 0" in run.shown
    for inner in ("bridge", "run_cell_magic", "interactiveshell"):
        assert inner not in run.shown
    error, _ = notebook.execute("a + 1")
    assert "will not come: the cell stopped at line 6: ZeroDivisionError" in str(error)


def test_error_after_a_wait_shows_the_users_frames(notebook: Notebook) -> None:
    notebook.execute("def helper(x):\n    return 1 / x")
    run = notebook.compute(F + "a = f(0)\nprint(a)\nhelper(a)")
    assert "In[2], line 6" in run.shown
    assert "In[1], line 2, in helper" in run.shown
    assert run.shown.startswith("0\n")
    for inner in ("bridge", "resume", "interactiveshell"):
        assert inner not in run.shown


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("try:\n    print(f(1))\nexcept Exception: pass", "----> 5     print(f(1))"),
        ("import numpy as np\na = np.zeros(1)\nfor i in (0,): a[i] = f(1)", "----> 6 for i in"),
    ],
)
def test_touch_that_something_hid(notebook: Notebook, source: str, line: str) -> None:
    run = notebook.compute(F + source)
    assert type(run.error).__name__ == "NotReady"
    assert line in run.shown
    assert "run_cell_magic" not in run.shown
    assert "File" not in run.shown
    assert "bridge" not in run.shown


def test_error_while_awaiting(notebook: Notebook) -> None:
    run = notebook.compute(F + "import asyncio\nawait asyncio.wait_for(f(1), 'x')")
    assert isinstance(run.error, TypeError)
    assert "In[1], line 5" in run.shown
    assert "bridge" not in run.shown


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        ("%%compute\ndef f(x)\n    return 1", 2, "def f(x)"),
        ("\n\n%%compute\ndef f(x): return x\n\nf(1) +", 6, "f(1) +"),
        ("%%compute\nx = 1\nreturn x", 3, "return x"),
        ("%%compute\nx = 1\n  y = 2", 3, "y = 2"),
    ],
)
def test_syntax_error(notebook: Notebook, source: str, line: int, text: str) -> None:
    run = notebook.compute(source)
    assert type(run.error).__name__ == "SyntaxError"
    assert f"(line {line})" in str(run.error)
    assert f"In[1], line {line}\n    {text}" in run.shown
    assert run.shown.count("Error: ") == 1
    assert "bridge" not in run.shown


def test_syntax_error_while_running(notebook: Notebook) -> None:
    run = notebook.compute(F + "\neval('1 +')")
    assert type(run.error).__name__ == "SyntaxError"
    assert "line 5" in run.shown
    assert "bridge" not in run.shown


def test_refusal_is_one_message(notebook: Notebook) -> None:
    run = notebook.compute("%%compute\nprint(1)\ndef f(): pass")
    assert run.shown.strip().startswith("CellError: line 2: `print(...)` stands above")
    assert run.shown.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("ending", "shown"),
    [("f(3)", "Out[1]: 6\n"), ("f(3);", ""), ("f(3); # why", ""), ("a = 1", "")],
)
def test_last_value(notebook: Notebook, ending: str, shown: str) -> None:
    run = notebook.compute(F + ending)
    assert run.shown == shown
    assert (notebook.value("Out") == {1: 6}) == bool(shown)


def test_out_keeps_the_cells_number(notebook: Notebook) -> None:
    sid = notebook.arm(F + "f(1)")
    notebook.execute(F + "f(1)")
    notebook.execute("x = 1")
    notebook.execute("y = 2;")
    notebook.bridge.feed(sid, encoded([{"index": 0, "ok": True, "data": result("7")}]))
    error, shown = notebook.execute(
        f"__import__('sys').modules['_globus_compute_bridge'].resume({sid!r})"
    )
    assert error is None
    assert "Out[1]: 7" in shown
    assert notebook.value("Out[1], _1") == (7, 7)
    assert notebook.shell.execution_count == 5


def test_history_holds_the_cells_text(notebook: Notebook) -> None:
    notebook.compute(F + "a = f(1)")
    assert notebook.shell.history_manager.input_hist_raw[1] == F + "a = f(1)"


@pytest.mark.parametrize("source", ["\n\n%%compute -e x\n\n\n1 + 1\n\n", "%%compute   {x}  $y\n2"])
def test_text_is_recognised(notebook: Notebook, source: str) -> None:
    assert notebook.compute(source).error is None


def test_fallback_for_cells_that_were_not_armed(notebook: Notebook) -> None:
    error, _ = notebook.execute(F)
    assert "run this cell with JupyterLab's own Run" in str(error)
    calls: list[tuple[str, str]] = []
    notebook.shell.register_magic_function(
        lambda line, cell: calls.append((line, cell)), "cell", "compute"
    )
    notebook.bridge.install(notebook.shell)
    error, _ = notebook.execute("%%compute -e x\n1")
    assert error is None
    assert calls == [("-e x", "1\n")]
    assert notebook.compute("%%compute\n1").error is None


def test_ten_thousand_tasks(notebook: Notebook) -> None:
    source = F + "values = [f(x) for x in range(10_000)]\nmany = list(range(2_000_000))\nmany[0]"
    sid = notebook.arm(source)
    start = time.perf_counter()
    notebook.execute(source)
    assert time.perf_counter() - start < 3  # 0.3 s on a quiet machine
    step = json.loads(base64.b64decode(notebook.bridge.take(sid)))
    assert len(step["tasks"]) == 10_000
    value = result("5")
    notebook.bridge.feed(
        sid, encoded([{"index": at, "ok": True, "data": value} for at in range(10_000)])
    )
    start = time.perf_counter()
    notebook.bridge.resume(sid)
    assert time.perf_counter() - start < 2  # 0.2 s on a quiet machine
    assert notebook.value("values == [5] * 10_000")


def test_64_mebibytes_in_many_tasks(notebook: Notebook) -> None:
    source = F + "parts = [f(x) for x in range(64)]"
    sid = notebook.arm(source)
    notebook.execute(source)
    value = result("b'x' * 2**20")
    text = encoded([{"index": at, "ok": True, "data": value} for at in range(64)])
    chunk = 4 * 1024 * 1024  # as JupyterLab sends it
    start = time.perf_counter()
    for at in range(0, len(text), chunk):
        notebook.bridge.feed(sid, text[at : at + chunk])
    notebook.bridge.resume(sid)
    assert time.perf_counter() - start < 8  # 0.5 s on a quiet machine
    assert notebook.value("[len(part) for part in parts]") == [2**20] * 64


def test_the_bridge_needs_nothing_but_the_standard_library() -> None:
    texts = [path.read_text(encoding="utf-8") for path in KERNEL.rglob("*.py")]
    found = re.findall(r"^(?:import|from) (\w+)", "\n".join(texts), re.MULTILINE)
    import sys  # noqa: PLC0415

    assert set(found) - {"__future__"} <= sys.stdlib_module_names
