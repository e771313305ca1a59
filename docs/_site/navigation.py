"""Puts every page into the sidebar: those listed in `conf.py` in their order, others by pattern."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the configuration value `navigation`, and a table of contents to the first page."""
    app.add_config_value("navigation", {}, "env")
    app.connect("source-read", add_contents)
    # The first page names all pages: it is read again when there is a new one.
    app.connect("env-get-outdated", lambda app, *_: [app.config.root_doc])
    return {"parallel_read_safe": True}


def add_contents(app: Sphinx, docname: str, content: list[str]) -> None:
    """Append the tables of contents to the first page."""
    if docname == app.config.root_doc:
        found = set(app.project.docnames) - {docname}
        tables = arranged(app.config.navigation, found)
        content[0] += "".join(table(caption, pages) for caption, pages in tables.items())


def arranged(navigation: dict[str, list[str]], found: set[str]) -> dict[str, list[str]]:
    """Return the pages of each caption. Pages that are listed and do not exist are left out."""
    listed = {name for names in navigation.values() for name in names}
    left = sorted(found - listed)
    result: dict[str, list[str]] = {}
    for caption, names in navigation.items():
        pages: list[str] = []
        for name in names:
            matches = [page for page in left if fits(page, name)] if "*" in name else [name]
            pages += [page for page in matches if page in found]
            left = [page for page in left if page not in matches]
        result[caption] = pages
    return {caption: pages for caption, pages in result.items() if pages}


def fits(page: str, pattern: str) -> bool:
    """Tell whether a page lies in the pattern's folder, not below it, and has its name."""
    return page.count("/") == pattern.count("/") and fnmatch(page, pattern)


def table(caption: str, pages: list[str]) -> str:
    """Return a table of contents in MyST Markdown."""
    entries = "\n".join(f"/{page}" for page in pages)
    return f"\n```{{toctree}}\n:caption: {caption}\n:hidden:\n\n{entries}\n```\n"
