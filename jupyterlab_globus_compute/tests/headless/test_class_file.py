"""The class file beside a notebook, without JupyterLab: heeded once it was accepted."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME
from jupyterlab_globus_compute.gateway.class_record import ClassRecord
from jupyterlab_globus_compute.tests.headless.lab import LOAD, Lab, data_dir_of
from jupyterlab_globus_compute.tests.local.service_process import LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FUNCTION = "0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b"
SQUARE = {"name": "square", "id": FUNCTION, "source": "def square(x):\n    return x * x\n"}
F = "def f(x):\n    return x + 1\n\n"
ELSEWHERE = (
    "from jupyterlab_globus_compute.headless import extension as _extension\n"
    "from jupyterlab_globus_compute.sdk_client import make_client as _make_client\n"
    "_asked, _is_signed_in = [], True\n"
    "def _client():\n"
    "    _asked.append('client')\n"
    "    return _make_client({folder!r})\n"
    "def _signed_in():\n"
    "    _asked.append('login')\n"
    "    return _is_signed_in\n"
    "_extension.Client, _extension.is_signed_in = _client, _signed_in\n"
    f"{LOAD}"
)


class Sheet:
    """The folder that was handed out, and a person with a kernel in it."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self.record = ClassRecord(lab.data_dir / "globus-compute" / "vault")

    def hand_out(self, **changes: Any) -> None:
        """Put a class file there, which nobody has accepted."""
        fields = {"version": 1, "id": str(uuid.uuid4()), "title": "Sums", "service": "local"}
        (self.folder / CLASS_FILE_NAME).write_text(json.dumps({**fields, **changes}))

    def accept(self) -> None:
        """Let the person accept what lies there."""
        self.record.accept(self._file)

    @property
    def tasks(self) -> int:
        """How many tasks were submitted for the class."""
        return self.record.use(self._file).tasks

    @property
    def _file(self) -> Any:
        seen = self.record.look(self.folder)
        assert seen is not None
        assert seen.file is not None
        return seen.file


@pytest.fixture
def sheet(service: LocalService, tmp_path: Path) -> Iterator[Sheet]:
    """A sheet whose cells run on the shared local service."""
    (tmp_path / "cwd").mkdir()
    with Lab(data_dir_of(service.data_dir, tmp_path / "data"), tmp_path / "cwd") as lab:
        yield Sheet(lab, tmp_path / "cwd")


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """An endpoint of somebody else; the cloud's part is played by a second service."""
    with LocalService(tmp_path_factory.mktemp("far") / "data", workers=1) as far:
        yield far


@pytest.fixture
def far_sheet(service: LocalService, far: LocalService, tmp_path: Path) -> Iterator[Sheet]:
    """A sheet whose person is signed in to the cloud."""
    (tmp_path / "cwd").mkdir()
    data_dir = data_dir_of(service.data_dir, tmp_path / "data")
    with Lab(data_dir, tmp_path / "cwd", load=False) as lab:
        lab.ok(ELSEWHERE.replace("{folder!r}", repr(str(far.data_dir))))
        sheet = Sheet(lab, tmp_path / "cwd")
        endpoint = {"id": far.endpoint_id, "name": "Far", "owner": "Mallory"}
        sheet.hand_out(service="cloud", endpoint=endpoint, functions=[SQUARE])
        yield sheet


def test_has_no_effect_until_it_is_accepted(sheet: Sheet) -> None:
    sheet.hand_out(functions=[SQUARE], limits={"tasks": 1})
    ran = sheet.lab.ok(f"%%compute\n{F}[f(1), f(2)]")
    assert ran.value == "[2, 3]"
    assert ran.stderr.startswith(
        "Note: This folder has a class file: “Sums”. It has no effect until you accept it. "
        "To look at it and accept it, run in a terminal: "
        "python -m jupyterlab_globus_compute.class_file --accept "
    )
    assert ran.stderr.count("\n") == 1
    unknown = sheet.lab.run(f"%%compute\n{F}square(f(1))")
    assert "name 'square' is not defined" in unknown.error
    # It was said once.
    assert unknown.stderr == ""
    assert sheet.tasks == 0
    # Nothing was kept of it.
    assert not (sheet.lab.data_dir / "globus-compute" / "vault").exists()
    assert [path.name for path in sheet.folder.glob("*.json")] == [CLASS_FILE_NAME]


def test_an_unaccepted_one_sends_nothing_to_an_endpoint_of_somebody_else(
    far_sheet: Sheet, far: LocalService
) -> None:
    ran = far_sheet.lab.ok(f"%%compute\n{F}f(1)")
    assert (ran.value, ran.cards[0]["endpoint"]["name"]) == ("2", "This computer")
    assert "square" in far_sheet.lab.run(f"%%compute\n{F}square(f(1))").error
    # Not even a client was made, nor a login looked for.
    assert far_sheet.lab.value("_asked") == []
    far_sheet.accept()
    ran = far_sheet.lab.ok(f"%%compute\n{F}f(1)")
    assert (ran.value, ran.stderr) == ("2", "")
    assert (ran.cards[0]["service"], ran.cards[0]["endpoint"]["id"]) == ("cloud", far.endpoint_id)
    # One that was changed since is not what was accepted.
    path = far_sheet.folder / CLASS_FILE_NAME
    path.write_text(f"{path.read_text()} ")
    ran = far_sheet.lab.ok(f"%%compute\n{F}f(1)")
    assert ran.cards[0]["service"] == "local"
    assert "has changed since you accepted it" in ran.stderr


def test_what_the_person_writes_comes_first(far_sheet: Sheet, far: LocalService) -> None:
    far_sheet.accept()
    here = far_sheet.lab.ok(f'%%compute -e "This computer"\n{F}f(1)')
    assert (here.cards[0]["service"], "note" in here.cards[0]) == ("local", False)
    far_sheet.lab.ok('%compute_config -e "This computer"')
    assert far_sheet.lab.ok(f"%%compute\n{F}f(1)").cards[0]["service"] == "local"
    own = far_sheet.lab.ok("%%compute\ndef square(x):\n    return -x\n\nsquare(3)")
    assert own.value == "-3"


def test_runs_here_and_says_why_where_nobody_is_signed_in(far_sheet: Sheet) -> None:
    far_sheet.accept()
    far_sheet.lab.ok("_is_signed_in = False")
    ran = far_sheet.lab.ok(f"%%compute\n{F}square(f(2))")
    # The function is there by its source.
    assert ran.value == "9"
    (card,) = ran.cards
    assert card["endpoint"]["name"] == "This computer"
    assert card["note"] == (
        "Runs on this computer and not where the class file says (Globus Compute): "
        "you are not signed in"
    )
    assert far_sheet.lab.value("_asked") == ["login"]


def test_a_service_that_only_a_server_has(sheet: Sheet) -> None:
    sheet.hand_out(service="cluster")
    sheet.accept()
    (card,) = sheet.lab.ok(f"%%compute\n{F}f(2)").cards
    assert card["note"].endswith('%%compute without JupyterLab has no compute service "cluster"')


def test_its_functions_are_called_by_name(sheet: Sheet) -> None:
    lost = {"name": "lost", "id": FUNCTION}
    sheet.hand_out(functions=[SQUARE, lost], service="cluster")
    sheet.accept()
    ran = sheet.lab.ok(f"%%compute\n{F}[square(x) for x in range(3)]")
    assert (ran.value, ran.stderr) == ("[0, 1, 4]", "")
    refused = sheet.lab.run(f"%%compute\n{F}lost(f(1))")
    assert "The function lost of the class file cannot be called on This computer" in refused.stderr
    sheet.hand_out(functions=[lost])
    sheet.accept()
    refused = sheet.lab.run(f"%%compute\n{F}lost(f(1))")
    assert f"a function lost whose id ({FUNCTION}) This computer does not know" in refused.stderr


def test_the_limit_of_tasks(sheet: Sheet) -> None:
    sheet.hand_out(limits={"tasks": 4}, contact="Ada")
    sheet.accept()
    assert sheet.lab.ok(f"%%compute\n{F}[f(1), f(2), f(3)]").value == "[2, 3, 4]"
    assert sheet.tasks == 3
    ran = sheet.lab.run(f"%%compute\n{F}[f(1), f(2)]")
    assert ran.outputs[0]["ename"] == "ComputeError"
    assert ran.outputs[0]["evalue"] == (
        'The class "Sums" allows 4 tasks for each student; 3 were submitted before, and this cell '
        "has 2. Nothing was sent. Submit fewer, or ask Ada for more."
    )
    assert ran.cards == []
    # A new kernel, and another endpoint in the line, are no way around it.
    sheet.lab.restart()
    assert "3 were submitted before" in sheet.lab.run(f"%%compute\n{F}[f(1), f(2)]").error
    assert sheet.lab.ok(f"%%compute\n{F}f(1)").value == "2"
    # The service has counted for itself.
    sheet.record.give_back(sheet._file, 4)
    refused = sheet.lab.run(f"%%compute\n{F}f(1)")
    assert "the local service answers: The class allows 4 tasks" in refused.error
    # What was refused does not count.
    assert sheet.tasks == 0


def test_a_task_that_is_run_again_counts_again(sheet: Sheet) -> None:
    sheet.hand_out(limits={"tasks": 2})
    sheet.accept()
    ran = sheet.lab.run("%%compute --retries 5\ndef g():\n    return 1 / 0\n\ng()")
    assert "The class allows 2 tasks for each student; 2 were submitted before" in ran.error
    assert sheet.tasks == 2


def test_the_limits_of_a_task(sheet: Sheet) -> None:
    sheet.hand_out(limits={"payloadBytes": 1024, "walltimeSeconds": 1})
    sheet.accept()
    ran = sheet.lab.run("%%compute\ndef g(x):\n    return len(x)\n\ng('x' * 2000)")
    assert 'bytes, and the class "Sums" allows 1024. Nothing was sent.' in ran.error
    assert sheet.tasks == 0
    ran = sheet.lab.run("%%compute\ndef g():\n    import time\n    time.sleep(30)\n\ng()")
    assert "walltime" in ran.error.lower(), ran.error


def test_template_values_fill_a_gap(far_sheet: Sheet, far: LocalService) -> None:
    endpoint = {"id": far.endpoint_id}
    far_sheet.hand_out(service="cloud", endpoint=endpoint, config={"account": "astro101"})
    far_sheet.accept()
    told = far_sheet.lab.ok(f"%%compute --dry-run\n{F}f(1)").stdout
    assert "'account': 'astro101'" in told
    told = far_sheet.lab.ok(f'%%compute --dry-run -c \'{{"account": "mine"}}\'\n{F}f(1)').stdout
    assert ("mine" in told, "astro101" in told) == (True, False)


def test_one_that_cannot_be_read(sheet: Sheet) -> None:
    sheet.hand_out(url="https://evil.example")
    ran = sheet.lab.ok(f"%%compute --quiet\n{F}f(1)")
    assert "has no effect, for it cannot be read: the file: Additional properties" in ran.stderr


def test_is_that_of_the_folder_where_the_kernel_was_started(sheet: Sheet, tmp_path: Path) -> None:
    sheet.hand_out(limits={"tasks": 1})
    sheet.accept()
    sheet.lab.ok(f"import os\nos.chdir({str(tmp_path)!r})")
    assert "allows 1 tasks" in sheet.lab.run(f"%%compute\n{F}[f(1), f(2)]").error
