"""What is in the wheel and in the sdist."""

from __future__ import annotations

import email
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from .distributions import ROOT, Distributions

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTENSION = "share/jupyter/labextensions/jupyterlab-globus-compute/"
SERVER_CONFIG = "etc/jupyter/jupyter_server_config.d/jupyterlab_globus_compute.json"

MAX_WHEEL_BYTES = 1_500_000
MAX_SDIST_BYTES = 3_000_000

# Where a build machine would show: its folders, its caches, its package mirrors.
MACHINE_PATH = re.compile(rb"/(?:home|root|Users|tmp|work|private|mnt)/[\w.-]|[A-Z]:\\\\Users\\\\")
MIRROR = re.compile(rb"https?://[\w.-]*(?:artifactory|nexus|verdaccio|mirror|pypi|npmjs)[\w.-]*")
PUBLIC_INDEXES = {b"https://pypi.org", b"https://registry.npmjs.org", b"https://www.npmjs.com"}


@pytest.fixture(scope="module")
def wheel(distributions: Distributions) -> dict[str, bytes]:
    """The files of the wheel."""
    return distributions.wheel_files()


@pytest.fixture(scope="module")
def sdist(distributions: Distributions) -> dict[str, bytes]:
    """The files of the sdist."""
    return distributions.sdist_files()


def version() -> str:
    """The one version, that of package.json."""
    return str(json.loads((ROOT / "package.json").read_text("utf-8"))["version"])


def data(wheel: Mapping[str, bytes], path: str) -> bytes:
    """A file that the wheel puts below the environment's folder."""
    return wheel[f"jupyterlab_globus_compute-{version()}.data/data/{path}"]


def metadata(wheel: Mapping[str, bytes]) -> Any:
    """The metadata of the wheel."""
    return email.message_from_bytes(
        wheel[f"jupyterlab_globus_compute-{version()}.dist-info/METADATA"]
    )


def test_the_version_is_the_same_everywhere(
    wheel: dict[str, bytes], sdist: dict[str, bytes]
) -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    versions = {
        "package-lock.json": lock["version"],
        "package-lock.json, packages": lock["packages"][""]["version"],
        "wheel": metadata(wheel)["Version"],
        "sdist": email.message_from_bytes(sdist["PKG-INFO"])["Version"],
        "labextension": json.loads(data(wheel, EXTENSION + "package.json"))["version"],
    }
    assert versions == dict.fromkeys(versions, version())


def test_the_front_end_is_there(wheel: dict[str, bytes]) -> None:
    manifest = json.loads(data(wheel, EXTENSION + "package.json"))
    load = manifest["jupyterlab"]["_build"]["load"]
    assert data(wheel, EXTENSION + load)
    assert data(wheel, EXTENSION + "static/style.js")
    for schema in (ROOT / "schema").glob("*.json"):
        shipped = data(wheel, f"{EXTENSION}schemas/jupyterlab-globus-compute/{schema.name}")
        assert json.loads(shipped) == json.loads(schema.read_text("utf-8"))


def test_jupyter_is_told_of_both_halves(wheel: dict[str, bytes]) -> None:
    install = json.loads(data(wheel, EXTENSION + "install.json"))
    assert install["packageManager"] == "python"
    assert install["packageName"] == metadata(wheel)["Name"]
    enabled = json.loads(data(wheel, SERVER_CONFIG))
    assert enabled == {"ServerApp": {"jpserver_extensions": {"jupyterlab_globus_compute": True}}}


def test_the_licences_are_there(wheel: dict[str, bytes], sdist: dict[str, bytes]) -> None:
    own = (ROOT / "LICENSE").read_bytes()
    assert wheel[f"jupyterlab_globus_compute-{version()}.dist-info/licenses/LICENSE"] == own
    assert sdist["LICENSE"] == own
    assert metadata(wheel)["License-Expression"] == "Apache-2.0"
    others = json.loads(data(wheel, EXTENSION + "static/third-party-licenses.json"))["packages"]
    bundled = {package["name"]: package["licenseId"] for package in others}
    assert bundled["axios"] == "MIT"
    assert [name for name, licence in bundled.items() if not licence] == []


def test_the_wheel_holds_nothing_else(wheel: dict[str, bytes]) -> None:
    below_data = rf"jupyterlab_globus_compute-{re.escape(version())}\.data/data/"
    expected = re.compile(
        r"jupyterlab_globus_compute/(?!tests/|labextension/)[\w/]+(?:\.schema)?\.(?:py|json|typed)"
        rf"|{below_data}{EXTENSION}(?:static/[\w.-]+\.(?:js|json)|package\.json|install\.json"
        r"|schemas/jupyterlab-globus-compute/[\w-]+\.json(?:\.orig)?)"
        rf"|{below_data}{SERVER_CONFIG}"
        r"|jupyterlab_globus_compute-[\w.]+\.dist-info/(?:METADATA|RECORD|WHEEL|licenses/LICENSE)"
        r"|jupyterlab_globus_compute/py\.typed"
    )
    assert [name for name in wheel if not expected.fullmatch(name)] == []


def test_the_sdist_can_be_built_and_holds_no_rubbish(sdist: dict[str, bytes]) -> None:
    needed = {"pyproject.toml", "package.json", "package-lock.json", "tsconfig.json"}
    assert needed <= sdist.keys()
    assert any(name.startswith("src/") for name in sdist)
    assert "jupyterlab_globus_compute/labextension/static/style.js" in sdist
    rubbish = re.compile(
        r"(?:^lib|(?:^|/)(?:node_modules|\.venv|__pycache__|\.tutorial|test-results))/"
    )
    assert [name for name in sdist if rubbish.search(name)] == []


@pytest.mark.parametrize("which", ["wheel", "sdist"])
def test_nothing_tells_of_the_machine_it_was_built_on(
    which: str, request: pytest.FixtureRequest
) -> None:
    files: dict[str, bytes] = request.getfixturevalue(which)
    # Tests have paths of people who do not exist.
    own = {name: text for name, text in files.items() if not re.search(r"/tests/|\.test\.", name)}
    assert [name for name in own if name.endswith(".map")] == []
    paths = {name: found[0] for name, text in own.items() if (found := MACHINE_PATH.search(text))}
    assert paths == {}
    mirrors = {
        name: others
        for name, text in own.items()
        if (others := set(MIRROR.findall(text)) - PUBLIC_INDEXES)
    }
    assert mirrors == {}


def test_they_are_of_the_size_that_they_should_be(distributions: Distributions) -> None:
    assert distributions.wheel.stat().st_size < MAX_WHEEL_BYTES
    assert distributions.sdist.stat().st_size < MAX_SDIST_BYTES
