"""What is told of failures that have a remedy: the same as in JupyterLab."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jupyterlab_globus_compute.headless.advice import advice_on, known_failures


def failure_of(seen: str) -> dict[str, Any]:
    """A failure that reads like this."""
    kind, _, message = seen.partition(": ")
    return {"type": kind, "message": message, "traceback": ""}


@pytest.mark.parametrize("known", known_failures(), ids=lambda known: known["seen"])
def test_each_failure_is_told_by_its_own_entry(known: dict[str, Any]) -> None:
    advice = advice_on(failure_of(known["seen"]), "my-cluster", None)
    assert advice is not None
    for words in re.split(r"%\d", known["advice"]):
        assert words in advice


def test_names_and_versions_are_filled_in() -> None:
    module = advice_on(failure_of("ImportError: No module named 'rdkit.Chem'"), "my-cluster", None)
    assert module is not None
    assert module.startswith('The Python on my-cluster does not have "rdkit". ')
    skew = advice_on(failure_of("parsl.DeserializationError: x"), "my-cluster", "3.12.1")
    assert skew is not None
    assert "the Python there (3.12.1)" in skew


@pytest.mark.parametrize("seen", ["ZeroDivisionError: division by zero", "TaskFailed: cancelled"])
def test_what_speaks_for_itself(seen: str) -> None:
    assert advice_on(failure_of(seen), "my-cluster", "3.12.1") is None


def test_a_module_that_the_message_does_not_name() -> None:
    hostile = failure_of("ModuleNotFoundError: <img src=x onerror=alert(1)> %1 %2")
    assert "img" not in str(advice_on(hostile, "my-cluster", None))
