"""What Jupyter asks of the package."""

from __future__ import annotations

import json
import subprocess
import sys

import jupyterlab_globus_compute as package
from jupyterlab_globus_compute.extension import GlobusComputeExtension
from jupyterlab_globus_compute.tests.gateway.support import REPOSITORY


def test_jupyterlab_finds_the_front_end() -> None:
    assert package._jupyter_labextension_paths() == [
        {"src": "labextension", "dest": "jupyterlab-globus-compute"}
    ]


def test_jupyter_server_finds_the_extension() -> None:
    assert package._jupyter_server_extension_points() == [
        {"module": package.__name__, "app": GlobusComputeExtension}
    ]


def test_the_server_configuration_enables_the_extension() -> None:
    path = REPOSITORY / "jupyter-config" / "server-config" / f"{package.__name__}.json"
    enabled = json.loads(path.read_text(encoding="utf-8"))
    assert enabled == {"ServerApp": {"jpserver_extensions": {package.__name__: True}}}


def test_there_is_a_version() -> None:
    assert package.__version__[0].isdigit()


def test_importing_the_package_imports_no_server() -> None:
    code = f"import sys, {package.__name__}; print('tornado' in sys.modules)"
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


def test_every_setting_is_documented() -> None:
    names = (
        "amqp",
        "cloud_token",
        "default_service",
        "globus_urls",
        "local_data_dir",
        "local_python",
        "local_workers",
        "prompt_kernels",
        "services",
        "sign_in_client_id",
        "sign_in_redirect",
        "vault_dir",
        "vault_max_mib",
        "vault_retention_days",
    )
    traits = GlobusComputeExtension.class_own_traits(config=True)
    assert set(traits) == set(names)
    assert all(trait.help for trait in traits.values())
