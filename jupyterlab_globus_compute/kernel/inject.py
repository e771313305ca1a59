"""Makes the package `_globus_compute_bridge` in a kernel from the texts of its files.

JupyterLab sends this text with theirs and runs it in a namespace of its own, before there is
anything to import from. Python 3.9 or newer.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import types
    from collections.abc import Sequence

PACKAGE = "_globus_compute_bridge"
INIT = "__init__"


class TextImporter(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the package from texts, by module name relative to it: `worker.__init__`.

    `options.json` is a text too: what the package takes from the folder above it on a disk.
    """

    package = PACKAGE

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = {f"{PACKAGE}.{name}": text for name, text in texts.items()}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - of the protocol
        target: types.ModuleType | None = None,  # noqa: ARG002 - of the protocol
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module of the package; None for every other."""
        with contextlib.suppress(ImportError):
            self.get_source(fullname)
            return importlib.util.spec_from_loader(fullname, self)
        return None

    def is_package(self, fullname: str) -> bool:
        """Tell whether there are modules inside."""
        return f"{fullname}.{INIT}" in self._texts

    def get_source(self, fullname: str) -> str:
        """Return the text of a module. Raises `ImportError` if it is none of the package."""
        text = self._texts.get(f"{fullname}.{INIT}", self._texts.get(fullname))
        if text is None:
            raise ImportError(f"{fullname} was not sent", name=fullname)
        return text

    def get_data(self, path: str) -> bytes:
        """Return a file that was sent along. Raises `OSError` if it was not."""
        text = self._texts.get(f"{PACKAGE}.{os.path.basename(path)}")
        if text is None:
            raise FileNotFoundError(path)
        return text.encode("utf-8")

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the text of a module, under a name that tells whose it is."""
        name = module.__name__
        exec(compile(self.get_source(name), f"<{name}>", "exec", 0, True), module.__dict__)


def forget() -> None:
    """Remove the package, whole or half made, and what finds it."""
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if getattr(finder, "package", None) != PACKAGE
    ]
    for name in list(sys.modules):
        if name == PACKAGE or name.startswith(f"{PACKAGE}."):
            del sys.modules[name]


def inject(texts_b64: str, shell: Any) -> None:
    """Import the package from base64 of JSON, `{module name: text}`, and install its magic.

    Raises whatever that raises, and leaves nothing behind then.
    """
    forget()
    try:
        sys.meta_path.append(TextImporter(json.loads(base64.b64decode(texts_b64))))
        importlib.import_module(PACKAGE).install(shell)
    except BaseException:
        forget()
        raise
