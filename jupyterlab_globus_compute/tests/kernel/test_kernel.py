"""The whole way with a real ipykernel, as JupyterLab goes it."""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jupyter_client.manager import start_new_kernel

from jupyterlab_globus_compute.tests.kernel.notebook import (
    ANSI,
    MODULE,
    OPTIONS,
    encoded,
    injection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

    from jupyterlab_globus_compute.tests.kernel.worker import Worker

DOOR = f"__import__('sys').modules[{MODULE!r}]"
F = "%%compute\ndef f(x):\n    return 6 / x\n\n"


class Message(NamedTuple):
    """An output: its type, and what tells it from others."""

    kind: str
    content: Any


class Lab:
    """Does what JupyterLab does with a kernel."""

    def __init__(
        self, manager: KernelManager, client: BlockingKernelClient, worker: Worker
    ) -> None:
        self.manager = manager
        self._client = client
        self._worker = worker
        self.execute(injection(), silent=True)

    def execute(self, code: str, **options: Any) -> tuple[dict[str, Any], list[Message]]:
        """Execute code; return the reply and the outputs."""
        outputs: list[Message] = []

        def take(message: dict[str, Any]) -> None:
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                outputs.append(Message(content["name"], content["text"]))
            elif kind == "execute_result":
                told = (content["execution_count"], content["data"]["text/plain"])
                outputs.append(Message(kind, told))
            elif kind == "error":
                lines = ANSI.sub("", "\n".join(content["traceback"]))
                outputs.append(Message(kind, (content["ename"], content["evalue"], lines)))
            elif kind == "display_data":
                outputs.append(Message(kind, sorted(content["data"])))

        reply = self._client.execute_interactive(code, output_hook=take, timeout=60, **options)
        return reply["content"], outputs

    def start(self, source: str, **options: Any) -> tuple[str, dict[str, Any], list[Message]]:
        """Arm a cell and execute its text."""
        sid = str(uuid.uuid4())
        request = {"sid": sid, "source": source, "options": {**OPTIONS, **options}}
        armed, _ = self.execute(f"{DOOR}.arm({encoded(request)!r})", silent=True)
        assert armed["status"] == "ok", armed
        return sid, *self.execute(source, store_history=True, user_expressions=taking(sid))

    def resume(self, sid: str, step: dict[str, Any]) -> tuple[dict[str, Any], list[Message]]:
        """Run the tasks of a step and bring the results."""
        functions = {function["key"]: function for function in step["functions"]}
        outcomes = [self._worker.run(functions[t["function"]], t, []) for t in step["tasks"]]
        self.execute(f"{DOOR}.feed({sid!r}, {encoded(outcomes)!r})", silent=True)
        return self.execute(
            f"{DOOR}.resume({sid!r})", store_history=False, user_expressions=taking(sid)
        )

    def compute(self, source: str, **options: Any) -> tuple[dict[str, Any], list[Message]]:
        """Run a cell to its end; return the last reply and all outputs."""
        sid, reply, outputs = self.start(source, **options)
        while reply["status"] == "ok":
            step = taken(reply)
            if step["state"] == "finished":
                break
            reply, more = self.resume(sid, step)
            outputs += more
        return reply, outputs


def taking(sid: str) -> dict[str, str]:
    """The user expression that JupyterLab sends along."""
    return {"r": f"{DOOR}.take({sid!r})"}


def taken(reply: dict[str, Any]) -> dict[str, Any]:
    """The step in a reply, read as JupyterLab reads it."""
    text = reply["user_expressions"]["r"]["data"]["text/plain"]
    step = json.loads(base64.b64decode(text[1:-1]))
    assert isinstance(step, dict)
    return step


@pytest.fixture(scope="module")
def kernel(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A real kernel."""
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("kernel")))
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def lab(kernel: tuple[KernelManager, BlockingKernelClient], worker: Worker) -> Lab:
    """The kernel with a fresh bridge, and nothing in its namespace."""
    manager, client = kernel
    client.execute_interactive("%reset -f", silent=True, timeout=60)
    return Lab(manager, client, worker)


def count(lab: Lab) -> int:
    """The execution count of the next cell."""
    reply, _ = lab.execute("", user_expressions={"n": "get_ipython().execution_count"})
    return int(reply["user_expressions"]["n"]["data"]["text/plain"])


def test_call_form(lab: Lab) -> None:
    number = count(lab)
    source = F + "print('here')\nvalues = [f(x) for x in (1, 2)]\nprint(sum(values))\nvalues"
    sid, reply, outputs = lab.start(source)
    assert outputs == [Message("stdout", "here\n")]
    assert reply["execution_count"] == number
    step = taken(reply)
    assert [task["label"] for task in step["tasks"]] == ["f(1)", "f(2)"]
    _, between = lab.execute("values", store_history=True)
    assert "<result of f(1)>" in between[0].content[1]
    reply, outputs = lab.resume(sid, step)
    assert outputs == [
        Message("stdout", "9.0\n"),
        Message("execute_result", (number, "[6.0, 3.0]")),
    ]
    assert taken(reply)["state"] == "finished"
    assert lab.execute(f"Out[{number}] is values")[1][0].content[1] == "True"


def test_history_holds_the_text(lab: Lab) -> None:
    number = count(lab)
    source = F + "a = f(1)"
    lab.compute(source)
    reply, _ = lab.execute("", user_expressions={"i": f"_i{number} == {source!r}"})
    assert reply["user_expressions"]["i"]["data"]["text/plain"] == "True"
    assert count(lab) == number + 1


def test_body_form(lab: Lab) -> None:
    number = count(lab)
    _, outputs = lab.compute("%%compute -o y\ny = 20\ny + 1", outputs=["y"])
    assert outputs == [Message("execute_result", (number, "21"))]
    assert lab.execute("y")[1][0].content[1] == "20"


def test_failed_task_leaves_one_silent_error(lab: Lab) -> None:
    reply, outputs = lab.compute(F + "a = [f(0), f(2)]\nprint('not reached', a)")
    assert reply["status"] == "error"
    assert outputs == [Message("error", ("TaskFailed", "ZeroDivisionError: division by zero", ""))]
    _, outputs = lab.execute("a")
    assert outputs[0].content[1] == "[<failed: ZeroDivisionError: division by zero>, 3.0]"


def test_own_error_shows_own_frames(lab: Lab) -> None:
    number = count(lab)
    reply, outputs = lab.compute(F + "x = f(1)\nx / 0")
    assert reply["status"] == "error"
    [output] = outputs
    ename, evalue, lines = output.content
    assert (ename, evalue) == ("ZeroDivisionError", "float division by zero")
    assert f"In[{number}], line 6" in lines
    assert "----> 6 x / 0" in lines
    assert "File" not in lines


def test_refusal_is_one_message(lab: Lab) -> None:
    for source, ename in ((F + "f(1, 2, 3)", "TypeError"), ("%%compute\ndef f(:", "SyntaxError"),
                          ("%%compute\nprint()\ndef f(): pass", "CellError")):  # fmt: skip
        _, outputs = lab.compute(source)
        assert [(message.kind, message.content[0]) for message in outputs] == [("error", ename)]


def test_plain_cell_calling_a_remote_function(lab: Lab) -> None:
    lab.compute(F)
    _, outputs = lab.execute("f(3)")
    [output] = outputs
    assert output.content[0] == "RemoteCallError"
    assert "f.local(3) here" in output.content[1]
    assert lab.execute("f.local(3)")[1][0].content[1] == "2.0"


def test_awaits_on_the_kernels_thread(lab: Lab) -> None:
    number = count(lab)
    source = (
        F + "import asyncio\nqueue = asyncio.Queue()\nawait queue.put(await f(1))\n"
        "task = asyncio.ensure_future(queue.get())\nb = f(2)\nawait task"
    )
    _, outputs = lab.compute(source)
    assert outputs == [Message("execute_result", (number, "6.0"))]
    assert lab.execute("import asyncio\nawait asyncio.sleep(0, 5)")[1][0].content[1] == "5"


def test_plot_below(lab: Lab) -> None:
    source = F + "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([f(1), f(2)]);"
    _, outputs = lab.compute(source)
    assert outputs == [Message("display_data", ["image/png", "text/plain"])]


def test_interrupt(lab: Lab) -> None:
    """A cell interrupted while it runs here stops, and its calls are not sent."""
    waiting = "import signal, os\na = f(1)\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass"
    _, outputs = lab.compute(F + waiting)
    [output] = outputs
    assert output.content[0] == "KeyboardInterrupt"
    _, outputs = lab.execute("a + 1")
    assert "will not come: the cell stopped at line" in outputs[0].content[1]
    assert lab.compute(F + "f(2)")[0]["status"] == "ok"


def test_nothing_of_ours_in_the_namespace(lab: Lab) -> None:
    lab.compute(F + "print(f(1) + f(2))")
    _, outputs = lab.execute("[n for n in dir() if 'gc' in n or 'compute' in n]")
    assert outputs[0].content[1] == "[]"
