"""How the bridge gets into a kernel: whole, or not at all."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyterlab_globus_compute.kernel.inject import PACKAGE, TextImporter, forget, inject
from jupyterlab_globus_compute.tests.kernel.notebook import bridge_texts, encoded

if TYPE_CHECKING:
    from collections.abc import Iterator


def of_the_bridge() -> dict[str, Any]:
    """The modules of the bridge that are loaded."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name == PACKAGE or name.startswith(f"{PACKAGE}.")
    }


@pytest.fixture
def _empty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process where no bridge is; what other tests use is put back afterwards."""
    before = of_the_bridge()
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    forget()
    yield
    forget()
    sys.modules.update(before)


@pytest.fixture
def finders() -> int:
    """How many finders there are in such a process."""
    return len(sys.meta_path)


class Shell:
    """Takes a magic, and nothing else."""

    class magics_manager:  # noqa: N801 - as IPython's shell names it
        """Knows no magics yet."""

        magics: dict[str, dict[str, Any]] = {"cell": {}, "line": {}}  # noqa: RUF012 - nobody writes to it

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.registered: list[tuple[str, str]] = []

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:
        """Note what is registered."""
        assert callable(function)
        self.registered.append((kind, name))


@pytest.mark.usefixtures("_empty")
def test_every_module_can_be_imported() -> None:
    shell = Shell()
    inject(encoded(bridge_texts()), shell)
    assert shell.registered == [
        ("line", "compute_config"),
        ("line", "compute_result"),
        ("cell", "compute"),
    ]
    for name in bridge_texts():
        if name == "options.json":
            continue
        module = importlib.import_module(f"{PACKAGE}.{name}".replace(".__init__", ""))
        assert module.__spec__ is not None
        assert isinstance(module.__spec__.loader, TextImporter)
        assert module.__spec__.loader.get_source(module.__name__) == bridge_texts()[name]


@pytest.mark.usefixtures("_empty")
@pytest.mark.parametrize("wrong", ["1 / 0", "from .nowhere import x", "def f(:"])
@pytest.mark.parametrize("file", ["__init__", "errors", "bridge"])
def test_failing_halfway_leaves_nothing(file: str, wrong: str, finders: int) -> None:
    texts = {**bridge_texts(), file: f"{bridge_texts()[file]}\n{wrong}\n"}
    with pytest.raises((ZeroDivisionError, ImportError, SyntaxError)):
        inject(encoded(texts), Shell())
    assert of_the_bridge() == {}
    assert len(sys.meta_path) == finders
    assert importlib.util.find_spec(PACKAGE) is None


@pytest.mark.usefixtures("_empty")
def test_failing_to_install_leaves_nothing() -> None:
    with pytest.raises(AttributeError):
        inject(encoded(bridge_texts()), None)
    assert of_the_bridge() == {}


@pytest.mark.usefixtures("_empty")
def test_a_second_one_takes_the_place_of_the_first() -> None:
    inject(encoded(bridge_texts()), Shell())
    first, count = of_the_bridge(), len(sys.meta_path)
    inject(encoded(bridge_texts()), Shell())
    second = of_the_bridge()
    assert first.keys() == second.keys()
    assert not [name for name in first if first[name] is second[name]]
    assert len(sys.meta_path) == count


def test_only_its_own_modules_are_found() -> None:
    importer = TextImporter({"__init__": "", "errors": ""})
    assert importer.find_spec(f"{PACKAGE}.errors") is not None
    assert importer.find_spec(f"{PACKAGE}.nowhere") is None
    assert importer.find_spec("errors") is None
    assert importer.find_spec("json") is None
