"""What comes back: output, pictures, errors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.tests.kernel.cells import Cell, check

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook
    from jupyterlab_globus_compute.tests.kernel.worker import Worker

PLOT = "    import matplotlib.pyplot as plt\n"


def envelope(notebook: Notebook, source: str, **options: Any) -> dict[str, Any]:
    """Run a cell of one task, and return its envelope."""
    run = check(notebook, Cell("cell", source, options=options))
    [envelope] = run.envelopes
    return envelope


def test_streams(notebook: Notebook) -> None:
    source = (
        "import logging, sys, warnings\ndef f():\n    print('o', end='')\n    print('é')\n"
        "    print('e', file=sys.stderr)\n    warnings.warn('careful')\n"
        "    logging.warning('log')\n    sys.stdout.buffer.write(b'raw')\nf()"
    )
    told = envelope(notebook, source)
    assert told["out"] == "oé\nraw"
    lines = told["err"].split("\n")
    assert lines[0] == "e"
    assert lines[1].endswith(":7: UserWarning: careful")
    assert "WARNING:root:log" in lines


def test_subprocess_output_keeps_its_place(notebook: Notebook) -> None:
    source = (
        "import os, subprocess, sys\ndef f():\n    print('py')\n    os.system('echo c')\n"
        "    print('more')\n    subprocess.run(['sh', '-c', 'echo err >&2'])\n"
        "    os.write(1, b'fd')\nf()"
    )
    told = envelope(notebook, source)
    assert told["out"] == "py\nc\nmore\nfd"
    assert told["err"] == "err\n"


def descriptors() -> list[str]:
    """Names of what the first descriptors and the open ones are."""
    names = [os.readlink(f"/proc/self/fd/{number}") for number in (1, 2)]
    return [*names, str(len(os.listdir("/proc/self/fd")))]


def test_descriptors_are_put_back(notebook: Notebook, worker: Worker) -> None:
    notebook.compute("%%compute\ndef f(): return 1\nf()")
    before = worker.call(descriptors)
    notebook.compute("%%compute\ndef f(): print(1); 1 / 0\nf()")
    notebook.compute("%%compute\nimport sys\ndef f():\n    sys.stdout.close()\n    sys.exit()\nf()")
    assert worker.call(descriptors) == before
    run = notebook.compute("%%compute\ndef f(): print('still')\nf()")
    assert run.envelopes[0]["out"] == "still\n"


def test_logging_handler_of_an_earlier_task(notebook: Notebook) -> None:
    source = (
        "%%compute\nimport logging\ndef f(m):\n    logging.basicConfig()\n    logging.error(m)\n"
    )
    first = notebook.compute(source + "f('one')").envelopes[0]
    second = notebook.compute(source + "f('two')").envelopes[0]
    assert first["err"] == "ERROR:root:one\n"
    assert second["err"] == "ERROR:root:two\n"


def test_value_is_shown_as_ipython_would(notebook: Notebook) -> None:
    source = (
        "class V:\n    def __repr__(self): return 'V!'\n"
        "    def _repr_html_(self): return '<b>V</b>'\n"
        "    def _repr_png_(self): return b'png'\n    def _repr_json_(self): return {'a': (1, 2)}\n"
        "    def _repr_latex_(self): raise ValueError\n"
        "    def _repr_mimebundle_(self, **k): return {'x/y': 'z'}, {}\ndef f(): return V()\nf()"
    )
    assert envelope(notebook, source)["mime"] == {
        "text/plain": "V!",
        "x/y": "z",
        "text/html": "<b>V</b>",
        "image/png": "cG5n",
        "application/json": {"a": [1, 2]},
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("None", None),
        ("list(range(2000))", "[... 1000 more ...]"),
        ("'x' * 50_000", "characters is left out"),
        ("B()", "<no text: ZeroDivisionError"),
    ],
)
def test_text_of_values(notebook: Notebook, value: str, text: str | None) -> None:
    broken = "class B:\n    def __repr__(self): return 1 / 0\n"
    mime = envelope(notebook, f"{broken}def f(): return {value}\nf();")["mime"]
    if text is None:
        assert mime == {}
    else:
        assert text in mime["text/plain"]
        assert len(mime["text/plain"]) < 21_000


def test_display(notebook: Notebook) -> None:
    source = "def f():\n    display({'a': 1}, 'x')\n    display({'text/plain': 'r'}, raw=True)\nf()"
    assert envelope(notebook, source)["display"] == [
        {"text/plain": "{'a': 1}"},
        {"text/plain": "'x'"},
        {"text/plain": "r"},
    ]


@pytest.mark.parametrize(
    "source",
    [
        "from IPython.display import display, HTML\ndef f():\n    display(HTML('<b>x</b>'))\n",
        "def f():\n    from IPython.display import display, HTML\n    display(HTML('<b>x</b>'))\n",
        "import IPython\ndef f(): IPython.display.display(IPython.display.HTML('<b>x</b>'))\n",
    ],
)
def test_display_of_ipython(notebook: Notebook, source: str) -> None:
    told = envelope(notebook, source + "f()")
    assert [bundle["text/html"] for bundle in told["display"]] == ["<b>x</b>"]
    assert told["out"] == ""


def kinds(told: dict[str, Any]) -> tuple[list[list[str]], list[str]]:
    """MIME types of what was displayed, and of the value."""
    return [list(bundle) for bundle in told["display"]], list(told["mime"])


def test_open_figure_is_drawn_once_and_closed(notebook: Notebook) -> None:
    source = f"def f():\n{PLOT}    plt.plot([1, 2])\n    plt.show()\n    return 3\nf()"
    for _ in range(2):
        told = envelope(notebook, source)
        assert kinds(told) == ([["text/plain", "image/png"]], ["text/plain"])
        assert told["err"] == ""


def test_figure_as_result_comes_once(notebook: Notebook) -> None:
    source = f"def f():\n{PLOT}    fig, ax = plt.subplots()\n    ax.plot([1])\n    return fig\nf();"
    assert kinds(envelope(notebook, source)) == ([], ["text/plain", "image/png"])


def test_displayed_figure_comes_once(notebook: Notebook) -> None:
    source = f"def f():\n{PLOT}    fig, ax = plt.subplots()\n    display(fig)\nf()"
    assert kinds(envelope(notebook, source)) == ([["text/plain", "image/png"]], [])


def test_failure_tells_what_there_is(notebook: Notebook) -> None:
    source = (
        "def g(x):\n    print('before')\n    return 1 / x\n\ndef f(x):\n    display(7)\n"
        "    return g(x)\n\nf(0)"
    )
    run = notebook.compute("%%compute\n" + source)
    [failure] = run.failures
    assert failure == {
        "type": "ZeroDivisionError",
        "message": "division by zero",
        "frames": [["cell", 8, "f", "return g(x)"], ["cell", 4, "g", "return 1 / x"]],
        "out": "before\n",
        "err": "",
        "display": [{"text/plain": "7"}],
        "python": failure["python"],
    }
    [outcome] = run.outcomes
    text = outcome["data"].partition("\n#gc ")[0]
    assert text.endswith(
        "Exception: Traceback (most recent call last):\n"
        '  File "cell", line 8, in f\n    return g(x)\n'
        '  File "cell", line 4, in g\n    return 1 / x\n'
        "ZeroDivisionError: division by zero"
    )
    assert "\n" not in outcome["data"].partition("\n#gc ")[2].strip()


def test_frames_of_helpers_and_of_the_load(notebook: Notebook) -> None:
    notebook.execute("def helper(x):\n    # why\n    return 1 / x")
    run = notebook.compute("%%compute\ndef f(x): return helper(x)\nf(0)")
    assert run.failures[0]["frames"][1] == ["function helper", 3, "helper", "return 1 / x"]
    run = notebook.compute("%%compute\n\nimport not_installed\ndef f(x): return x\nf(0)")
    assert run.failures[0]["type"] == "ModuleNotFoundError"
    assert run.failures[0]["frames"] == [["cell", 3, "<module>", "import not_installed"]]


def test_causes_are_told(notebook: Notebook) -> None:
    source = (
        "def f():\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n"
        "        raise ValueError('worse') from e\nf()"
    )
    [outcome] = notebook.compute("%%compute\n" + source).outcomes
    assert (
        "line 4, in f\n    1 / 0\nZeroDivisionError: division by zero\n\nThe above"
        in outcome["data"]
    )
    assert "ValueError: worse" in outcome["data"]


def test_endless_recursion_is_told_briefly(notebook: Notebook) -> None:
    run = notebook.compute("%%compute\ndef f(x): return f(x + 1)\nf(0)")
    assert run.failures[0]["type"] == "RecursionError"
    assert len(run.failures[0]["frames"]) == 40


def test_pictures_go_first_when_it_is_too_much(notebook: Notebook) -> None:
    source = (
        "def f():\n    display({'text/plain': 'p', 'image/png': 'A' * 6_000_000}, raw=True)\n"
        "    print('start'); print('x' * 1_000_000); print('end')\n"
        "    return b'v' * 5_000_000\nf();"
    )
    told = envelope(notebook, source)
    [picture] = told["display"]
    assert list(picture) == ["text/plain"]
    assert "left out" in picture["text/plain"]
    assert len(told["out"]) == 1_000_000 + len("start\n\nend\n")
    assert len(notebook.value("_oh") or {}) == 0


def test_streams_are_cut_next_and_the_value_never(notebook: Notebook) -> None:
    source = (
        "def f():\n    print('start'); print('x' * 6_000_000); print('end')\n"
        "    return b'v' * 6_000_000\nv = f()"
    )
    told = envelope(notebook, source)
    assert told["out"].startswith("start\nxxx")
    assert told["out"].endswith("xxx\nend\n")
    assert "is left out" in told["out"]
    assert len(told["out"]) < 1_600_000
    assert notebook.value("len(v)") == 6_000_000
