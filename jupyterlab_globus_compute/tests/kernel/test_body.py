"""Cells that run there as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

RUNS = [
    Cell("last expression", "x = 3\nx * 2", "_", 6, labels=[["cell"]]),
    Cell("nothing brought back", "zz = 3", "'zz' in globals()", False),
    Cell("inputs and outputs", "y = x * 2\nprint('hi')\ny + 1", "y, _", (6, 7), before=("x = 3",),
         options={"inputs": ["x"], "outputs": ["y"]}),
    Cell("input is set anew", "x = x + 1\nx", "x, _", (3, 4), before=("x = 3",),
         options={"inputs": ["x"]}),
    Cell("star import, global, triple quotes", "from math import *\ns = '''a\n  b'''\n"
         "r = [sqrt(4)]\n(s, r)", "_", ("a\n  b", [2.0])),
    Cell("functions and classes", "n = 3\nclass C:\n    k = n\ndef g(i): return i * n\n"
         "[g(i) for i in range(n)] + [C.k]", "_", [0, 3, 6, 3], options={"body": True}),
    Cell("only a lambda", "f = lambda x: x * 2\n[f(i) for i in range(3)]", "_", [0, 2, 4]),
    Cell("only a class", "class M:\n    def run(self, x): return x + 1\nM().run(2)", "_", 3),
    Cell("needs of the notebook", "math.floor(helper(2.5)) + C().k", "_", 4,
         before=("import math\ndef helper(x): return x + 1\nclass C: k = 1",)),
    Cell("input of a class", "c.k + 1", "_", 2, before=("class C: k = 1\nc = C()",),
         options={"inputs": ["c"]}),
    Cell("await", "import asyncio\nx = await asyncio.sleep(0, 4)\nx + await asyncio.sleep(0, 1)",
         "_", 5),
    Cell("future import", "from __future__ import annotations\ndef f(x: Nope): return x\nf(1)",
         "_", 1,
         options={"body": True}),
    Cell("bound in a branch", "if True:\n    y = 1\ny + 1", "_", 2, before=("y = 5",)),
    Cell("bound by a loop", "for y in range(3): pass\ny", "_", 2, before=("y = 5",)),
    Cell("commands", "!echo there\nwho = 'you'\nx = !echo a $who {who}\nx", "_", ["a you you"]),
    Cell("blank line and comment first", "\n# why\n1", "_", 1),
    Cell("bare", "print('x')\ndisplay(1)\n5", "_", 5, options={"capture": False}),
    Cell("undefined", "nope(1)", warning="the cell uses nope", error="TaskFailed: NameError"),
]  # fmt: skip

REFUSED = [
    Cell("variable", "y = x * 2", before=("x = 3",),
         error="^CellError: the cell reads the notebook variable 'x': add -i x$"),
    Cell("variable set anew", "x = x + 1", before=("x = 3",), error="add -i x"),
    Cell("variable added to", "x += 1", before=("x = 3",), error="add -i x"),
    Cell("variable in a function", "g = lambda: x\ng()", before=("x = 3",), error="add -i x"),
    Cell("no such input", "1", options={"inputs": ["q"]},
         error="-i q: the notebook has no variable"),
    Cell("not a name", "1", options={"outputs": ["a-b"]}, error="'a-b' is not the name"),
    Cell("input cannot be sent", "1", before=("q = (i for i in ())",), options={"inputs": ["q"]},
         error="-i q: a generator cannot be sent"),
    Cell("magic", "%time 1", error="line 2: `%time 1` is an IPython magic, which does not exist"),
    Cell("IPython", "get_ipython().user_ns", error="the cell uses IPython itself"),
    Cell("output not set", "1", options={"outputs": ["c"]},
         error="TaskFailed: NameError: the cell does not set c, which -o brings back"),
]  # fmt: skip


@pytest.mark.parametrize("cell", RUNS, ids=lambda cell: cell.name)
def test_runs(notebook: Notebook, cell: Cell) -> None:
    run = check(notebook, cell)
    assert run.steps[0]["form"] == "body"


@pytest.mark.parametrize("cell", REFUSED, ids=lambda cell: cell.name)
def test_refused(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


def test_lines_are_those_of_the_cell(notebook: Notebook) -> None:
    notebook.execute("import math\ndef helper(x): return 1 / x")
    run = notebook.compute("%%compute\nx = math.pi\n\nhelper(0)")
    assert run.failures[0]["frames"] == [
        ["cell", 4, "<module>", "helper(0)"],
        ["function helper", 1, "helper", "def helper(x): return 1 / x"],
    ]
    assert run.steps[0]["remote_lines"] == [2, 4]


def test_output_of_commands_and_figures(notebook: Notebook) -> None:
    run = notebook.compute(
        "%%compute\nprint('a')\n!echo b\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "plt.title('t');"
    )
    [envelope] = run.envelopes
    assert envelope["out"] == "a\nb\n"
    assert [list(bundle) for bundle in envelope["display"]] == [["text/plain", "image/png"]]
    assert run.shown == ""


def test_value_that_cannot_be_loaded_shows_itself(notebook: Notebook) -> None:
    source = "class C:\n    def __repr__(self): return 'C as it was'\nC()"
    run = notebook.compute(f"%%compute\n{source}")
    assert run.error is None
    assert "C as it was" in run.shown
    assert "cannot be loaded here: AttributeError" in run.warnings[0]
    assert "cannot be loaded here: AttributeError" in notebook.value("repr(_)")


def test_named_batch(notebook: Notebook) -> None:
    run = notebook.compute("%%compute --name sums\n1 + 1", name="sums")
    assert run.steps[0]["name"] == "sums"
    assert [function["name"] for function in run.steps[0]["functions"]] == ["cell"]
