"""The documentation site: built without a warning, whole, and readable without a network."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from jupyterlab_globus_compute.tests.docs.pages import ROOT, name_of, pages
from jupyterlab_globus_compute.tests.docs.test_examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPEDOC = "api/index.html"
"""Made by typedoc, whose own check looks after it."""


class Page(HTMLParser):
    """The anchors of a page, and what it links to and loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if "src" in given or (tag == "link" and given.get("rel") != "canonical"):
            self.loads.append(given.get("src") or given.get("href", ""))


@pytest.fixture(scope="session")
def site(executed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `npm run docs` builds it, without the pages that typedoc makes."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "--builder", "html", "--conf-dir", "docs/_site",
         "--fail-on-warning", "--keep-going", "--quiet", "--doctree-dir", folder / "cache",
         "--define", f"executed_examples={executed}", ".", folder / "html"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "html"


def html_pages(site: Path) -> Iterator[tuple[Path, Page]]:
    """Yield the pages of the site."""
    for path in sorted(site.rglob("*.html")):
        yield path, Page(path)


def test_every_page_and_example_is_in_the_site_and_its_sidebar(site: Path) -> None:
    sidebar = (site / "docs" / "start.html").read_text("utf-8")
    names = [name_of(page) for page in pages() if name_of(page) != "README.md"]
    for name in [*names, *map(name_of, EXAMPLES)]:
        target = Path(name).with_suffix(".html")
        assert (site / target).is_file(), name
        if name not in ("docs/index.md", "docs/start.md"):
            shown = target.name if target.parent.name == "docs" else f"{target.as_posix()}"
            assert f'{shown.removeprefix("docs/")}"' in sidebar, name


def test_links_lead_somewhere(site: Path) -> None:
    known = {path.resolve(): page for path, page in html_pages(site)}
    for path, page in known.items():
        for link in page.links:
            address = urlsplit(link)
            if address.scheme or link == TYPEDOC:
                continue
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            assert target.exists(), f"{path.relative_to(site)}: {link}"
            if address.fragment and target in known:
                anchor = unquote(address.fragment)
                assert anchor in known[target].anchors, f"{path.relative_to(site)}: {link}"


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path, page in html_pages(site):
        for address in page.loads:
            assert urlsplit(address).scheme in ("", "data"), f"{path.relative_to(site)}: {address}"
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text("utf-8"), style.name
        assert "@import" not in style.read_text("utf-8"), style.name


def test_examples_show_what_they_did(site: Path) -> None:
    sweep = (site / "examples" / "parameter-sweep.html").read_text("utf-8")
    assert "throws \N{MULTIPLICATION SIGN} 39</strong> on This computer" in sweep
    assert "<img alt" in sweep
    errors = (site / "examples" / "errors-on-purpose.html").read_text("utf-8")
    assert "or ask whoever runs the endpoint to" in errors
    assert str(ROOT) not in errors


def test_code_of_notebook_and_typescript_stands_side_by_side(site: Path) -> None:
    guide = (site / "docs" / "guide.html").read_text("utf-8")
    assert guide.count("In the notebook</p>") == guide.count("In TypeScript</p>") >= 6


def test_the_search_finds_options_and_errors(site: Path) -> None:
    index = (site / "searchindex.js").read_text("utf-8")
    for word in ("retries", "keyerror", "monte"):
        assert f'"{word[:4]}' in index or word[:4] in index
