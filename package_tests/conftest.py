"""What the tests share: the built distributions, and one environment through its life.

An environment takes a minute to make, so there is one, which the fixtures take from one stage
to the next; the tests are in the order of the stages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from .distributions import Distributions, build, calls_of_node, without_node
from .environment import Environment
from .messages import told_command


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Those in the folder `GLOBUS_COMPUTE_DIST`, else those of this tree."""
    given = os.environ.get("GLOBUS_COMPUTE_DIST")
    if given is None:
        return build(tmp_path_factory.mktemp("dist"))
    (sdist,), (wheel,) = Path(given).glob("*.tar.gz"), Path(given).glob("*.whl")
    return Distributions(sdist, wheel)


class Installed(NamedTuple):
    """An environment with the wheel, in which Node refuses to run."""

    environment: Environment
    files_before: set[str]
    calls_of_node: list[str]


@pytest.fixture(scope="session")
def installed(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment with JupyterLab, Notebook and the wheel, without its extra `local`."""
    folder = tmp_path_factory.mktemp("installed")
    tools = folder / "tools"
    environment = Environment(folder, env=without_node(tools))
    environment.pip("install", "jupyterlab", "notebook")
    files_before = environment.files()
    environment.pip("install", str(distributions.wheel))
    return Installed(environment, files_before, calls_of_node(tools))


@pytest.fixture(scope="session")
def complete(installed: Installed) -> Installed:
    """The same with the extra, added by the command that the local service itself tells."""
    told = installed.environment.run("python", "-m", "jupyterlab_globus_compute.local", check=False)
    installed.environment.run(*told_command(told.stderr))
    return installed


@pytest.fixture(scope="session")
def uninstalled(complete: Installed) -> Installed:
    """The same after the package was uninstalled."""
    complete.environment.pip("uninstall", "--yes", "jupyterlab-globus-compute")
    return complete
