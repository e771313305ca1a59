"""Settings of the JupyterLab that the browser tests use. Never for real work.

Its home, its port and its token come from the environment that `playwright.config.ts` sets.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - given by traitlets

home = Path(os.environ["GLOBUS_COMPUTE_UI_TEST_HOME"])
notebooks = home / "notebooks"
notebooks.mkdir(parents=True, exist_ok=True)

c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = int(os.environ["GLOBUS_COMPUTE_UI_TEST_PORT"])
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.log_level = "WARN"
# Containers often run as root, and Chromium there needs no more than this.
c.ServerApp.allow_root = True
c.ServerApp.root_dir = str(notebooks)
c.IdentityProvider.token = os.environ["GLOBUS_COMPUTE_UI_TEST_TOKEN"]

# Between choosing a kernel's TCP ports and using them somebody else may take one, and several
# JupyterLabs run side by side. The path of a socket has about 100 characters at most.
_MAX_RUNTIME_DIR = 50
if sys.platform != "win32" and len(os.environ["JUPYTER_RUNTIME_DIR"]) <= _MAX_RUNTIME_DIR:
    c.KernelManager.transport = "ipc"

# The tests reach the application as `window.jupyterapp`.
c.LabApp.expose_app_in_browser = True
c.JupyterNotebookApp.expose_app_in_browser = True
c.LabApp.log_level = "WARN"
c.LabApp.extension_manager = "readonly"

# Of the JupyterLab with real-time collaboration.
c.SQLiteYStore.db_path = str(home / "collaboration.db")

# A kernel that is not for Python.
kernel = Path(os.environ["JUPYTER_DATA_DIR"], "kernels", "r", "kernel.json")
kernel.parent.mkdir(parents=True, exist_ok=True)
kernel.write_text(
    json.dumps(
        {
            "argv": [
                sys.executable,
                str(Path(__file__).with_name("kernel_for_r.py")),
                "-f",
                "{connection_file}",
            ],
            "display_name": "R",
            "language": "R",
        }
    ),
    encoding="utf-8",
)

# No question about news covers what the tests look at.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
notification = Path(
    os.environ["JUPYTERLAB_SETTINGS_DIR"],
    "@jupyterlab",
    "apputils-extension",
    "notification.jupyterlab-settings",
)
notification.parent.mkdir(parents=True, exist_ok=True)
notification.write_text(
    json.dumps({"fetchNews": "false", "checkForUpdates": False}), encoding="utf-8"
)

# What one test needs besides.
for owner, values in json.loads(os.environ.get("GLOBUS_COMPUTE_UI_TEST_SETTINGS", "{}")).items():
    c[owner].update(values)
