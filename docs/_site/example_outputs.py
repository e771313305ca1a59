"""Shows the examples with the outputs that they had when they were run for this site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx


CARD = "application/vnd.globus-compute.batch+json"


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the configuration value `executed_examples`: the folder with the notebooks as run."""
    app.add_config_value("executed_examples", "", "env", str)
    app.connect("source-read", take_executed)
    return {"parallel_read_safe": True}


def take_executed(app: Sphinx, docname: str, content: list[str]) -> None:
    """Replace the text of an example by that of the notebook as it was run."""
    folder, _, name = docname.partition("/")
    if folder != "examples":
        return
    executed = Path(app.config.executed_examples) / f"{name}.ipynb"
    if not app.config.executed_examples or not executed.is_file():
        raise ExtensionError(f"{docname} was not run: build the site with `npm run docs`")
    content[0] = without_cards(executed.read_text("utf-8"))


def without_cards(text: str) -> str:
    """Leave out what only JupyterLab shows: each card is there in HTML, too."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(CARD, None)
    return json.dumps(notebook)
