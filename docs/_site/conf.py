"""How Sphinx makes the documentation site of the Markdown in `docs`, and of the examples.

Run by `npm run docs`; the source folder is the root of the clone, so that links lead where they do
on a code host. No network is needed to build the site, nor to read it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

project = "JupyterLab Globus Compute"
release = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "examples/**.ipynb",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
]
# The report of the SDK's API is for those who change it; the API's pages are made by typedoc.
exclude_patterns = [".*", "*/.*", "node_modules", "dist", "lib", "docs/sdk.api.md"]

extensions = [
    "myst_nb",
    "api_pages",
    "compute_lexer",
    "example_outputs",
    "navigation",
    "side_by_side",
]
myst_heading_anchors = 6
nb_execution_mode = "off"  # scripts/docs/run_examples.py has run them
nb_merge_streams = True

smartquotes = False  # options begin with two hyphens

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["extra"]
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "github-dark"

# Captions of the sidebar, and their pages in order. A page of `docs` that is not listed comes
# under the caption whose pattern fits it, else under the last one.
navigation = {
    "Begin": [
        "docs/start",
        "docs/installing",
        "docs/signing-in",
        "docs/guide",
    ],
    "Examples": [
        "examples/hello",
        "examples/parameter-sweep",
        "examples/monte-carlo",
        "examples/sharing-a-function",
        "examples/errors-on-purpose",
        "examples/*",
        "examples/*/*",
    ],
    "Everything there is": [
        "docs/reference/options",
        "docs/reference/commands",
        "docs/reference/settings",
        "docs/reference/errors",
        "docs/reference/*",
        "docs/headless",
    ],
    "Teach": [
        "docs/teaching",
        "docs/class-file",
        "docs/overview",
    ],
    "Run it for others": [
        "docs/administrators",
        "docs/security",
        "docs/gateway",
        "docs/local-service",
        "docs/direct-mode",
    ],
    "TypeScript SDK": [
        "docs/sdk/README",
        "docs/sdk/client",
        "docs/sdk/functions",
        "docs/sdk/running",
        "docs/sdk/results",
        "docs/sdk/arguments",
        "docs/sdk/sharing",
        "docs/sdk/batches",
        "docs/sdk/executor",
        "docs/sdk/*",
        "docs/login-managers-in-jupyterlab",
    ],
    "The project": [
        "docs/architecture",
        "CONTRIBUTING",
        "CHANGELOG",
        "docs/adr/*",
        "docs/*",
    ],
}
