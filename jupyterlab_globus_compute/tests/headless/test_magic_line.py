"""The parser of the magic line, held to the table that the one in TypeScript is held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyterlab_globus_compute import tests
from jupyterlab_globus_compute.kernel.bridge.given_options import MagicError, written
from jupyterlab_globus_compute.kernel.bridge.magic_line import (
    Magic,
    given_defaults,
    given_in,
    parse_magic,
)
from jupyterlab_globus_compute.kernel.bridge.options import declared, help_text

TABLE: dict[str, Any] = json.loads(
    (Path(tests.__file__).parent / "magic_lines.json").read_text(encoding="utf-8")
)


def meaning(magic: Magic) -> dict[str, Any]:
    """What a line means, in the words of the table."""
    told = magic._asdict()
    told["timeoutMs"] = told.pop("timeout_ms")
    return {**told.pop("request"), **told}


@pytest.mark.parametrize("row", TABLE["understood"], ids=lambda row: row["line"])
def test_understood(row: dict[str, Any]) -> None:
    assert meaning(parse_magic(row["line"])) == {**TABLE["plain"], **row["means"]}


@pytest.mark.parametrize("row", TABLE["withDefaults"], ids=lambda row: row["line"])
def test_with_defaults(row: dict[str, Any]) -> None:
    magic = parse_magic(row["line"], row["defaults"])
    assert meaning(magic) == {**TABLE["plain"], **row["means"]}


@pytest.mark.parametrize("row", TABLE["refused"], ids=lambda row: row["line"])
def test_refused(row: dict[str, Any]) -> None:
    with pytest.raises(MagicError) as caught:
        parse_magic(row["line"])
    assert row["message"] in str(caught.value)


@pytest.mark.parametrize("row", TABLE["understood"], ids=lambda row: row["line"])
def test_written_as_it_is_read(row: dict[str, Any]) -> None:
    line = written(given_in(row["line"].split("\n")[0]))
    values = {
        name: [option.value for option in options]
        for name, options in given_in(row["line"].split("\n")[0]).items()
    }
    again = given_defaults(line)
    assert {name: [option.value for option in given] for name, given in again.items()} == values


def test_a_wrong_default_says_where_it_comes_from() -> None:
    with pytest.raises(MagicError, match=r"^%compute_config: %%compute has no option --oops"):
        parse_magic("%%compute", "--oops")


def test_help_tells_of_every_option() -> None:
    for option in declared():
        assert f"  {option.usage}" in help_text()
        assert option.help in help_text()
