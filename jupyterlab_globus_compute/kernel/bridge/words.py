"""The words of a magic line, as `src/cell/magic/tokenizer.ts` reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


class Word(NamedTuple):
    """A word without its quotes and backslashes, and the offsets where it stands in the line."""

    text: str
    start: int
    end: int


class UnclosedQuoteError(Exception):
    """A quote is opened and not closed, in a word that starts at `start`."""

    def __init__(self, quote: str, start: int) -> None:
        super().__init__(f"A {quote} is opened and not closed.")
        self.start = start


def split_words(line: str, start: int = 0) -> list[Word]:
    """Split a line as a POSIX shell does: spaces separate, quotes and backslashes keep.

    Raises `UnclosedQuoteError`.
    """
    words: list[Word] = []
    at = start
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        words.append(read_word(line, at))
        at = words[-1].end
    return words


def read_word(line: str, start: int) -> Word:
    """Read the word that starts at an offset. Raises `UnclosedQuoteError`."""
    text = quote = ""
    at = start
    while at < len(line):
        char, following = line[at], line[at + 1 : at + 2]
        if quote:
            if char == quote:
                quote = ""
            elif char == "\\" and quote == '"' and following in ('"', "\\"):
                text += following
                at += 1
            else:
                text += char
        elif char in ("'", '"'):
            quote = char
        elif char == "\\" and following:
            text += following
            at += 1
        elif char.isspace():
            break
        else:
            text += char
        at += 1
    if quote:
        raise UnclosedQuoteError(quote, start)
    return Word(text, start, at)


def quoted_word(text: str) -> str:
    """Write a word so that `split_words` reads it as one."""
    if PLAIN_WORD.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
