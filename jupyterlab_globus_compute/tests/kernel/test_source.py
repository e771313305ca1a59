"""The source that travels, and the worker that runs it."""

from __future__ import annotations

import ast
import builtins
import sys
import threading
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.kernel.bridge.names import names_of, stored_names
from jupyterlab_globus_compute.kernel.bridge.worker_source import WORKER_FILES, worker_runtime
from jupyterlab_globus_compute.tests.kernel.cells import Cell, check
from jupyterlab_globus_compute.tests.kernel.notebook import BRIDGE, MODULE

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.kernel.notebook import Notebook
    from jupyterlab_globus_compute.tests.kernel.worker import Worker


def test_runtime_is_made_of_every_file_of_the_worker() -> None:
    files = {path.stem for path in (BRIDGE / "worker").glob("*.py")}
    assert sorted(WORKER_FILES) == sorted(files - {"__init__"})


def test_runtime_binds_every_name_once() -> None:
    text, _ = worker_runtime()
    names = [
        name
        for statement in ast.parse(text).body
        if not isinstance(statement, ast.Import)
        for name in stored_names(statement)
    ]
    assert sorted(names) == sorted(set(names))


def test_runtime_is_the_same_wherever_the_package_is_loaded_from(notebook: Notebook) -> None:
    sent = sys.modules[f"{MODULE}.worker_source"]
    assert sent.worker_runtime() == worker_runtime()


def test_runtime_reads_on_older_pythons() -> None:
    text, _ = worker_runtime()
    tree = ast.parse(text, feature_version=(3, 8))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    assert not [node for node in ast.walk(tree) if getattr(node, "returns", None)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation]


def test_runtime_binds_every_name_it_reads() -> None:
    text, _ = worker_runtime()
    free, _ = names_of(ast.parse(text), False)
    assert set(free) - set(dir(builtins)) == {"__name__"} & set(free)


def test_runtime_is_small_enough_to_travel_with_every_task(notebook: Notebook) -> None:
    run = notebook.compute("%%compute\ndef f(): pass\nf()")
    assert len(run.steps[0]["functions"][0]["source"]) < 16_000
    assert len(run.steps[0]["tasks"][0]["payload"]) < 100
    assert len(run.outcomes[0]["data"]) < 300


def test_source_of_a_refused_cell_is_not_taken(notebook: Notebook) -> None:
    notebook.execute("def helper(): return 'ran'\nK = type('K', (), {})")
    refused = "%%compute\nprint(1)\ndef helper(): return 'refused'\ndef f(): return 1"
    assert notebook.compute(refused).error is not None
    check(notebook, Cell("next", "def f(): return helper()\na = f()", "a", "ran"))


def test_source_of_a_cell_that_failed_is_not_taken(notebook: Notebook) -> None:
    notebook.execute("def helper(): return 'ran'")
    error, _ = notebook.execute("1 / 0\ndef helper(): return 'never'")
    assert error is not None
    check(notebook, Cell("next", "def f(): return helper()\na = f()", "a", "ran"))


def test_redefined_class(notebook: Notebook) -> None:
    for value in (1, 2):
        source = f"class P:\n    v = {value}\ndef f(x): return x.v, P.v, type(x) is P\na = f(P())"
        check(notebook, Cell("class", source, "a", (value, value, True)))


def names_in_main(names: list[str]) -> list[str]:
    """Those of the names that the worker's main program has."""
    import __main__  # noqa: PLC0415 - the worker's, not ours

    return [name for name in names if hasattr(__main__, name)]


def set_in_main(name: str, value: Any) -> Any:
    """Set or read a name of the worker's main program."""
    import __main__  # noqa: PLC0415 - the worker's, not ours

    if value is not None:
        setattr(__main__, name, value)
    return getattr(__main__, name)


def test_names_of_the_workers_main_program_stay(notebook: Notebook, worker: Worker) -> None:
    worker.call(set_in_main, "serve_forever", "the worker's")
    source = "class Mine: pass\ndef serve_forever(): return 1\na = serve_forever()"
    check(notebook, Cell("same name", source, "a", 1))
    assert worker.call(set_in_main, "serve_forever", None) == "the worker's"
    assert worker.call(names_in_main, ["Mine", "_gc_entry"]) == ["Mine"]


def outcome_in_a_thread(function: dict[str, Any]) -> dict[str, Any]:
    """Run the function as an engine of threads does."""
    space: dict[str, Any] = {}
    exec(function["source"], space)  # noqa: S102 - as the worker does
    outcome: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: outcome.update(space[function["entry"]]()))
    thread.start()
    thread.join()
    return outcome


def test_a_thread_leaves_the_streams_alone(notebook: Notebook, worker: Worker) -> None:
    run = notebook.compute("%%compute\ndef f():\n    print('x')\n    display(1)\n    return 2\nf()")
    outcome = worker.call(outcome_in_a_thread, run.steps[0]["functions"][0])
    assert (outcome["out"], outcome["display"]) == ("", [{"text/plain": "1"}])
    assert outcome["mime"] == {"text/plain": "2"}
