"""The options that a line gives, as `src/cell/magic/givenOptions.ts` reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .errors import CellError
from .options import declared, find
from .words import quoted_word

if TYPE_CHECKING:
    from .options import Option
    from .words import Word

OPTION = re.compile(r"--?[A-Za-z]")
LONG = re.compile(r"--([A-Za-z][\w-]*)(?:=(.*))?", re.ASCII | re.DOTALL)
SHORT = re.compile(r"-([A-Za-z])(?:=?(.+))?", re.DOTALL)


class MagicError(CellError):
    """A `%%compute` line that cannot be understood; the message says why."""


MagicError.__name__ = "ComputeError"


class GivenOption(NamedTuple):
    """An option as a line gives it: what follows its name, and the offsets of both."""

    value: str | None
    start: int
    end: int


if TYPE_CHECKING:
    # By name, each as often as it is given.
    GivenOptions = dict[str, list[GivenOption]]


def read_options(words: list[Word]) -> GivenOptions:
    """Read words as options; of a flag and its opposite the last one is kept.

    Raises `MagicError`.
    """
    given: GivenOptions = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        option, value = found(word)
        end = word.end
        if option.value and value is None:
            if not rest or OPTION.match(rest[0].text):
                raise MagicError(f"{word.text} needs a value: write {option.usage}.")
            following = rest.pop(0)
            value, end = following.text, following.end
        elif not option.value and value is not None:
            raise MagicError(f"--{option.name} takes no value.")
        given.setdefault(option.name, []).append(GivenOption(value, word.start, end))
        given.pop(option.opposite, None)
    return given


def with_defaults(given: GivenOptions, defaults: GivenOptions) -> GivenOptions:
    """Return the options that apply: those given, and the defaults of all others."""
    result = dict(defaults)
    for name, values in given.items():
        option = find(name)
        if option is not None:
            result.pop(option.opposite, None)
        result[name] = values
    return result


def written(given: GivenOptions) -> str:
    """Write options as a line that means the same."""
    return " ".join(
        f"--{name}" if option.value is None else quoted_word(f"--{name}={option.value}")
        for name, options in given.items()
        for option in options
    )


def found(word: Word) -> tuple[Option, str | None]:
    """Return the option a word names, and the value written with it. Raises `MagicError`."""
    long, short = LONG.fullmatch(word.text), SHORT.fullmatch(word.text)
    for option in declared():
        if long is not None:
            if option.name == long[1]:
                return option, long[2]
        elif short is not None and option.short == short[1]:
            return option, short[2]
    known = ", ".join(option.usage for option in declared())
    if OPTION.match(word.text):
        name = word.text.partition("=")[0]
        raise MagicError(f"%%compute has no option {name}. It takes {known}.")
    raise MagicError(f'%%compute does not know what to do with "{word.text}". It takes {known}.')
