"""Functions whose calls are tasks."""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING, Any, Protocol

from .errors import RemoteCallError
from .namespace import MAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from .namespace import Json
    from .origins import Origin


class Caller(Protocol):
    """What carries out the calls of remote functions."""

    def call(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Any:
        """Make a task of a call, or run the plain function. Raises `RemoteCallError`."""

    def submit(self, function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> Any:
        """Submit a call, and return what waits for its result. Raises `RemoteCallError`."""

    def running_locally(self) -> AbstractContextManager[None]:
        """Let calls run the plain functions."""


class RemoteFunction:
    """A function that runs on Globus Compute: called in a `%%compute` cell it makes a task.

    `.submit(...)` submits a call from any cell, `.local(...)` runs the plain function here, in the
    kernel.
    """

    def __init__(
        self,
        bridge: Caller,
        name: str,
        origin: Origin | None,
        local: Any,
        problem: str,
        uuid: str | None = None,
    ) -> None:
        """`origin` is the text it comes from; a function registered elsewhere has a `uuid` alone.

        `problem` tells why there is no plain function `local`.
        """
        if callable(local):
            functools.update_wrapper(self, local, updated=())
        self.__name__ = self.__qualname__ = name
        self.__module__ = MAIN
        self.origin = origin
        self.uuid = uuid
        self.plain = local
        self._bridge = bridge
        self._problem = problem
        self._check = argument_check(name, local)

    def __repr__(self) -> str:
        return f"<remote function {self.__name__}>"

    def __get__(self, instance: object, owner: type | None = None) -> RemoteFunction:
        # With this, `help` and `inspect` take it for a function.
        return self

    def __reduce__(self) -> Any:
        return getattr, (_Main(), self.__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._bridge.call(self, args, kwargs)

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        """Submit a call to the service on this computer; `.result()` waits for its value.

        In a `%%compute` cell, the same as a call.
        """
        return self._bridge.submit(self, args, kwargs)

    def local(self, *args: Any, **kwargs: Any) -> Any:
        """Run the plain function here; the cell's functions it calls run here too."""
        if not callable(self.plain):
            raise RemoteCallError(f"{self.__name__} cannot run here: {self._problem}")
        with self._bridge.running_locally():
            return self.plain(*args, **kwargs)

    def check(self, args: tuple[Any, ...], kwargs: Json) -> None:
        """Raise `TypeError`, as Python words it, for arguments the function does not take."""
        if self._check is not None:
            self._check(*args, **kwargs)

    def argument_names(self, args: tuple[Any, ...]) -> list[str]:
        """Return the names of positional arguments, or their numbers where they have none."""
        names: list[str] = []
        with contextlib.suppress(TypeError, ValueError):
            names = [
                parameter.name
                for parameter in inspect.signature(self.plain).parameters.values()
                if parameter.kind <= inspect.Parameter.POSITIONAL_OR_KEYWORD
            ]
        return [names[at] if at < len(names) else str(at + 1) for at in range(len(args))]


def is_remote(space: Json, name: str) -> bool:
    """Tell whether a name of a namespace stands for a remote function."""
    return isinstance(space.get(name), RemoteFunction)


class _Main:
    """Pickles as the module `__main__` of whoever loads it."""

    def __reduce__(self) -> Any:
        return __import__, (MAIN,)


def argument_check(name: str, function: Any) -> Callable[..., None] | None:
    """Return an empty function with the same parameters: Python checks arguments best itself."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    kind = inspect.Parameter
    bare = [
        parameter.replace(annotation=kind.empty, default=kind.empty)
        if parameter.default is kind.empty
        else parameter.replace(annotation=kind.empty, default=None)
        for parameter in parameters
    ]
    space: Json = {}
    exec(f"def {name}{inspect.Signature(bare)}: pass", space)
    check: Callable[..., None] = space[name]
    return check
