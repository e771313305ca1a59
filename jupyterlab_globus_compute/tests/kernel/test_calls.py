"""What functions are sent as, and what they take and return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook

DOUBLE = "def f(x): return x * 2\n"
POINT = "class C:\n    def __init__(self, x): self.x = x\n    def twice(self): return self.x * 2\n"

TWICE = (
    "import functools\ndef twice(g):\n    @functools.wraps(g)\n"
    "    def w(*a): return 2 * g(*a)\n    return w"
)

FUNCTIONS = [
    Cell("plain", DOUBLE + "ys = [f(x) for x in range(3)]", "ys", [0, 2, 4],
         labels=[["f(0)", "f(1)", "f(2)"]]),
    Cell("cached", "import functools\n@functools.cache\ndef f(n):\n"
         "    return n if n < 2 else f(n - 1) + f(n - 2)\na = f(30)", "a", 832040),
    Cell("decorator of the notebook", "@twice\ndef f(x): return x + 1\na = f(1)", "a", 4,
         before=(TWICE,)),
    Cell("decorator object of the cell", "class Register:\n    def __call__(self, f): return f\n"
         "register = Register()\n@register\ndef f(x): return x\na = f(1)", "a", 1),
    Cell("decorator missing here and there", "import not_installed\n@not_installed.jit\n"
         "def f(x): return x\na = f(1)", error="TaskFailed: ModuleNotFoundError: No module named"),
    Cell("partial", "import functools\ndef g(a, b): return a + b\nadd1 = functools.partial(g, 1)\n"
         "def h(x): return add1(x)\na = h(2)", "a", 3),
    Cell("nested def", "def f(x):\n    def g(y): return y + x\n    return g(1)\na = f(1)", "a", 2),
    Cell("mutual recursion", "def even(n): return n == 0 or odd(n - 1)\n"
         "def odd(n): return n != 0 and even(n - 1)\na = even(10)", "a", True),
    Cell("async", "async def f(n):\n    import asyncio\n    await asyncio.sleep(0)\n"
         "    return n + 1\na = f(1)", "a", 2),
    Cell("await and gather", "import asyncio\ndef f(n): return n + 1\na = await f(1)\n"
         "b = await asyncio.gather(*[f(i) for i in range(3)])", "a, b", (2, [1, 2, 3])),
    Cell("awaited here", DOUBLE + "import asyncio\nawait asyncio.sleep(0)\na = f(4)", "a", 8),
    Cell("function in try", "try:\n    from not_installed import f\nexcept ImportError:\n"
         "    def f(x): return x\na = f(1)", "a", 1),
    Cell("docstrings", '"""Of the cell."""\ndef f():\n    """Of f."""\na = f()',
         "a, f.__doc__", (None, "Of f.")),
    Cell("future import", "from __future__ import annotations\n"
         "def f(x: Undefined) -> Nope: return x\na = f(1)", "a", 1),
    Cell("annotation of an import", "def f(x: pd.DataFrame) -> 'x': return 1\na = f(1)", "a", 1,
         before=("import collections as pd",)),
    Cell("unknown annotation", "def f(x: Unknown) -> Unknown: return x\na = f(1)", "a", 1),
    Cell("state does not stay", "count = 0\ndef f():\n    global count\n    count += 1\n"
         "    return count\na = [f() for _ in range(3)]", "a, count", ([1, 1, 1], 0)),
    Cell("constants take effect here", "scale = 3\nneg: int = -1\ndef f(x): return x * scale\n"
         "a = [f(i) for i in range(scale)]", "a, neg", ([0, 3, 6], -1)),
    Cell("imports take effect here", "import math\ndef f(x): return x\na = f(math.floor(2.5))",
         "a", 2),
    Cell("main guard below", DOUBLE + "if __name__ == '__main__':\n    a = f(1)\n    b = a + 1",
         "a, b", (2, 3)),
    Cell("function in a main guard", DOUBLE + "if __name__ == '__main__':\n"
         "    def q(): return 2\n    a = f(q())", "a", 4),
    Cell("method called here", POINT + "def f(x): return C(x).twice()\na = C(1).twice()\nb = f(2)",
         "a, b", (2, 4)),
    Cell("name was a variable", DOUBLE + "a = f(1)", "a", 2, before=("f = 7",)),
    Cell("name is rebound", DOUBLE + "f = f(1)", "f", 2),
    Cell("alias", DOUBLE + "g = f\na = g(1) + 1", "a", 3),
    Cell("keyword and default", "def f(a, b=2, *c, d=4, **e): return a, b, c, d, e\n"
         "x = f(1)\ny = f(1, 3, 5, d=6, z=7)", "x, y",
         ((1, 2, (), 4, {}), (1, 3, (5,), 6, {"z": 7})),
         labels=[["f(1)", "f(1, 3, 5, d=6, z=7)"]]),
]  # fmt: skip

VALUES = [
    Cell("dataclass", "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n"
         "    y: float = 1.0\ndef f(x): return P(x)\na = f(3)", "a == P(3), type(a) is P",
         (True, True)),
    Cell("class result", POINT + "def f(x): return C(x)\na = f(3)", "type(a) is C, a.x", (True, 3)),
    Cell("class argument", "def f(c): return c.twice()\na = f(C(4))", "a", 8, before=(POINT,)),
    Cell("class below the functions", "def f(c): return c.twice()\n" + POINT + "a = f(C(4))",
         "a", 8),
    Cell("enum and NamedTuple", "import enum, typing\nclass E(enum.Enum):\n    A = 1\n"
         "class N(typing.NamedTuple):\n    x: int\ndef f(e): return [e, N(2)]\na = f(E.A)",
         "a == [E.A, N(2)], a[0] is E.A", (True, True)),
    Cell("namedtuple of the notebook", "def f(n): return n._replace(a=5)\na = f(N(1, 2))",
         "type(a) is N, tuple(a)", (True, (5, 2)),
         before=("from collections import namedtuple\nN = namedtuple('N', 'a b')",)),
    Cell("function argument", "def f(g, x): return g(x)\na = f(h, 2)", "a", 12,
         before=("def h(x): return x + 10",)),
    Cell("remote function argument", "def h(x): return x + 10\ndef f(g, x): return g(x)\n"
         "a = f(h, 2)", "a", 12),
    Cell("lambda argument", "def f(g, x): return g(x)\na = f(lambda x: x + 1, 2)", "a", 3,
         warning="bytecode"),
    Cell("function result", "def h(x): return x + 1\ndef f(): return h\na = f()", "a.local(3)", 4),
    Cell("lambda result", "def f(): return lambda x: x + 1\na = f()", "a(3)", 4),
    Cell("arguments as they were at the call", "def f(c): return c['i']\nc = {}\nout = []\n"
         "for i in range(3):\n    c['i'] = i\n    out.append(f(c))", "out", [0, 1, 2]),
    Cell("generator result", "def f(n):\n    yield n\na = f(1)",
         error="TypeError: the result is a generator.*return list"),
    Cell("cannot travel", "def f(): return [x for x in [(i for i in ())]]\na = f()",
         error="TypeError: the result of type list cannot travel"),
    Cell("known only there",
         "def f():\n    class Hidden: pass\n    return [Hidden]\na = f()",
         "a[0].__name__", "Hidden"),
    Cell("numpy", "import numpy as np\ndef f(n): return np.arange(n)\na = f(3)", "a.tolist()",
         [0, 1, 2]),
    Cell("exits", "import sys\ndef f(): sys.exit(3)\na = f()", error="TaskFailed: SystemExit: 3"),
    Cell("interrupts itself", "def f(): raise KeyboardInterrupt\na = f()",
         error="TaskFailed: KeyboardInterrupt"),
    Cell("asks", "def f(): return input('?')\na = f()", error="TaskFailed: EOFError"),
    Cell("large result", "def f(): return b'x' * 12_000_000\na = f()",
         error="TaskFailed: MaxResultSizeExceeded"),
    Cell("pool inside", "import multiprocessing as mp\ndef h(x): return x * x\ndef f():\n"
         "    with mp.get_context('fork').Pool(2) as p: return p.map(h, range(3))\na = f()",
         "a", [0, 1, 4]),
    Cell("its own source", "import inspect\ndef f():\n    return inspect.getsource(f)\na = f()",
         "a", "def f():\n    return inspect.getsource(f)\n"),
]  # fmt: skip


@pytest.mark.parametrize("cell", FUNCTIONS, ids=lambda cell: cell.name)
def test_functions(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)


@pytest.mark.parametrize("cell", VALUES, ids=lambda cell: cell.name)
def test_values(notebook: Notebook, cell: Cell) -> None:
    check(notebook, cell)
