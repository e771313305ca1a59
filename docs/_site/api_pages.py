"""Links the page of the SDK to the pages that typedoc makes of its API, which only the site has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = "docs/sdk/README"
WORDS = """

## Every class and type

<a href="api/index.html">The API</a>, from the doc comments in the sources.
"""


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the link."""
    app.connect("source-read", add_link)
    return {"parallel_read_safe": True}


def add_link(_app: Sphinx, docname: str, content: list[str]) -> None:
    """Append it to the page of the SDK."""
    if docname == PAGE:
        content[0] += WORDS
