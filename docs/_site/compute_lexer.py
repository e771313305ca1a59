"""Colours `%%compute` cells: their magic line, and the Python below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ipython_pygments_lexers import IPython3Lexer
from pygments.lexer import bygroups, inherit
from pygments.token import Name, String, Text

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class ComputeLexer(IPython3Lexer):
    """IPython whose cell magics are followed by Python."""

    name = "Python with %%compute"
    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            (r"^(%%?compute\w*)(.*?)$", bygroups(Name.Decorator, String)),
            (r"^(%load_ext)(.*?)$", bygroups(Name.Decorator, Text)),
            inherit,
        ]
    }


def setup(app: Sphinx) -> dict[str, Any]:
    """Use it for all Python: only the first line of a cell tells."""
    for language in ("python", "ipython3", "ipython"):
        app.add_lexer(language, ComputeLexer)
    return {"parallel_read_safe": True}
