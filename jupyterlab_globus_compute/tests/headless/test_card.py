"""How a batch is told in text and HTML, and what its numbers read like."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_globus_compute.headless.batch import Batch
from jupyterlab_globus_compute.headless.card import BATCH_MIME_TYPE, mime_bundle, text_card
from jupyterlab_globus_compute.headless.failures import printed_before, read_failure
from jupyterlab_globus_compute.headless.service import Service
from jupyterlab_globus_compute.headless.services import Target
from jupyterlab_globus_compute.headless.words import count_words, duration_words, plain_text

HOSTILE = "<img src=x onerror=alert(1)>\x1b[2J\x07"
WORKER_TEXT = (
    "Exception: Traceback (most recent call last):\n"
    '  File "cell", line 4, in f\n    return 1 / x\nZeroDivisionError: division by zero\n'
    '#gc {"type": "ZeroDivisionError", "message": "division by zero", "frames": '
    '[["cell", 4, "f", "return 1 / x"], ["elsewhere", 9, "g", "x"]], "out": "printed\\n", '
    '"err": "warned\\n", "display": [], "python": "3.12.1"}'
)


def refuse() -> Any:
    """Stands for a connection that no test needs."""
    raise AssertionError("nothing is asked")


def new_batch(title: str = "f", count: int = 1) -> Batch:
    """A batch whose calls were taken as tasks t0, t1 and so on."""
    target = Target(Service("local", refuse, 1.0), "e1", "This computer")
    batch = Batch(title, target, created=1_700_000_000.0)
    batch.plan({"index": at, "label": f"f({at})", "line": 6} for at in range(count))
    for at in range(count):
        batch.accept("g1", "fn1", at, f"t{at}")
    return batch


def ended(at: int, **fields: Any) -> dict[str, Any]:
    """What the service says of a task that has ended."""
    times = {"execution-start": 1_700_000_000.5, "execution-end": 1_700_000_001.5}
    return {"task_id": f"t{at}", "details": {"task_transitions": times}, **fields}


def test_done() -> None:
    batch = new_batch()
    batch.update({"task_id": "t0", "status": "running"})
    assert batch.state == "running"
    assert text_card(batch.snapshot()).startswith("… f on This computer\nRunning · 1 running · ")
    batch.update(ended(0, status="success", result="00\nx"))
    assert text_card(batch.snapshot()) == (
        "✓ f on This computer\nDone · 1 done · 1.5 s · 2023-11-14T22:13:20Z\n"
        "Service local\nEndpoint e1\nFunction fn1\nTask t0\nTask group g1"
    )
    assert batch.take_outcomes() == [{"index": 0, "ok": True, "data": "00\nx"}]
    assert batch.take_outcomes() == []


def test_failures_alike_are_told_once() -> None:
    batch = new_batch(count=4)
    for at in (1, 2):
        batch.update(ended(at, status="failed", exception=WORKER_TEXT))
    batch.update(ended(3, status="unknown", reason="gone"))
    batch.update(ended(0, status="success", result="00\nx"))
    assert text_card(batch.snapshot()).split("\n")[1:5] == [
        "Failed · 1 done · 3 failed · 1.5 s · 2023-11-14T22:13:20Z",
        "2 tasks failed alike: ZeroDivisionError: division by zero",
        "  line 4, in f: return 1 / x",
        "f(3): ResultLost: gone",
    ]
    assert batch.snapshot()["pythonVersion"] == "3.12.1"
    html = mime_bundle(batch.snapshot())["text/html"]
    assert "<summary>Traceback</summary><pre>Traceback (most recent call last):" in html
    assert "#gc" not in html


def test_what_comes_from_elsewhere_is_text() -> None:
    batch = new_batch(title=HOSTILE)
    batch.update(ended(0, status="failed", exception=f"{HOSTILE}: {HOSTILE}"))
    batch.note = HOSTILE
    bundle = mime_bundle(batch.snapshot())
    assert "<img" not in bundle["text/html"]
    assert "&lt;img src=x onerror=alert(1)&gt;" in bundle["text/html"]
    assert not {"\x1b", "\x07"} & set(bundle["text/html"] + bundle["text/plain"])


def test_a_large_batch_stays_a_small_output() -> None:
    batch = new_batch(count=3000)
    for at in range(3000):
        failed = at % 2 == 0
        how = {"exception": WORKER_TEXT} if failed else {"result": "00\nx"}
        batch.update(ended(at, status="failed" if failed else "success", **how))
    bundle = mime_bundle(batch.snapshot())
    assert len(bundle[BATCH_MIME_TYPE]["tasks"]) == 1100
    assert "900 more failed." in bundle["text/plain"]
    assert "600 tasks failed alike" in bundle["text/plain"]


def test_a_task_that_is_tried_again() -> None:
    batch = new_batch()
    batch.update(ended(0, status="failed", exception="boom"))
    assert batch.failed_outcomes() == [0]
    batch.forget_outcome(0)
    batch.accept("g1", "fn1", 0, "t9")
    assert (batch.open_ids(), batch.attempts(0), batch.state) == (["t9"], 2, "waiting")
    batch.update(ended(0, status="failed", exception="late"))  # of the first attempt: too late
    assert batch.state == "waiting"


def test_failures_taken_apart() -> None:
    failure = read_failure(WORKER_TEXT)
    assert failure["frame"] == {"line": 4, "name": "f", "source": "return 1 / x"}
    assert failure["traceback"].startswith("Traceback (most recent call last):")
    assert printed_before(WORKER_TEXT) == ("printed\n", "warned\n")
    assert read_failure("KeyError: 'a'") == {
        "type": "KeyError", "message": "'a'", "traceback": ""
    }  # fmt: skip
    assert printed_before("x\n#gc [broken") == ("", "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (-3, "0 s"), (0.001, "< 0.01 s"), (0.05, "0.05 s"), (3.14, "3.1 s"),
     (59.4, "59 s"), (119.7, "2 min 0 s"), (192, "3 min 12 s"), (3900, "1 h 5 min"),
     (183600, "2 d 3 h")],
)  # fmt: skip
def test_durations(seconds: float, words: str) -> None:
    assert duration_words(seconds) == words


def test_words() -> None:
    counts = {"total": 1342, "done": 1214, "running": 128, "waiting": 0, "failed": 0}
    assert count_words(counts) == "1,214 done · 128 running"
    assert plain_text("a\x1b[31mred\x1b[0m\tb\n\x08") == "ared\tb\n"
