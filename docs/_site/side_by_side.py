"""Puts a block of Python and the block of TypeScript that follows it side by side.

In Markdown they are two fenced blocks, each with its output as a `text` block if it has one, and
nothing between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

LABELS = {"python": "In the notebook", "ts": "In TypeScript"}


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the transform."""
    app.add_transform(SideBySide)
    return {"parallel_read_safe": True}


class SideBySide(SphinxTransform):
    """Wraps such blocks in containers, whose columns `site.css` lays out."""

    default_priority = 700

    def apply(self, **_: Any) -> None:
        """Wrap them all."""
        for parent in list(self.document.findall(nodes.section)):
            for run in list(runs(parent)):
                languages = [block.get("language") for block in run]
                if languages[0] == "python" and "ts" in languages:
                    at = languages.index("ts")
                    wrap(parent, run[:at], run[at:])


def runs(parent: nodes.Element) -> Iterator[list[nodes.literal_block]]:
    """Yield the groups of blocks that follow each other directly."""
    run: list[nodes.literal_block] = []
    for child in [*parent.children, nodes.paragraph()]:
        if isinstance(child, nodes.literal_block):
            run.append(child)
        elif not isinstance(child, (nodes.comment, nodes.raw)):
            if run:
                yield run
            run = []


def wrap(parent: nodes.Element, *columns: list[nodes.literal_block]) -> None:
    """Replace blocks by a container with a column for each list of them."""
    row = nodes.container(classes=["side-by-side"])
    parent.insert(parent.index(columns[0][0]), row)
    for blocks in columns:
        column = nodes.container(classes=["side-by-side-column"])
        label = LABELS[blocks[0]["language"]]
        column += nodes.paragraph("", label, classes=["side-by-side-label"])
        for block in blocks:
            parent.remove(block)
            column += block
        row += column
