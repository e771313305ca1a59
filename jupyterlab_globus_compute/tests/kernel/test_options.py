"""What the options of the magic line do in the kernel."""

from __future__ import annotations

import builtins
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

ADD = "def add(a, b=0, *, c=0): return a + b + c\n"
UUID = "0c3ee5a0-f7a7-45cd-9d9d-2f1b0d2c3f61"

CALLS = [
    Cell("args", ADD, "Out", {1: 7}, options={"args": "3, 4"}, labels=[["add(3, 4)"]]),
    Cell("a tuple of args", ADD, "Out", {1: 3}, options={"args": "(3,)"}, labels=[["add(3)"]]),
    Cell("args of variables", ADD, "Out", {2: 9}, before=("xs = [4, 5]",),
         options={"args": "*xs"}),
    Cell("args after the lower part", ADD + "one = add(1)\n", "Out, one", ({1: 2}, 1),
         options={"args": "one, one"}, labels=[["add(1)"], ["add(1, 1)"]]),
    Cell("a call in args", ADD, "Out", {1: 6}, options={"args": "add(1, 2), 3"},
         labels=[["add(1, 2)"], ["add(3, 3)"]]),
    Cell("kwargs", ADD, "Out", {1: 6}, options={"args": "1", "kwargs": "dict(b=2, c=3)"},
         labels=[["add(1, b=2, c=3)"]]),
    Cell("kwargs as words", ADD, "Out", {1: 3}, options={"kwargs": "a=1, b=2"}),
    Cell("kwargs as JSON", "def f(**k): return k", "Out", {1: {"t": True, "n": None}},
         options={"kwargs": '{"t": true, "n": null}'}),
    Cell("the last function", ADD + "def last(x): return -x", "Out", {1: -5},
         options={"args": "5"}),
    Cell("bound by -o", ADD, "y", 3, options={"args": "1, 2", "outputs": ["y"]}),
    Cell("no function", "x = 1", options={"args": "1"},
         error="CellError: --args calls a function of the cell, and this one defines none"),
    Cell("args that are none", ADD, options={"args": "a=1"}, error="--args a=1: it takes"),
    Cell("args out of the call", ADD, options={"args": "1) + _(2"}, error="--args .*: it takes"),
    Cell("args of bad syntax", ADD, options={"args": "1 +"}, error="CellError: --args 1 \\+: "),
    Cell("kwargs that are none", ADD, options={"kwargs": "3 3"}, error="takes a dictionary"),
    Cell("args the function does not take", ADD, options={"args": "1, 2, 3"},
         error="TypeError: add\\(\\) takes"),
    Cell("two names for one value", ADD, options={"args": "1", "outputs": ["a", "b"]},
         error="-o takes one name"),
]  # fmt: skip

GRIDS = [
    Cell("grid", ADD, "grid.values.tolist()",
         [[1, 10, 11], [1, 20, 21], [2, 10, 12], [2, 20, 22]],
         options={"over": [["a", "1, 2"], ["b", "(10, 20)"]], "outputs": ["grid"]},
         labels=[["add(a=1, b=10)", "add(a=1, b=20)", "add(a=2, b=10)", "add(a=2, b=20)"]]),
    Cell("grid beside arguments", ADD, "list(grid.result)", [6, 7],
         options={"over": [["b", "range(2)"]], "args": "1", "kwargs": "dict(c=5)",
                  "outputs": ["grid"]}),
    Cell("grid of a name that waits", ADD + "xs = [add(1), add(2)]", "list(grid.result)", [1, 2],
         options={"over": [["a", "xs"]], "outputs": ["grid"]}),
    Cell("empty grid", ADD, "len(grid)", 0, options={"over": [["a", "[]"]], "outputs": ["grid"]}),
    Cell("a parameter called result", "def f(result): return -result", "list(grid.columns)",
         ["result", "result_"], options={"over": [["result", "[1]"]], "outputs": ["grid"]}),
    Cell("nothing to go through", ADD, options={"over": [["a", "3"]]},
         error="CellError: --over a=...: int is nothing to go through"),
    Cell("twice", ADD, options={"over": [["a", "[1]"], ["a", "[2]"]]}, error="gives a twice"),
    Cell("no parameter", ADD, options={"over": [["1", "[1]"]]}, error="'1' is not the name"),
    Cell("unknown parameter", ADD, options={"over": [["z", "[1]"]]}, error="TypeError: .*'z'"),
]  # fmt: skip

LOCAL = {"local": True}
HERE = [
    Cell("call", ADD + "y = add(1, 2)\nz = y + 1", "y, z", (3, 4), options=LOCAL, labels=[]),
    Cell("split", "def f(x): return x + 1\na = f(f(1)) + sum([f(x) for x in range(3)])", "a", 9,
         options=LOCAL, labels=[]),
    Cell("functions that call each other", "def g(x): return 2 * x\ndef f(x): return g(x) + 1\n"
         "a = f(3)", "a", 7, options=LOCAL),
    Cell("computed above", "table = {n: n * n for n in range(4)}\ndef f(x): return table[x]\n"
         "a = f(3)", "a", 9, options=LOCAL),
    Cell("async", "async def f(x): return x\na = f(1)\nb = await f(2)", "a, b", (1, 2),
         options=LOCAL),
    Cell("thread", "import threading\ndef g(x): return x\ndef f(x):\n    out = []\n"
         "    t = threading.Thread(target=lambda: out.append(g(x)))\n    t.start(); t.join()\n"
         "    return out\na = f(1)", "a", [1], options=LOCAL),
    Cell("arguments are copies", "def f(c):\n    c.append(1)\n    return len(c)\nc = []\na = f(c)",
         "a, c", (1, []), options=LOCAL),
    Cell("its own error", "def f(x): return 1 / x\na = f(0)", error="^ZeroDivisionError",
         options=LOCAL),
    Cell("generator", "def f(): yield 1\na = f()", error="return list", options=LOCAL),
    Cell("body", "y = x + 1\ny * 2", "Out, y, x", ({2: 4}, 2, 1), before=("x = 1",),
         options={**LOCAL, "inputs": ["x"], "outputs": ["y"]}),
    Cell("body keeps its names", "z = 1", "'z' in globals()", False, options=LOCAL),
    Cell("body lacks an output", "z = 1", options={**LOCAL, "outputs": ["q"]},
         error="does not set q"),
    Cell("grid", ADD, "list(t.result)", [1, 2],
         options={**LOCAL, "over": [["a", "[1, 2]"]], "outputs": ["t"]}),
]  # fmt: skip

REFUSED = [
    Cell("register-only of nothing", "x = 1", options={"registerOnly": True},
         error="--register-only registers functions, and this cell defines none"),
    Cell("register-only with calls", ADD, options={"registerOnly": True, "args": "1"},
         error="--register-only makes no call"),
    Cell("serializer of a whole cell", "x = 1", options={"serializer": "dill"},
         error="--serializer is for functions"),
    Cell("JSON of a whole cell", "x = 1", options={"resultSerializer": "json"},
         error="--result-serializer is for functions"),
    Cell("unknown serializer", ADD + "a = add(1)", options={"serializer": "magic"},
         error="--serializer magic is not known: it takes source, dill"),
    Cell("a class with dill", "class P: pass\ndef f(p): return 1\na = f(P())",
         options={"serializer": "dill"}, error="--serializer cannot send P"),
    Cell("config that is no JSON", "1", options={"config": "{a: 1}"}, error="--config .*no JSON"),
    Cell("config that is no object", "1", options={"config": "[1]"}, error="an object .*not list"),
    Cell("config of no variable", "1", options={"config": "$nope"}, error="no variable 'nope'"),
    Cell("resources that no JSON holds", "1", before=("r = {'a': {1}}",),
         options={"resources": "$r"}, error="--resources \\$r: it cannot be written as JSON"),
]  # fmt: skip


@pytest.mark.parametrize("cell", CALLS, ids=lambda cell: cell.name)
def test_calls(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", GRIDS, ids=lambda cell: cell.name)
def test_grids(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", HERE, ids=lambda cell: cell.name)
def test_local(notebook: Notebook, cell: Cell) -> None:
    run = check(notebook, cell)
    assert run.outcomes == []


@pytest.mark.parametrize("cell", REFUSED, ids=lambda cell: cell.name)
def test_refused(notebook: Notebook, cell: Cell) -> None:
    assert check(notebook, cell).outcomes == []


def test_grid_with_a_failure_is_shown_and_bound(notebook: Notebook) -> None:
    options = {"over": [["x", "[1, 0]"]], "outputs": ["t"]}
    run = notebook.compute("%%compute\ndef f(x): return 1 / x", **options)
    assert type(run.error).__name__ == "TaskFailed"
    assert "1  0  ZeroDivisionError: division by zero" in run.shown
    assert notebook.value("t.x.tolist(), t.result[0]") == ([1, 0], 1.0)
    assert notebook.value("t.result[1].type_name") == "ZeroDivisionError"


def test_grid_without_pandas(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = builtins.__import__

    def refuse(name: str, *args: Any, **options: Any) -> Any:
        if name.partition(".")[0] == "pandas":
            raise ImportError(name)
        return whole(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    options = {"over": [["x", "['<b>', 'c']"]], "outputs": ["t"]}
    run = notebook.compute("%%compute\ndef f(x): return x * 2", **options)
    assert "x  result\n'<b>'  '<b><b>'\n'c'  'cc'" in run.shown
    assert notebook.value("t['result'], list(t)[1], t[0], len(t)") == (
        ["<b><b>", "cc"], ("c", "cc"), ("<b>", "<b><b>"), 2)  # fmt: skip
    html = notebook.value("t._repr_html_()")
    assert "<th>x</th>" in html
    assert "<td>&#x27;&lt;b&gt;&#x27;</td>" in html
    with pytest.raises(KeyError):
        notebook.value("t['nope']")


def test_a_function_registered_elsewhere(notebook: Notebook) -> None:
    options = {"functions": [["area", UUID]]}
    notebook.elsewhere[UUID] = lambda task: {"ok": True, "data": "11\n" + json.dumps(task["label"])}
    run = notebook.compute("%%compute\na = area(3, unit='m')\nb = a.upper()", **options)
    assert run.error is None
    assert notebook.value("a, b") == ("area(3, unit='m')", "AREA(3, UNIT='M')")
    [function] = run.steps[0]["functions"]
    assert (function["id"], function["name"], function["source"]) == (UUID, "area", "")
    assert notebook.compute("%%compute\narea(4)").shown == "Out[2]: 'area(4)'\n"
    assert notebook.compute("%%compute\n1", args="5", **options).shown == "Out[3]: 'area(5)'\n"
    for source, refusal in (
        ("%%compute\nclass P: pass\narea(P())", "does not know P, which this notebook defines"),
        ("%%compute\ndef g(x): return area(x)\ng(1)", "g calls area, which was registered elsewh"),
    ):
        assert refusal in str(notebook.compute(source).error)
    error, _ = notebook.execute("area.local(1)")
    assert "area cannot run here: it was registered elsewhere" in str(error)


def test_a_function_that_the_class_offers(notebook: Notebook) -> None:
    one, other = UUID, UUID.replace("0", "1")
    for known in (one, other):
        notebook.elsewhere[known] = lambda task: {"ok": True, "data": "11\n9"}
    run = notebook.compute("%%compute\na = area(3)", offered=[["area", one]])
    assert run.steps[0]["functions"][0]["id"] == one
    # A later class file has another one, and the notebook's own comes first.
    run = notebook.compute("%%compute\na = area(3)", offered=[["area", other]])
    assert run.steps[0]["functions"][0]["id"] == other
    notebook.compute("%%compute\ndef area(x): return x")
    run = notebook.compute("%%compute\na = area(3)", offered=[["area", one]])
    assert run.steps[0]["functions"][0]["id"] is None
    notebook.compute("%%compute\n1 + 1", offered=[["unused", one]])
    assert "unused" not in notebook.space


def test_register_only(notebook: Notebook) -> None:
    source = "%%compute\n" + ADD + "print('here')\na = add(1)"
    run = notebook.compute(source, registerOnly=True)
    [step] = run.steps
    assert (step["form"], step["state"], step["tasks"]) == ("register", "finished", [])
    assert [function["source"] for function in step["functions"]] == [ADD]
    assert step["warnings"] == ["--register-only: line 3 and those below it did not run"]
    assert (run.shown, "a" in notebook.space) == ("", False)
    assert repr(notebook.space["add"]) == "<remote function add>"


def test_settings(notebook: Notebook) -> None:
    notebook.execute("nodes = {'num_nodes': 2}")
    run = notebook.compute("%%compute\n1", config='{"worker_init": "x"}', resources="$nodes")
    [first, _] = run.steps
    assert first["config"] == {"worker_init": "x"}
    assert first["resources"] == {"num_nodes": 2}
    assert notebook.compute("%%compute\n1").steps[0]["config"] is None


def test_result_as_json(notebook: Notebook) -> None:
    run = notebook.compute("%%compute\n" + ADD + "a = add(1, 2)", resultSerializer="json")
    assert run.error is None
    assert [outcome["data"] for outcome in run.outcomes] == ["11\n3"]
    assert notebook.value("a") == 3
    assert "only its value comes back" in run.warnings[0]


@pytest.mark.parametrize("name", ["dill", "DillCode", "combined", "text-inspect"])
def test_other_serializers(notebook: Notebook, name: str) -> None:
    run = notebook.compute("%%compute\n" + ADD + "a = add(1, 2)", serializer=name)
    assert run.error is None
    assert run.steps[0]["functions"][0]["serialized"].partition("\n")[0] in ("01", "10", "03")
    assert notebook.value("a, add.local(1)") == (3, 1)


def test_dry_run(notebook: Notebook) -> None:
    notebook.execute("import math\ndef helper(r): return math.pi * r\na = 'old'")
    source = (
        "%%compute\nimport json\ndef area(r):\n    return helper(r) * r + nothing\n\n"
        "new = [area(r) for r in range(30)]\na = area(1)\nprint(a)"
    )
    before = set(notebook.space)
    run = notebook.compute(source, dryRun=True, config='{"a": 1}')
    [step] = run.steps
    assert (step["state"], step["tasks"], step["functions"]) == ("finished", [], [])
    assert notebook.value("a") == "old"
    assert {name for name in set(notebook.space) - before if not name.startswith("_")} == set()
    report = step["report"]
    for pattern in (
        r"^Dry run of area: nothing was sent",
        r"form +call: ",
        r"kernel +CPython 3\.",
        r"config +\{'a': 1\}",
        r"needs +helper: function of this notebook",
        r"needs +math: import math",
        r"needs +nothing: not defined anywhere",
        r"calls +31, [\d,]+ bytes of arguments, \d+ at most in one",
        r"line 6: area\(0\)  \(\d+ bytes\)",
        r"and 11 more",
        r"then line 8 waits for results",
        r"area, [\d,]+ bytes \(source\), entry _gc_entry:",
    ):
        assert re.search(pattern, report, re.MULTILINE), report
    real = notebook.compute(source)
    assert real.steps[0]["functions"][0]["source"] in report
    assert real.steps[0]["report"] is None


@pytest.mark.parametrize(
    ("source", "options", "pattern"),
    [
        ("x = 1\nx + 1", {}, r"form +body: .*\n(.*\n)*cell, [\d,]+ bytes"),
        (ADD, {}, r"form +register: (.*\n)*calls +none\n\nadd, .*\ndef add"),
        (ADD, {"args": "3"}, r"calls +1, .*\n +line 1: add\(3\)"),
        ("area(1)", {"functions": [["area", UUID]]}, rf"area is registered already: .*{UUID}"),
    ],
)
def test_dry_run_of_each_form(
    notebook: Notebook, source: str, options: dict[str, Any], pattern: str
) -> None:
    run = notebook.compute("%%compute\n" + source, dryRun=True, **options)
    assert run.error is None
    assert re.search(pattern, run.steps[0]["report"]), run.steps[0]["report"]
    assert "add" not in notebook.space
    assert run.outcomes == []


PREFLIGHT = [
    Cell("file handle", "def area(r, f): return 1\na = area(1, open('/dev/null'))",
         error=r"argument 2 of area\(\), f: a file handle cannot be sent .* path"),
    Cell("lock", "import threading\ndef f(x): return 1\na = f(threading.Lock())",
         error=r"argument 1 of f\(\), x: a lock cannot be sent"),
    Cell("nested", "class P:\n    def __init__(self): self.log = open('/dev/null')\n"
         "def f(x): return 1\na = f([1, {'p': P()}])",
         error=r"argument 1 of f\(\), x: a file handle in \[1\]\['p'\]\.log cannot be sent"),
    Cell("keyword", "def f(**k): return 1\na = f(log=open('/dev/null'))",
         error=r"argument log= of f\(\): a file handle cannot be sent"),
    Cell("connection", "import sqlite3\ndef f(x): return 1\na = f(sqlite3.connect(':memory:'))",
         error=r"argument 1 of f\(\), x: a connection cannot be sent"),
    Cell("bytes in memory may go", "import io\ndef f(x): return x.read()\na = f(io.BytesIO(b'x'))",
         "a", b"x"),
    Cell("too large", "def f(n, x): return len(x)\na = f(1, b'x' * 9_000_000)",
         error=r"argument 2 of f\(\), x takes 8\.6 MB: .* 11\.\d MB as it is sent, and may"),
    Cell("too large an input", "len(x)", before=("x = b'x' * 9_000_000",),
         options={"inputs": ["x"]}, error="what -i sends takes 11\\.\\d MB, and a task may take"),
]  # fmt: skip


@pytest.mark.parametrize("cell", PREFLIGHT, ids=lambda cell: cell.name)
def test_preflight(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)
