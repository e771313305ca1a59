"""Where results are put, and when the cell waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

F = "def f(x): return x * 2\n"
ONE_STEP = [["f(1)", "f(2)"]]
PANDAS = ("import pandas as pd\ndf = pd.DataFrame({'x': [1, 2, 3]})",)

HOLDERS = (
    "from collections import namedtuple\nfrom dataclasses import dataclass\n"
    "N = namedtuple('N', 'a b')\n@dataclass(frozen=True)\nclass D:\n    v: object"
)

PLACES = [
    Cell("dict", F + "d = {k: f(k) for k in 'ab'}\ne = {'n': {'m': [f(1), (f(2),)]}}", "d, e",
         ({"a": "aa", "b": "bb"}, {"n": {"m": [2, (4,)]}}),
         labels=[["f('a')", "f('b')", "f(1)", "f(2)"]]),
    Cell("dict keys", F + "d = {f(1): 'a', (f(2), 0): 'b'}", "d", {2: "a", (4, 0): "b"}),
    Cell("set", F + "s = {f(1), f(2)}", "s", {2, 4}, labels=ONE_STEP),
    Cell("frozenset", F + "s = frozenset([f(1), f(2)])", "s", frozenset({2, 4}), labels=ONE_STEP),
    Cell("unhashable in a set", "def f(x): return [x]\ns = {f(1)}\nr = [p.result() for p in s]",
         "r",
         [[1]], warning="could not be put in its place"),
    Cell("namedtuple and frozen dataclass", F + "n = N(f(3), 4)\nd = D(f(5))\n",
         "(n, type(n) is N, d.v)", ((6, 4), True, 10),
         before=(HOLDERS,)),
    Cell("slots", F + "o = O()\no.v = f(1)", "o.v", 2,
         before=("class O:\n    __slots__ = ('v',)",)),
    Cell("attribute", F + "o.a = f(1)\no.b = [f(2)]", "o.a, o.b", (2, [4]), labels=ONE_STEP,
         before=("class O: pass\no = O()",)),
    Cell("attribute of a library's object", F + "import types\no = types.SimpleNamespace()\n"
         "o.a = f(1)\no.b = [f(2)]", "o.a, o.b", (2, [4]), labels=ONE_STEP),
    Cell("deque", F + "d = deque([f(1)])\nd.append(f(2))", "list(d)", [2, 4],
         labels=[["f(1)"], ["f(2)"]],
         before=("from collections import deque",)),
    Cell("items", F + "d['k'] = f(1)\nd['l'] = f(2)", "d", {"k": 2, "l": 4}, before=("d = {}",),
         labels=ONE_STEP),
    Cell("append", F + "out.append(f(1))\nout.append(f(2))", "out", [0, 2, 4],
         before=("out = [0]",),
         labels=ONE_STEP),
    Cell("append in a loop", F + "for i in (1, 2): out.append(f(i))", "out", [2, 4],
         before=("out = []",), labels=ONE_STEP),
    Cell("helper appends", F + "for i in (1, 2): put(f(i))", "out", [2, 4],
         before=("out = []\ndef put(v): out.append(v)",), labels=ONE_STEP),
    Cell("list grows", F + "xs += [f(1)]\nxs += [f(x) for x in (2,)]", "xs", [0, 2, 4],
         before=("xs = [0]",), labels=ONE_STEP),
    Cell("annotated", F + "x: int = f(1)\ny: int = f(2)", "x, y", (2, 4), labels=ONE_STEP),
    Cell("walrus", F + "[a := f(1), b := f(2)]", "a, b", (2, 4), labels=ONE_STEP),
    Cell("unpacked displays",
         F + "a, b = f(1), f(2)\n(x,) = [f(3)]\n[y, *z] = [f(i) for i in (4, 5)]",
         "a, b, x, y, z", (2, 4, 6, 8, [10])),
    Cell("chained targets", F + "a = d['a'] = f(1)", "a, d", (2, {"a": 2}), before=("d = {}",)),
    Cell("alias and cycle", F + "a = [f(1)]\na.append(a)\nb = a\nc = [a, a]",
         "a is b, c[0] is a, a[1] is a, a[0]", (True, True, True, 2)),
    Cell("same tuple twice", F + "t = (f(1),)\nu = [t, t]", "u[0] is u[1], u",
         (True, [(2,), (2,)])),
    Cell("map", F + "a = list(map(f, (1, 2)))", "a", [2, 4], labels=ONE_STEP),
    Cell("dict of zip", F + "d = dict(zip('ab', map(f, (1, 2))))", "d", {"a": 2, "b": 4},
         labels=ONE_STEP),
    Cell("conditional", F + "a = f(1) if True else 0\nb = False or f(2)", "a, b", (2, 4),
         labels=ONE_STEP),
    Cell("thread pool", F + "with ThreadPoolExecutor(4) as pool: a = list(pool.map(f, range(5)))",
         "a", [0, 2, 4, 6, 8], before=("from concurrent.futures import ThreadPoolExecutor",)),
    Cell("loop variable and other names", F + "for i in (1, 2):\n    last = f(i)", "last, i",
         (4, 2)),
    Cell("name given away meanwhile", F + "a = f(1)\nb = [a]\na = 'mine'", "a, b", ("mine", [2])),
    Cell("two statements, one wait", F + "a = f(1)\nb = f(2)\nc = a + b", "c", 6, labels=ONE_STEP),
    Cell("read by a helper", F + "a = f(1)\nb = total()", "b", 3,
         before=("def total(): return a + 1",),
         labels=[["f(1)"]]),
    Cell("no call made", F + "a = [f(x) for x in []]", "a", [], labels=[]),
    Cell("lazy map", F + "a = map(f, range(3))", "list(map(type, [a]))", [map], labels=[],
         error=r"CellError: a is a lazy map.*list\(...\)"),
    Cell("lazy generator", F + "a = (f(i) for i in range(3))", labels=[],
         error="CellError: a is a lazy generator"),
    Cell("object array", F + "import numpy as np\na = np.empty(2, dtype=object)\n"
         "for i in range(2): a[i] = f(i + 1)", "a.tolist()", [2, 4], labels=ONE_STEP),
    Cell("float array", F + "a[0] = f(1)\na[1] = f(2)", "a.tolist()", [2.0, 4.0],
         before=("import numpy as np\na = np.zeros(2)",), labels=[["f(1)"], ["f(2)"]]),
    Cell("column", F + "df['y'] = [f(int(x)) for x in df.x]", "df.y.tolist(), str(df.y.dtype)",
         ([2, 4, 6], "int64"), before=PANDAS),
    Cell("column by apply", F + "df['y'] = df.x.apply(f)", "df.y.tolist(), str(df.y.dtype)",
         ([2, 4, 6], "int64"), before=PANDAS),
    Cell("column by attribute", F + "df.x = df.x.map(f)", "df.x.tolist()", [2, 4, 6],
         before=PANDAS),
    Cell("cell of a frame", F + "df.loc[0, 'x'] = f(5)", "df.x.tolist()", [10, 2, 3],
         before=PANDAS),
    Cell("frame of records", F + "r = pd.DataFrame([{'x': i, 'y': f(i)} for i in range(3)])",
         "r.values.tolist()", [[0, 0], [1, 2], [2, 4]], before=PANDAS),
]  # fmt: skip

FAILURES = [
    Cell("one of three", "def f(x): return 1 / x\na = [f(x) for x in (1, 0, 2)]\nb = a",
         "a[0], a[2], repr(a[1]), 'b' in globals()",
         (1.0, 0.5, "<failed: ZeroDivisionError: division by zero>", False),
         error="^TaskFailed: ZeroDivisionError: division by zero$"),
    Cell("nothing after", "def f(x): return 1 / x\na = f(0)\nb = a + 1", "'b' in globals()", False,
         error="^TaskFailed: ZeroDivisionError"),
    Cell("handler never fires", "def f(x): return 1 / x\ntry:\n    a = f(0)\n"
         "except ZeroDivisionError:\n    a = None", "type(a).__name__", "TaskFailed",
         error="ZeroDivisionError", warning=r"line 5: this except hears nothing of .* in f\(\)"),
    Cell("own exception", "class My(Exception): pass\ndef f(x): raise My('bad %d' % x)\na = f(1)",
         "a.type_name, a.message", ("My", "bad 1"), error="^TaskFailed: My: bad 1$"),
]  # fmt: skip


@pytest.mark.parametrize("cell", PLACES, ids=lambda cell: cell.name)
def test_places(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", FAILURES, ids=lambda cell: cell.name)
def test_failures(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)
