"""Whole notebooks, as nbconvert and papermill run them, and a script in a terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from jupyterlab_globus_compute.headless.card import BATCH_MIME_TYPE
from jupyterlab_globus_compute.tests.headless.lab import LOAD, data_dir_of

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.local.service_process import LocalService

TUTORIAL = Path(__file__).parents[3] / "examples" / "hello.ipynb"
TIMEOUT_S = 100


@pytest.fixture
def env(service: LocalService, tmp_path: Path) -> dict[str, str]:
    """The environment of a person whose local service is the shared one."""
    data_dir = data_dir_of(service.data_dir, tmp_path / "data")
    return {**os.environ, "JUPYTER_DATA_DIR": str(data_dir), "IPYTHONDIR": str(tmp_path / "ipy")}


def tutorial() -> Any:
    """The tutorial with the extension loaded in a first cell."""
    notebook = nbformat.read(TUTORIAL, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(LOAD))
    return notebook


def run(command: list[str], env: dict[str, str], cwd: Path) -> str:
    """Run a command that must succeed, and return what it printed."""
    done = subprocess.run(
        command, env=env, cwd=cwd, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nbconvert_executes_the_tutorial(env: dict[str, str], tmp_path: Path) -> None:
    nbformat.write(tutorial(), tmp_path / "hello.ipynb")
    # The tutorial ends with an error on purpose.
    command = [sys.executable, "-m", "nbconvert", "--execute", "--allow-errors"]
    run([*command, "--to", "html", "hello.ipynb"], env, tmp_path)
    html = (tmp_path / "hello.html").read_text("utf-8")
    for text in ("Hello Bob Smith", "HELLO BOB SMITH", "[0, 2, 4, 6, 8]", "points: 200",
                 "dividing 1 by 0", "TaskFailed"):  # fmt: skip
        assert text in html
    assert html.count("</strong> on This computer<br/>Done · ") == 4
    assert html.count("</strong> on This computer<br/>Failed · 1 failed · ") == 1
    assert "data:image/png;base64," in html


def test_nbclient_stops_at_a_failed_task_and_says_why(env: dict[str, str], tmp_path: Path) -> None:
    """As papermill does, which runs notebooks by nbclient."""
    notebook = tutorial()
    client = NotebookClient(notebook, timeout=TIMEOUT_S, resources={"metadata": {"path": tmp_path}})
    with pytest.raises(CellExecutionError) as caught:
        client.execute(env=env)
    assert caught.value.ename == "TaskFailed"
    assert caught.value.evalue == "ZeroDivisionError: division by zero"
    assert 'File "cell", line 4, in divide' in str(caught.value)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    states = [
        output.data[BATCH_MIME_TYPE]["state"]
        for cell in code
        for output in cell.outputs
        if BATCH_MIME_TYPE in output.get("data", {})
    ]
    assert states == ["done"] * 4 + ["failed"]
    assert code[-1].outputs == []


def test_papermill(env: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("papermill", reason="papermill is not installed")
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "p", "language": "python"}
    parameters = nbformat.v4.new_code_cell("n = 1", metadata={"tags": ["parameters"]})
    cell = "%%compute\ndef double(x):\n    return 2 * x\n\n[double(x) for x in range(n)]"
    notebook.cells = [nbformat.v4.new_code_cell(LOAD), parameters, nbformat.v4.new_code_cell(cell)]
    nbformat.write(notebook, tmp_path / "in.ipynb")
    run([sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "-p", "n", "3"], env, tmp_path)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    values = [out.data["text/plain"] for out in done.cells[-1].outputs if "data" in out]
    assert values[-1] == "[0, 2, 4]"


def test_a_script_in_a_terminal(env: dict[str, str], tmp_path: Path) -> None:
    """IPython alone: the card is text, and there is nothing to bring up to date."""
    (tmp_path / "script.ipy").write_text(
        f"{LOAD}\n"
        "get_ipython().run_cell_magic('compute', '--name doubled', "
        '\'def double(x):\\n    print("there", x)\\n    return 2 * x\\n\\n'
        "values = [double(x) for x in (1, 2)]')\n"
        "print('sum', sum(values))\n"
    )
    told = run([sys.executable, "-m", "IPython", "script.ipy"], env, tmp_path)
    assert "there 1\nthere 2\n" in told
    card = told.partition("✓ ")[2].splitlines()
    assert card[0] == "doubled \N{MULTIPLICATION SIGN} 2 on This computer"
    assert card[1].startswith("Done · 2 done · ")
    assert told.count("doubled") == 1
    assert told.endswith("sum 6\n")


# Nothing may leave the process that reads a notebook.
_NO_NETWORK = (
    "import sys\n"
    "def hook(event, arguments):\n"
    "    if event in ('socket.connect', 'socket.getaddrinfo', 'subprocess.Popen'):\n"
    "        raise SystemExit(f'reading the notebook did {event} {arguments}')\n"
    "sys.addaudithook(hook)\n"
    "from nbconvert.nbconvertapp import main\n"
    "main()\n"
)


def test_an_executed_notebook_shows_everything_to_anyone(
    env: dict[str, str], tmp_path: Path
) -> None:
    """Converted where there is no account, no service and no extension."""
    nbformat.write(tutorial(), tmp_path / "hello.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--execute", "--allow-errors"]
    run([*command, "--to", "notebook", "--inplace", "hello.ipynb"], env, tmp_path)
    notebook = nbformat.read(tmp_path / "hello.ipynb", as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            # What other readers do not know, they never see.
            output.get("data", {}).pop(BATCH_MIME_TYPE, None)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    nbformat.write(notebook, elsewhere / "hello.ipynb")
    bare = {
        "PATH": os.environ["PATH"],
        "HOME": str(elsewhere),
        "JUPYTER_DATA_DIR": str(elsewhere / "data"),
        "JUPYTER_CONFIG_DIR": str(elsewhere / "config"),
    }
    run([sys.executable, "-c", _NO_NETWORK, "--to", "html", "hello.ipynb"], bare, elsewhere)
    html = (elsewhere / "hello.html").read_text("utf-8")
    for text in ("Hello Bob Smith", "[0, 2, 4, 6, 8]", "points: 200", "dividing 1 by 0",
                 "data:image/png;base64,", "line 4, in divide", "Traceback"):  # fmt: skip
        assert text in html
    for fact in ("Service", "Endpoint", "Function", "Python", "SHA-256 of the cell"):
        assert html.count(f"{fact} <code>") == 5
    state = Path(env["JUPYTER_DATA_DIR"], "globus-compute", "local", "service.json")
    assert json.loads(state.read_text("utf-8"))["token"] not in html
