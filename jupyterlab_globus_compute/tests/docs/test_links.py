"""Links of the pages, as they are read in the repository: paths, anchors, addresses."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from jupyterlab_globus_compute.tests.docs.pages import ROOT, name_of, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable("table")


def inline_tokens(page: Path) -> Iterator[Token]:
    """Yield what stands in the text of a page."""
    for token in PARSER.parse(page.read_text("utf-8")):
        yield from token.children or ()


def links(page: Path) -> list[str]:
    """Return where the links and pictures of a page lead."""
    return [
        str(token.attrs[name])
        for token in inline_tokens(page)
        for name in ("href", "src")
        if name in token.attrs
    ]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    tokens = PARSER.parse(page.read_text("utf-8"))
    found: set[str] = set()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            text = "".join(child.content for child in token.children or ())
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            at = next(n for n in range(100) if (f"{slug}-{n}" if n else slug) not in found)
            found.add(f"{slug}-{at}" if at else slug)
    return found


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        address = urlsplit(link)
        if address.scheme:
            continue
        target = (page.parent / unquote(address.path)).resolve() if address.path else page
        assert target.exists(), f"{name_of(page)}: {link}"
        assert target.is_relative_to(ROOT), f"{name_of(page)}: {link}"
        if address.fragment:
            assert address.fragment in anchors(target), f"{name_of(page)}: {link}"


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_addresses_are_well_formed(page: Path) -> None:
    for link in links(page):
        address = urlsplit(link)
        if address.scheme:
            assert address.scheme == "https", f"{name_of(page)}: {link}"
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", address.netloc), link
            assert not re.search(r"\s", link), link


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_links_say_where_they_lead(page: Path) -> None:
    tokens = list(inline_tokens(page))
    for token, text in pairwise(tokens):
        if token.type == "link_open":
            assert text.content.strip().lower() not in ("here", "this", "link", ""), name_of(page)


def test_every_page_is_linked_to() -> None:
    linked = {
        (page.parent / unquote(urlsplit(link).path)).resolve()
        for page in pages()
        for link in links(page)
        if not urlsplit(link).scheme
    }
    # Decisions are listed by the site's sidebar.
    elsewhere = (ROOT, ROOT / "docs" / "adr")
    lonely = [name_of(page) for page in {*pages()} - linked if page.parent not in elsewhere]
    assert lonely == ["docs/index.md"]
