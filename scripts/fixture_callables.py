"""The callables that ``make_fixtures.py`` serializes by every strategy for code.

A module of its own, because ``inspect`` reads the source of functions from their file.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def simple(a, b=1):
    return a + b


def text():
    """Counts as one character: \U0001f680, the text is 🚀: so it goes."""
    return "🚀é"


def keywords(*args, scale=2, **rest):
    return [sum(args) * scale, sorted(rest)]


def annotated(a: int, b: str = "x:y") -> dict[str, int]:
    return {b: a}


def nested(n):
    def square(x):
        return x * x

    return [square(i) for i in range(n)]


def recursive(n):
    return 1 if n <= 1 else n * recursive(n - 1)


def generating(n):
    def numbers():
        for i in range(n):
            yield i, -i

    return list(numbers())


def importing(x):
    import math  # noqa: PLC0415  That it does is the point.

    return math.floor(x)


def multiline(a):
    template = """
first: {a}
    second
"""
    return template.format(a=a)


def defining(x):
    class Box:
        def __init__(self, content):
            self.content = content

    return Box(x).content


def catching(key):
    try:
        return {"a": 1}[key]
    except KeyError as error:
        return str(error)


def returning_bytes(n):
    return bytes(range(n)), {1, 2}, None


if simple(0) == 1:

    def indented(a):
        return -a


def _logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return ["logged", function(*args)]

    return wrapper


@_logged
def decorated(a):
    return a


def _adder(n: int) -> Callable[[int], int]:
    def add(a):
        return a + n

    return add


async def asynchronous():
    return 1


class _Callable:
    """Has no ``__name__``."""

    def __call__(self, a: int) -> int:
        """Add one."""
        return a + 1


class _Methods:
    """Has methods."""

    @staticmethod
    def static(a: int) -> int:
        """Stay."""
        return a

    def bound(self, a: int) -> int:
        """Double."""
        return 2 * a


#: By kind: a callable, and the arguments to try it with; None where it is not tried.
CALLABLES: dict[str, tuple[Callable[..., Any], tuple[Any, ...] | None]] = {
    "simple": (simple, (1, 2)),
    "text": (text, ()),
    "keywords": (keywords, (1, 2, 3)),
    "annotated": (annotated, (1,)),
    "nested": (nested, (4,)),
    "recursive": (recursive, (5,)),
    "generating": (generating, (3,)),
    "importing": (importing, (2.5,)),
    "multiline": (multiline, ("v",)),
    "defining": (defining, ([1],)),
    "catching": (catching, ("b",)),
    "returning_bytes": (returning_bytes, (3,)),
    "indented": (indented, (3,)),
    "decorated": (decorated, (1,)),
    "closure": (_adder(3), (1,)),
    "lambda": (lambda a: a * 2, (2,)),
    "asynchronous": (asynchronous, None),
    "instance": (_Callable(), (1,)),
    "partial": (functools.partial(simple, b=5), (1,)),
    "builtin": (len, ("abc",)),
    "static": (_Methods.static, (1,)),
    "bound": (_Methods().bound, (2,)),
}
