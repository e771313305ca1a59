"""Statements that make calls and use their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

F = "def f(x): return x * 2\n"
FG = "def g(x): return x + 1\ndef f(x): return x * 10\n"
LOG = ("log = []\ndef note(x):\n    log.append(x)\n    return x",)

SPLIT = [
    Cell("printed", F + "print('val', f(1), f(2))", labels=[["f(1)", "f(2)"]]),
    Cell("sum of list", F + "y = sum([f(i) for i in range(3)])", "y", 6,
         labels=[["f(0)", "f(1)", "f(2)"]]),
    Cell("sum of generator", F + "y = sum(f(i) for i in range(3))", "y", 6,
         labels=[["f(0)", "f(1)", "f(2)"]]),
    Cell("generator and start", F + "y = sum((f(i) for i in range(2)), 10)", "y", 12),
    Cell("sum of map", F + "y = sum(map(f, range(3)))", "y", 6,
         labels=[["f(0)", "f(1)", "f(2)"]]),
    Cell("added", F + "x = f(1) + f(2)", "x", 6, labels=[["f(1)", "f(2)"]]),
    Cell("formatted", F + "s = f'{f(1)} and {f(2):>3}'\nt = s + '!'", "t", "2 and   4!",
         labels=[["f(1)", "f(2)"]]),
    Cell("added to", F + "t += f(1)\nt += f(2)", "t", 7, before=("t = 1",),
         labels=[["f(1)"], ["f(2)"]]),
    Cell("nested", FG + "a = f(g(1))", "a", 20, labels=[["g(1)"], ["f(2)"]]),
    Cell("nested, level by level", FG + "a = f(g(1)) + f(g(2))", "a", 50,
         labels=[["g(1)", "g(2)"], ["f(2)", "f(3)"]]),
    Cell("nested in a list", FG + "a = [f(g(1)), f(g(2))]", "a", [20, 30],
         labels=[["g(1)", "g(2)"], ["f(2)", "f(3)"]]),
    Cell("list argument", FG + "a = f([g(1), g(2)])[:3]", "a", [2, 3, 2],
         labels=[["g(1)", "g(2)"], ["f([2, 3])"]]),
    Cell("unpacked", "def f(x): return x, x + 1\na, b = f(1)", "a, b", (1, 2)),
    Cell("star", F + "a = max(*[f(i) for i in range(3)], 1)", "a", 4),
    Cell("condition", F + "if f(1) > 1:\n    a = 1", "a", 1, labels=[["f(1)"]]),
    Cell("loop over a result", "def f(n): return list(range(n))\nt = 0\nfor x in f(3):\n    t += x",
         "t", 3),
    Cell("loop over results", F + "t = 0\nfor x in [f(1), f(2)]:\n    t += x", "t", 6),
    Cell("with", "def f(x): return x\nimport contextlib\nwith contextlib.nullcontext(f(3)) as a:\n"
         "    b = a + 1", "b", 4),
    Cell("match", "def f(x): return x\nmatch f(1):\n    case 1: a = 'one'", "a", "one"),
    Cell("assert", F + "assert f(1) == 2, 'no'", labels=[["f(1)"]]),
    Cell("sorted with a key", F + "a = sorted([f(2), f(1)], key=lambda v: v)[0]", "a", 2),
    Cell("walrus as a value", F + "print('x' if (a := f(1)) is None else 'y')", "a", 2),
    Cell("first operand", F + "a = f(0) or 3", "a", 3),
    Cell("operand that is a call", F + "a = f(0) or f(2)", "a", 4, labels=[["f(0)"], ["f(2)"]]),
    Cell("comparison", F + "a = 1 < f(1) <= 2", "a", True),
    Cell("index", F + "a = 'abcdef'[f(1)]\nb = [10, 20, 30][f(0):f(1)]", "a, b", ("c", [10, 20])),
    Cell("method of a result", "def f(x): return x\na = f('x').upper()", "a", "X"),
    Cell("numpy", F + "import numpy as np\na = np.array([f(i) for i in range(3)]).mean()", "a",
         2.0),
    Cell("order is kept", F + "it = iter([1, 2, 3])\na = [next(it), f(next(it)) + next(it)]", "a",
         [1, 7]),
    Cell("operands before the call", F + "a = (note(1), note(2) + f(note(3)), note(4))", "a, log",
         ((1, 8, 4), [1, 2, 3, 4]), before=LOG),
    Cell("local calls around", FG + "a = note(1) + f(g(note(2))) + note(3)", "a, log",
         (34, [1, 2, 3]), before=LOG),
    Cell("argument with an effect", FG + "a = f(g(1)) + f(note(5))", "a, log", (70, [5]),
         before=LOG),
    Cell("branch not taken", F + "a = print(f(1)) if False else f(2)", "a", 4, labels=[["f(2)"]]),
    Cell("largest of random arguments",
         F + "import random\nxs = [random.random() for _ in range(3)]\n"
         "a = max([f(x) for x in xs]) == 2 * max(xs)", "a", True),
    Cell("last value", F + "f(21)", "_", 42),
    Cell("last value is used", F + "f(20) + f(1)", "_", 42),
    Cell("time", F + "%time a = f(1)", "a", 2),
]  # fmt: skip

NOT_READY = [
    Cell("used in a loop", F + "t = 0\nfor i in range(2):\n    t += f(i)",
         error=r"NotReady: <result of f\(0\)> is not here yet: \+= needs|\+ needs its value"),
    Cell("used in a comprehension", F + "a = [f(i) + 1 for i in range(2)]",
         error=r"NotReady: <result of f\(0\)> is not here yet: \+ needs its value. Put it in"),
    Cell("nested in a comprehension", FG + "a = [f(g(i)) for i in range(2)]",
         error="NotReady: .*sending it to another task"),
    Cell("condition of a loop", F + "while f(1) > 3: pass", error="NotReady.*> needs"),
    Cell("branch", F + "if False: pass\nelif f(1): pass", error="NotReady.*a condition"),
    Cell("minimize", F + "a = min(range(3), key=f)", error="NotReady: .* needs its value"),
    Cell("swallowed", F + "try:\n    a = f(0) + 1\nexcept Exception:\n    a = None",
         error=r"NotReady.*\+ needs"),
    Cell("attribute", F + "def_ = [f(i).real for i in range(1)]", error=r"NotReady.*\.real needs"),
    Cell("compared", F + "a = [f(i) == 2 for i in range(1)]", error="NotReady.*== needs"),
    Cell("float array in a loop", F + "for i in range(2): a[i] = f(i)", error="NotReady.*float",
         before=("import numpy as np\na = np.zeros(2)",)),
    Cell("printed in a loop", F + "for i in range(2): print(f(i))", error=r"NotReady.*str\(\)"),
]  # fmt: skip


@pytest.mark.parametrize("cell", SPLIT, ids=lambda cell: cell.name)
def test_split(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", NOT_READY, ids=lambda cell: cell.name)
def test_not_ready(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


def test_print_says_what_the_calls_gave(notebook: Notebook) -> None:
    run = check(notebook, Cell("print", F + "print('val', f(1))\nprint(f(2)); print(3)"))
    assert run.shown == "val 2\n4\n3\n"
