"""The text of a cell, as Python."""

from __future__ import annotations

import ast
import contextlib
import io
import tokenize
from typing import TYPE_CHECKING, Any

from .errors import CellError, CellSyntaxError
from .names import FLAGS, LAZY_ANNOTATIONS

if TYPE_CHECKING:
    import types


class CellText:
    """The text of a cell with its magic line made a comment: line n stays line n.

    `text` is Python, IPython's own syntax replaced by calls; `shell_lines` are the numbers of the
    lines where it was; `file` is the name that IPython knows the cell by. Raises
    `CellSyntaxError`.
    """

    def __init__(self, shell: Any, source: str, count: int) -> None:
        lines = source.replace("\r\n", "\n").split("\n")
        magic = next((at for at, line in enumerate(lines) if line.strip()), 0)
        self.first_line = magic + 2
        written = ["#" + line for line in lines[: magic + 1]] + lines[magic + 1 :]
        self.text = transformed(shell, written)
        self.written = written
        parsed = self.text.split("\n")
        self.shell_lines = {
            at + 1: new for at, (old, new) in enumerate(zip(written, parsed)) if old != new
        }
        self.quiet = ends_quietly(self.text)
        self._compiler = shell.compile
        self.file = str(shell.compile.cache(self.text, count, source))
        try:
            flags = shell.compile.flags | FLAGS
            self.tree = ast.parse("")
            tree = compile(self.text, self.file, "exec", flags | ast.PyCF_ONLY_AST, True)
            assert isinstance(tree, ast.Module)  # noqa: S101 - PyCF_ONLY_AST of "exec"
            self.tree = tree
            compile(self.text, self.file, "exec", flags, True)
        except SyntaxError as error:
            shown = shell.SyntaxTB.structured_traceback(type(error), error, [])
            raise CellSyntaxError(error, [str(line) for line in shown]) from None

    def part(self, last: int) -> str:
        """Return the text up to a line."""
        return "\n".join(self.text.split("\n")[:last]) + "\n"

    def compiled(self, code: ast.expr | list[ast.stmt], lazy: bool = False) -> types.CodeType:
        """Compile a part of the cell, as IPython compiles it; `lazy` leaves annotations alone."""
        flags = self._compiler.flags | FLAGS | (LAZY_ANNOTATIONS if lazy else 0)
        if isinstance(code, ast.expr):
            tree: ast.Module | ast.Expression = ast.Expression(code)
            mode = "eval"
        else:
            tree, mode = ast.Module(code, []), "exec"
        compiled: types.CodeType = compile(
            ast.fix_missing_locations(tree), self.file, mode, flags, True
        )
        return compiled


def transformed(shell: Any, lines: list[str]) -> str:
    """Let IPython turn its own syntax into Python, keeping every line in its place."""
    text = "\n".join(lines)
    try:
        new = str(shell.transform_cell(text))
        if new.rstrip("\n").count("\n") != text.rstrip("\n").count("\n"):
            text = "\n".join(joined(lines))
            new = str(shell.transform_cell(text))
    except SyntaxError:
        return text  # Python's own message about it is better
    return new if new.rstrip("\n").count("\n") == text.rstrip("\n").count("\n") else text


def joined(lines: list[str]) -> list[str]:
    """Put continued lines of magics and commands on one line, and blank lines in their places."""
    result: list[str] = []
    at = 0
    while at < len(lines):
        line, blanks = lines[at], 0
        if line.lstrip()[:1] in ("!", "%"):
            while line.endswith("\\") and at + blanks + 1 < len(lines):
                blanks += 1
                line = line[:-1] + " " + lines[at + blanks].lstrip()
        result += [line] + [""] * blanks
        at += blanks + 1
    return result


def ends_quietly(text: str) -> bool:
    """Tell whether the last token is a semicolon, as IPython's display hook does."""
    skipped = (tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT)
    last = ""
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in skipped:
                last = token.string
    return last == ";"


def refuse_shell_lines(cell: CellText, last: int, way: str) -> None:
    """Refuse IPython's own syntax in the lines that run there."""
    for number in sorted(cell.shell_lines):
        if number <= last:
            raise CellError(
                f"line {number}: `{cell.written[number - 1].strip()}` is IPython syntax, which "
                f"does not exist there: {way}"
            )
