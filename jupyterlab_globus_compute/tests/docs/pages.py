"""The pages of the documentation, and the code blocks in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[3]
MADE = ("docs/sdk.api.md",)
"""Made by tools, and checked by them."""

_INFO = re.compile(r"(?P<language>\w*)(?: (?P<mark>no-run|fails)(?: \((?P<reason>[^)]+)\))?)?")
_PARSER = MarkdownIt("commonmark").enable("table")


class Block(NamedTuple):
    """A fenced code block.

    `mark` is what the word behind its language says of running it, `reason` why; `shown` is the
    `text` block that follows it, its output.
    """

    page: str
    line: int
    language: str
    code: str
    mark: str
    reason: str
    shown: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Return every page that people read."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return sorted(page for page in found if name_of(page) not in MADE)


def name_of(page: Path) -> str:
    """Return a page's path below the root."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    tokens = [token for token in _PARSER.parse(page.read_text("utf-8")) if token.level == 0]
    found = []
    for at, token in enumerate(tokens):
        if token.type != "fence":
            continue
        info = _INFO.fullmatch(token.info)
        assert info, f"{name_of(page)}: what does ``` {token.info} say?"
        after = tokens[at + 1 : at + 2]
        shows = bool(after) and after[0].type == "fence" and after[0].info == "text"
        found.append(
            Block(
                page=name_of(page),
                line=(token.map or [0])[0] + 1,
                language=info["language"],
                code=token.content,
                mark=info["mark"] or "",
                reason=info["reason"] or "",
                shown=after[0].content if shows else None,
            )
        )
    return found


def all_blocks(*languages: str) -> list[Block]:
    """Return the blocks of these languages, of all pages."""
    return [block for page in pages() for block in blocks(page) if block.language in languages]
