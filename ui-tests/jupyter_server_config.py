"""Settings of the JupyterLab that the browser tests use. Never for real work.

The folders come from the environment that `playwright.config.ts` prepares.
"""

from __future__ import annotations

import os

c = get_config()  # noqa: F821 - given by traitlets

c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = int(os.environ["GLOBUS_COMPUTE_UI_TEST_PORT"])
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.log_level = "WARN"
# Containers often run as root, and Chromium there needs no more than this.
c.ServerApp.allow_root = True
c.ServerApp.root_dir = os.environ["GLOBUS_COMPUTE_UI_TEST_NOTEBOOKS"]
c.IdentityProvider.token = os.environ["GLOBUS_COMPUTE_UI_TEST_TOKEN"]

# The tests reach the application as `window.jupyterapp`.
c.LabApp.expose_app_in_browser = True
c.LabApp.workspaces_dir = os.environ["GLOBUS_COMPUTE_UI_TEST_WORKSPACES"]
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
