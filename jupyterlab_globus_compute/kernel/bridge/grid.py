"""Calls over a grid of parameters, and the table of their results."""

from __future__ import annotations

import html
import itertools
from typing import TYPE_CHECKING, Any

from .errors import CellError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GRID = "_gc_grid"  # what the statement that makes the calls knows the grid by
SHOWN_ROWS = 20
SHOWN_CHARACTERS = 60


class Grid:
    """Calls a function once for each combination of values, the last parameter changing fastest.

    `table` holds the results once they are there.
    """

    def __init__(self, function: Callable[..., Any], parameters: Sequence[str]) -> None:
        self._function = function
        self._parameters = list(parameters)

    def __call__(self, values: Sequence[Any], *args: Any, **kwargs: Any) -> GridTable:
        """Make the calls. Raises `CellError` for values that are none to go through."""
        columns = [self._column(*pair) for pair in zip(self._parameters, values)]
        rows = list(itertools.product(*columns))
        results = [
            self._function(*args, **kwargs, **dict(zip(self._parameters, row))) for row in rows
        ]
        return GridTable(self._parameters, rows, results)

    def _column(self, name: str, values: Any) -> list[Any]:
        try:
            return list(values)
        except TypeError:
            kind = type(values).__name__
            raise CellError(
                f"--over {name}=...: {kind} is nothing to go through: give a list or a range"
            ) from None


class GridTable:
    """A row for each call: the values of its parameters, and what came of it.

    What `--over` gives in a kernel without pandas. Rows are tuples; `table["name"]` is a column.
    """

    def __init__(self, parameters: Sequence[str], rows: list[Any], results: list[Any]) -> None:
        self.columns = [*parameters, "result" if "result" not in parameters else "result_"]
        self.parameters = rows
        self.results = results

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return ((*row, result) for row, result in zip(self.parameters, self.results))

    def __getitem__(self, key: str | int) -> Any:
        if isinstance(key, int):
            return (*self.parameters[key], self.results[key])
        at = self.columns.index(key) if key in self.columns else -1
        if at < 0:
            raise KeyError(key)
        return [row[at] for row in self]

    def __repr__(self) -> str:
        lines = ["  ".join(self.columns)]
        lines += ["  ".join(map(shown, row)) for row in itertools.islice(self, SHOWN_ROWS)]
        return "\n".join(lines + self._rest())

    def _repr_html_(self) -> str:
        def line(cells: Sequence[str], tag: str) -> str:
            return f"<tr>{''.join(f'<{tag}>{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"

        rows = [line([shown(cell) for cell in row], "td")
                for row in itertools.islice(self, SHOWN_ROWS)]  # fmt: skip
        rest = "".join(f"<p>{html.escape(text)}</p>" for text in self._rest())
        head = line(self.columns, "th")
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>{rest}"

    def as_frame(self) -> Any:
        """Return it as a pandas DataFrame, itself where pandas is not to be had."""
        try:
            import pandas as pd  # noqa: PLC0415 - of the kernel, which may have none
        except ImportError:
            return self
        columns = {
            name: pd.Series(self[name], dtype=object).infer_objects() for name in self.columns
        }
        return pd.DataFrame(columns)

    def _rest(self) -> list[str]:
        more = len(self) - SHOWN_ROWS
        return [f"... {more} more rows"] if more > 0 else []


def shown(value: Any) -> str:
    """Return a value in a few characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."
