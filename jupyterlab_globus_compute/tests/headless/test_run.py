"""`%%compute` in a kernel without JupyterLab, on a real local service."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.headless.card import BATCH_MIME_TYPE

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.headless.lab import Lab
    from jupyterlab_globus_compute.tests.local.service_process import LocalService

TIMES = "\N{MULTIPLICATION SIGN}"
F = "def f(x):\n    return 6 / x\n\n"


def test_call_form(lab: Lab) -> None:
    ran = lab.ok(f"%%compute\n{F}values = [f(x) for x in (1, 2)]\nprint(sum(values))\nvalues")
    card = ran.outputs[0]
    assert set(card["data"]) == {BATCH_MIME_TYPE, "text/html", "text/plain"}
    assert (
        f"<strong>✓ f {TIMES} 2</strong> on This computer<br>Done · 2 done"
        in card["data"]["text/html"]
    )
    assert card["data"]["text/plain"].startswith(
        f"✓ f {TIMES} 2 on This computer\nDone · 2 done · "
    )
    assert ran.stdout == "9.0\n"
    assert ran.value == "[6.0, 3.0]"
    assert lab.value("values") == [6.0, 3.0]
    (snapshot,) = ran.cards
    assert snapshot["state"] == "done"
    assert snapshot["counts"] == {"total": 2, "waiting": 0, "running": 0, "done": 2, "failed": 0}
    assert [task["label"] for task in snapshot["tasks"]] == ["f(1)", "f(2)"]


def test_body_form_with_streams_and_displays(lab: Lab) -> None:
    lab.ok("a = 20")
    ran = lab.ok(
        "%%compute -i a -o b\nimport sys\nprint('out')\nprint('err', file=sys.stderr)\n"
        "display({'text/plain': 'a picture'}, raw=True)\nb = a + 1\nb * 2"
    )
    assert (ran.stdout, ran.stderr) == ("out\n", "err\n")
    assert {"text/plain": "a picture"} in [out.get("data") for out in ran.outputs]
    assert (ran.value, lab.value("b")) == ("42", 21)


def test_a_failed_task(lab: Lab) -> None:
    ran = lab.run(
        "%%compute\ndef g(x):\n    print('before', x)\n    return 1 / x\n\n"
        "a = [g(x) for x in (1, 0, 0)]\nprint('not reached', a)"
    )
    assert ran.status == "error"
    assert ran.stdout == "before 1\nbefore 0\nbefore 0\n"
    assert ran.error == (
        "TaskFailed: ZeroDivisionError: division by zero\n"
        "TaskFailed: g(0) failed on This computer, and 1 more of 3 tasks\n"
        "Traceback (most recent call last):\n"
        '  File "cell", line 4, in g\n    return 1 / x\n'
        "ZeroDivisionError: division by zero"
    )
    (snapshot,) = ran.cards
    assert snapshot["state"] == "failed"
    html = ran.outputs[0]["data"]["text/html"]
    assert "2 tasks failed alike: ZeroDivisionError: division by zero" in html
    assert "line 4, in g: return 1 / x" in html
    assert lab.value("[a[0], repr(a[1])]") == [
        1.0, "<failed: ZeroDivisionError: division by zero>"
    ]  # fmt: skip


def test_two_steps_of_one_cell_are_one_batch(lab: Lab) -> None:
    ran = lab.ok(f"%%compute\n{F}a = f(1)\nb = f(a)\nb")
    assert ran.value == "1.0"
    (snapshot,) = ran.cards
    assert snapshot["counts"]["done"] == 2


def test_register_only_and_function(lab: Lab) -> None:
    ran = lab.ok(f"%%compute --register-only --description 'six by x'\n{F}print('not run')")
    match = re.search(r"^f is registered: function (\S+)$", ran.stdout, re.MULTILINE)
    assert match is not None, ran.stdout
    assert "not run\n" not in ran.stdout
    assert lab.ok(f"%%compute -f six={match[1]}\nsix(3)").value == "2.0"
    unknown = "00000000-0000-4000-8000-000000000000"
    refused = lab.run(f"%%compute -f six={unknown}\nsix(3)")
    assert f"--function six: the local service knows no function {unknown}." in refused.error


def test_args_and_over(lab: Lab) -> None:
    assert lab.ok(f"%%compute --args 4\n{F}").value == "1.5"
    lab.ok(f"%%compute --over x=[1,2,3] -o table\n{F}")
    assert lab.value("list(table['result'])") == [6.0, 3.0, 2.0]


def test_dry_run_sends_nothing(lab: Lab, service: LocalService) -> None:
    ran = lab.ok(f"%%compute -n\n{F}f(1)")
    assert "f(1)" in ran.stdout
    assert f"Endpoint: This computer ({service.endpoint_id})" in ran.stdout
    assert ran.cards == []


def test_local_runs_here(lab: Lab) -> None:
    import os  # noqa: PLC0415 - of this test alone

    ran = lab.ok("%%compute -l\nimport os\ndef pid():\n    return os.getpid()\n\nhere = pid()")
    assert ran.cards == []
    assert lab.value("here == os.getpid()") is True
    assert lab.value("here") != os.getpid()


def test_quiet(lab: Lab) -> None:
    ran = lab.ok(f"%%compute -q\n{F}f(1)")
    assert [sorted(out) for out in ran.outputs] == [["data", "execution_count", "metadata"]]
    failed = lab.run(f"%%compute -q\n{F}f(0)")
    assert [card["state"] for card in failed.cards] == ["failed"]


def test_retries(lab: Lab, tmp_path: object) -> None:
    source = (
        "%%compute --retries 2\nimport pathlib\ndef shaky(path):\n"
        "    path = pathlib.Path(path)\n"
        "    tries = len(list(path.iterdir()))\n"
        "    (path / str(tries)).touch()\n"
        "    if tries < 2:\n        raise RuntimeError(f'try {tries}')\n"
        "    return tries\n\n"
        f"n = shaky({str(tmp_path)!r})"
    )
    ran = lab.ok(source)
    assert lab.value("n") == 2
    (snapshot,) = ran.cards
    assert (snapshot["state"], snapshot["tasks"][0]["attempts"]) == ("done", 3)


def test_timeout_stops_the_waiting_alone(lab: Lab, tmp_path: object) -> None:
    gate = f"{tmp_path}/gate"
    source = (
        "%%compute -t 0.2 --name slow\nimport os, time\ndef wait(path):\n"
        "    while not os.path.exists(path):\n        time.sleep(0.02)\n"
        f"    return 'through'\n\nv = wait({gate!r})"
    )
    ran = lab.run(source)
    assert ran.error.startswith("WaitStopped: Stopped waiting: the time of --timeout is over.")
    (snapshot,) = ran.cards
    assert snapshot["state"] in ("waiting", "running")
    assert snapshot["note"].startswith("Stopped waiting: the time of --timeout is over.")
    lab.ok(f"open({gate!r}, 'w').close()")
    assert lab.ok("%compute_result slow").value == "'through'"
    lab.ok(f"%compute_result {snapshot['taskGroupId']} -o again")
    assert lab.value("again") == "through"


def test_interrupt_stops_the_waiting(lab: Lab, tmp_path: object) -> None:
    gate = f"{tmp_path}/gate"
    source = (
        "%%compute --name held\nimport os, time\ndef wait(path):\n"
        "    while not os.path.exists(path):\n        time.sleep(0.02)\n"
        f"    return 'through'\n\nv = wait({gate!r})"
    )

    states: list[str] = []

    def interrupt(content: dict[str, Any]) -> None:
        state = content.get("data", {}).get(BATCH_MIME_TYPE, {}).get("state", "")
        if state == "running" and state not in states:
            lab.interrupt()
        states.append(state)

    ran = lab.run(source, on_output=interrupt)
    assert ran.error.startswith("WaitStopped: Stopped waiting. The tasks go on.")
    assert "%compute_result" in ran.error
    lab.ok(f"open({gate!r}, 'w').close()")
    assert lab.ok("%compute_result held").value == "'through'"


def test_defaults(lab: Lab) -> None:
    lab.ok("%compute_config --name named --quiet")
    assert lab.ok(f"%%compute\n{F}f(1)").cards == []
    failed = lab.run(f"%%compute\n{F}f(0)")
    assert failed.cards[0]["title"] == "named"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--oops", "no option --oops"),
        ("-e nowhere", 'There is no endpoint "nowhere". Known endpoints: This computer.'),
        ("-t soon", '"soon" is none'),
    ],
)
def test_refused_before_anything_is_sent(lab: Lab, line: str, message: str) -> None:
    ran = lab.run(f"%%compute {line}\n{F}print('never')")
    assert message in ran.error
    assert (ran.stdout, ran.cards, len(ran.outputs)) == ("", [], 1)


@pytest.mark.parametrize("name", ["This computer", "this-computer", "THIS COMPUTER"])
def test_endpoints_by_name(lab: Lab, name: str) -> None:
    assert lab.ok(f"%%compute -e '{name}'\n{F}f(2)").value == "3.0"


def test_help(lab: Lab) -> None:
    assert "-e/--endpoint NAME" in lab.ok("%%compute --help\nnot python").stdout


def test_no_wait_lands_before_the_next_cell(lab: Lab, tmp_path: object) -> None:
    gate = f"{tmp_path}/gate"
    ran = lab.ok(
        "%%compute --no-wait\nimport os, time\ndef wait(path):\n"
        "    while not os.path.exists(path):\n        time.sleep(0.02)\n"
        f"    print('there')\n    return 'through'\n\nv = wait({gate!r})\nw = v.upper()"
    )
    assert "<result of wait(" in str(lab.ok("v").value)
    lab.ok(f"open({gate!r}, 'w').close()")
    shown = ""
    while lab.value("'w' in globals()") is False:
        shown += lab.ok("pass").stdout
    assert lab.value("[v, w]") == ["through", "THROUGH"]
    assert ran.cards[0]["state"] == "done"  # the card where the cell is


def test_no_wait_tells_of_a_failure_without_failing_another_cell(lab: Lab) -> None:
    lab.ok(f"%%compute --no-wait\n{F}v = f(0)")
    shown = ""
    while "TaskFailed" not in shown:
        shown += lab.ok("pass").stdout
    assert "ZeroDivisionError: division by zero" in shown


def test_a_result_nobody_knows(lab: Lab) -> None:
    assert 'No batch of yours is called "nothing"' in lab.run("%compute_result nothing").error
    assert "write %compute_result NAME-OR-ID" in lab.run("%compute_result").error


def test_results_after_a_restart(service: LocalService, lab: Lab) -> None:
    lab.ok(f"%%compute --name kept\n{F}[f(x) for x in (1, 2)]")
    lab.run("%%compute --name broken\ndef f(x):\n    return 6 / x\n\nf(0)")
    lab.restart()
    assert lab.ok("%compute_result kept -o values").value is None
    assert lab.value("values") == [6.0, 3.0]
    ran = lab.ok("%compute_result broken -o error")
    assert "ZeroDivisionError: division by zero" in ran.outputs[0]["data"]["text/plain"]
    assert lab.value("repr(error)") == "<failed: ZeroDivisionError: division by zero>"
    records = lab.data_dir / "globus-compute" / "headless-batches.jsonl"
    assert records.stat().st_mode & 0o777 == 0o600
    assert str(service.address["token"]) not in records.read_text()


def test_names_a_task(lab: Lab) -> None:
    (snapshot,) = lab.ok(f"%%compute\n{F}f(1)").cards
    assert lab.ok(f"%compute_result {snapshot['tasks'][0]['id']}").value == "6.0"


def test_more_than_a_request_takes(lab: Lab, service: LocalService) -> None:
    """Three calls of 4 MB each are sent apart, in one task group."""
    ran = lab.ok(
        "%%compute\ndef size(data):\n    return len(data)\n\n"
        "sum([size(bytes(4_000_000)) for _ in range(3)])"
    )
    assert ran.value == "12000000"
    (snapshot,) = ran.cards
    answer = service.request("GET", f"/v2/taskgroup/{snapshot['taskGroupId']}")
    assert len(answer.body["tasks"]) == 3
    assert len(json.dumps(ran.outputs)) < 5000


@pytest.mark.parametrize(
    "source",
    [f"%%compute\n{F}f(1)", f"\n%%compute  --name  x \n{F}f(1)\n\n", "%%compute\n# é\n1 + 1"],
)
def test_the_card_knows_the_text_that_was_run(lab: Lab, source: str) -> None:
    (snapshot,) = lab.ok(source).cards
    assert snapshot["sourceHash"] == hashlib.sha256(source.encode()).hexdigest()


def test_a_magic_that_code_calls_has_no_text_of_a_cell(lab: Lab) -> None:
    (snapshot,) = lab.ok("get_ipython().run_cell_magic('compute', '', '1 + 1')").cards
    assert "sourceHash" not in snapshot
