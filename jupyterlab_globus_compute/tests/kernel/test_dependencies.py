"""What the code that runs there needs of the notebook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from pathlib import Path

    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

MAKE_ADD = "def mkadd(n):\n    def add(x): return x + n\n    return add\nadd5 = mkadd(5)"

EVEN_ODD = "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)"
CLASS_B = (
    "@keep\nclass B(A):\n    factor = 2\n    both = factor * 2\n"
    "    def twice(self): return self.x * self.both"
)

FOUND = [
    Cell("lambda", "def f(x): return sq(x) + 1\na = f(3)", "a", 10,
         before=("sq = lambda x: x * x",)),
    Cell("function of a function", "def f(x): return g(x)\na = f(3)", "a", 7,
         before=("def h(x): return x * 2", "def g(x): return h(x) + 1")),
    Cell("base class and decorator first", "def f(x): return B(x).twice()\na = f(3)", "a", 12,
         before=("def keep(c): return c", "class A:\n    def __init__(self, x): self.x = x",
                 CLASS_B)),
    Cell("mutual recursion", "def f(n): return even(n)\na = f(4)", "a", True,
         before=(EVEN_ODD,)),
    Cell("newest definition", "def f(x): return g(x)\na = f(1)", "a", 3,
         before=("def g(x): return x + 1", "def g(x): return x + 2")),
    Cell("star import", "def f(x): return sqrt(x) * pi\na = f(4)", "a", 6.283185307179586,
         before=("from math import *",)),
    Cell("alias", "def f(n): return mt.floor(n)\na = f(2.5)", "a", 2,
         before=("import math as mt",)),
    Cell("constant of a module", "def f(): return PI\na = f()", "a", 3.141592653589793,
         before=("from math import pi as PI",)),
    Cell("submodule", "def f(): return xml.etree.ElementTree.fromstring('<a/>').tag\na = f()", "a",
         "a", before=("import xml.dom\nimport xml.etree.ElementTree",)),
    Cell("import in try", "def f(x): return m.floor(x)\na = f(1.5)", "a", 1,
         before=("try:\n    import nothing_fast as m\nexcept ImportError:\n    import math as m",)),
    Cell("import in a timed cell", "def f(x): return math.floor(x)\na = f(1.5)", "a", 1,
         before=("%%time\nimport math",)),
    Cell("object of a module", "def f(x): return floor(x)\na = f(1.5)", "a", 1,
         before=("import math\nfloor = math.floor",)),
    Cell("IPython's open", "import builtins\ndef f(): return open is builtins.open\na = f()", "a",
         True),
    Cell("star import of the cell", "from math import *\ndef f(x): return sqrt(x) * pi\na = f(4)",
         "a", 6.283185307179586, before=("pi = 3",)),
    Cell("class-level names", "k = 'mine'\nclass C:\n    k = 1\n    j = k + 1\n"
         "def f(): return C.j, k\na = f()", "a", (2, "mine")),
    Cell("undefined", "def f(x): return nope(x)\na = f(1)", warning="f uses nope, which is not",
         error="TaskFailed: NameError"),
]  # fmt: skip

REFUSED = [
    Cell("variable", "def f(x): return x * scale\na = f(1)", before=("scale = 3",),
         error="^CellError: f reads the notebook variable 'scale': pass it as an argument, or"),
    Cell("variable as default", "def f(x, n=N): return x + n\na = f(1)", before=("N = 3",),
         error="notebook variable 'N'"),
    Cell("variable of a helper", "def f(x): return g(x)\na = f(1)",
         before=("k = 1", "def g(x): return x + k"), error="g reads the notebook variable 'k'"),
    Cell("shadowed builtin", "def f(x): return sum(x)\na = f([1])", before=("sum = 5",),
         error="notebook variable 'sum'"),
    Cell("closure", "def f(x): return add5(x)\na = f(1)", before=(MAKE_ADD,),
         error=r"f uses add5, a function that mkadd\(\) returned"),
    Cell("no source", "def f(x): return made(x)\na = f(1)",
         before=("exec('def made(x): return x')",), error="function made, whose source is not"),
    Cell("set below", "def f(x): return x * k\nk = 3\na = f(1)",
         error="f reads k, which is set below the functions: move it above"),
    Cell("set below, and before", "def f(x): return x * k\nk = 3\na = f(1)", before=("k = 2",),
         error="f reads k, which is set below"),
    Cell("computed there, used here", "data = list(range(3))\ndef f(x): return x + len(data)\n"
         "a = [f(i) for i in data]", error="line 4: data is computed in line 2, which runs there"),
    Cell("import missing here", "import not_installed\ndef f(x): return x\nnot_installed.g()",
         error="line 4: not_installed cannot be used here: ModuleNotFoundError"),
    Cell("IPython", "def f(): return get_ipython()\na = f()", error="f uses IPython itself"),
    Cell("print above", "print('loading')\ndef f(x): return x\na = f(1)",
         error=r"^CellError: line 2: `print\(\.\.\.\)` stands above the last function; "
         "move it below the functions, or use --body$"),
    Cell("loop above", "for i in range(3):\n    pass\ndef f(x): return x",
         error="line 2: `for i in range.3.:` stands above"),
    Cell("call in a block above", "if True:\n    print(1)\ndef f(x): return x", error="line 3"),
    Cell("call between functions", "def f(x): return x\na = f(1)\ndef g(x): return x\nb = g(a)",
         error=r"line 3: `a = f\(1\)` calls f, a function of this cell, above the last"),
    Cell("shell syntax in a function", "def f():\n    !ls\na = f()",
         error="line 3: `!ls` is IPython syntax, which does not exist there"),
    Cell("wrong arguments", "def f(x): return x\na = f(1, 2)",
         error=r"^TypeError: f\(\) takes 1 positional argument but 2 were given$"),
    Cell("missing argument", "def f(x, *, y): return x\na = f(1)",
         error=r"^TypeError: f\(\) missing 1 required keyword-only argument: 'y'$"),
    Cell("unpicklable", "def f(a, lock): return 1\na = f(1, (i for i in ()))",
         error=r"CellError: argument 2 of f\(\), lock: a generator cannot be sent \(.*list"),
    Cell("unpicklable keyword", "def f(**k): return 1\na = f(v=(i for i in ()))",
         error=r"argument v= of f\(\): a generator cannot be sent"),
    Cell("inputs", "def f(): return 1\nf()", options={"inputs": ["x"]}, error="add --body"),
    Cell("bare function, class argument", "def f(p): return 1\na = f(P())",
         before=("class P: pass",), options={"capture": False}, error="--no-capture cannot send P"),
]  # fmt: skip


@pytest.mark.parametrize("cell", FOUND, ids=lambda cell: cell.name)
def test_found(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", REFUSED, ids=lambda cell: cell.name)
def test_refused_before_anything_is_sent(notebook: Notebook, cell: Cell) -> None:
    run = check(notebook, cell)
    assert run.outcomes == []


def test_upper_part_allows_what_only_defines(notebook: Notebook) -> None:
    source = (
        '"""What it does."""\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n'
        "    import pandas\n"
        "try:\n    import not_installed\nexcept ImportError:\n    not_installed = None\n"
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import nothing_here\n"
        "table: dict = dict(a=1)\npass\nclass K: pass\ndef f(k): return table[k], not_installed\n"
        "a = f('a')"
    )
    check(notebook, Cell("allowed", source, "a", (1, None)))


def test_functions_of_earlier_cells(notebook: Notebook) -> None:
    check(notebook, Cell("first", "import math\ndef area(r): return math.floor(r) + one()\n"
                         "def one(): return 1"))  # fmt: skip
    run = check(notebook, Cell("second", "a = [area(r) for r in (1, 2)]", "a", [2, 3]))
    assert run.steps[0]["form"] == "call"
    assert run.steps[0]["remote_lines"] is None
    assert run.steps[0]["name"] == "area"
    check(
        notebook, Cell("inside another", "def twice(r): return 2 * area(r)\nb = twice(1)", "b", 4)
    )
    check(notebook, Cell("in body form", "c = max(map(area, (1, 5)))\nc",
                         options={"outputs": ["c"]}, shows="c", value=6))  # fmt: skip


def test_module_beside_the_notebook(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside_it.py").write_text("def g(x): return x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    notebook.directory = str(tmp_path)
    cells = (
        Cell("in the cell", "import beside_it\ndef f(x): return beside_it.g(x)\nf(1)"),
        Cell("in a function", "def f(x):\n    from beside_it import g\n    return g(x)\nf(1)"),
        Cell("imported before", "def f(x): return g(x)\nf(1)", before=("from beside_it import g",)),
        Cell("in body form", "import beside_it\nbeside_it.g(1)"),
    )
    for cell in cells:
        error = f"imports beside_it, a file beside the notebook .{tmp_path}/beside_it.py."
        check(notebook, cell._replace(error=error))
    sys.modules.pop("beside_it", None)


def test_same_source_for_the_same_cell(notebook: Notebook) -> None:
    source = "%%compute\ndef f(x): return x + 1\na = [f(1), f(2)]"
    first = notebook.compute(source).steps[0]["functions"]
    second = notebook.compute(source).steps[0]["functions"]
    assert len(first) == 1
    assert first == second


def test_no_capture_sends_the_bare_function(notebook: Notebook) -> None:
    notebook.execute("def helper(x): return x + 1")
    cell = Cell("bare", "def f(x): return helper(x)\na = f(1)", "a", 2, options={"capture": False})
    run = check(notebook, cell)
    [function] = run.steps[0]["functions"]
    assert function["entry"] == "f"
    assert function["source"] == "def helper(x): return x + 1\ndef f(x): return helper(x)\n"


def test_registering_sends_what_was_written(notebook: Notebook) -> None:
    source = "# Adds.\nimport math\n\ndef f(x):  # one\n    return x + 1\n\ndef g(x): return f(x)\n"
    run = notebook.compute("%%compute\n" + source + "print('here')\n1 + 1")
    [step] = run.steps
    assert (step["form"], step["state"], step["tasks"]) == ("register", "finished", [])
    assert [(f["name"], f["entry"], f["source"]) for f in step["functions"]] == [
        ("f", "f", source),
        ("g", "g", source),
    ]
    assert step["remote_lines"] == [2, 8]
    assert step["name"] == "f, g"
    assert run.shown.startswith("here\n")
    assert notebook.value("_") == 2
