"""Arguments on their way to a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import CellError, NotReady
from .kinds import advice_for, kind_of
from .pickling import buffer, pack_buffers, pickled, pickling_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .namespace import Json
    from .pickling import Pickled
    from .remote_functions import RemoteFunction

PAYLOAD_LIMIT_BYTES = 10 * 1024 * 1024  # what Globus Compute takes for one task
NO_KEYWORDS = pickled({})
NO_KEYWORDS_BUFFER = buffer(NO_KEYWORDS.data)
DEPTH = 20  # of containers looked into for the culprit
BREADTH = 10_000  # elements of one container looked at for the culprit


class PackedCall(NamedTuple):
    """The arguments of a call, packed: what is sent, and the notebook's definitions they need."""

    payload: str
    parts: tuple[Pickled, Pickled]

    @property
    def names(self) -> set[str]:
        """Functions and classes of the notebook that the arguments are made with."""
        return self.parts[0].names | self.parts[1].names

    @property
    def bytecode(self) -> bool:
        """Whether something travels as bytecode."""
        return any(part.bytecode for part in self.parts)


def packed_call(function: RemoteFunction, args: tuple[Any, ...], kwargs: Json) -> PackedCall:
    """Pack the arguments of a call, as they are now.

    Raises `CellError` naming the argument that cannot be sent, or is too large; `NotReady` for
    one that holds an unfinished result.
    """
    try:
        parts = pickled(args), pickled(kwargs) if kwargs else NO_KEYWORDS
    except NotReady:
        raise
    except Exception as error:  # noqa: BLE001 - __reduce__ may raise anything
        raise unsendable(function, args, kwargs, error) from None
    second = buffer(parts[1].data) if kwargs else NO_KEYWORDS_BUFFER
    payload = pack_buffers([buffer(parts[0].data), second])
    if len(payload) > PAYLOAD_LIMIT_BYTES:
        raise too_large(function, args, kwargs, len(payload))
    return PackedCall(payload, parts)


def named_arguments(
    function: RemoteFunction, args: tuple[Any, ...], kwargs: Json
) -> Iterator[tuple[str, Any]]:
    """Yield the arguments of a call with what a message calls them."""
    for at, (name, value) in enumerate(zip(function.argument_names(args), args)):
        known = "" if name == str(at + 1) else f", {name}"
        yield f"argument {at + 1} of {function.__name__}(){known}", value
    for name, value in kwargs.items():
        yield f"argument {name}= of {function.__name__}()", value


def unsendable(
    function: RemoteFunction, args: tuple[Any, ...], kwargs: Json, error: Exception
) -> CellError:
    """Return an error that names the argument that cannot be sent, and what in it."""
    for name, value in named_arguments(function, args, kwargs):
        if pickling_problem(value):
            return CellError(f"{name}: {unsendable_value(value)}")
    return CellError(f"the arguments of {function.__name__}() cannot be sent: {error}")


def unsendable_value(value: Any) -> str:
    """Return in words what in a value cannot be sent, where it is, and what to do."""
    place, culprit = culprit_in(value)
    reason = pickling_problem(culprit)
    where = f" in {place}" if place else ""
    return f"{kind_of(culprit)}{where} cannot be sent ({reason}). {advice_for(culprit)}"


def culprit_in(value: Any) -> tuple[str, Any]:
    """Return the innermost part of a value that cannot be packed, and where it is."""
    place = ""
    for _ in range(DEPTH):
        inner = next(((at, part) for at, part in parts_of(value) if pickling_problem(part)), None)
        if inner is None:
            break
        place, value = place + inner[0], inner[1]
    return place, value


def parts_of(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a container, or of an object, with how they are reached."""
    if isinstance(value, (list, tuple)):
        yield from ((f"[{at}]", part) for at, part in enumerate(value[:BREADTH]))
    elif isinstance(value, dict):
        yield from ((f"[{key!r}]", part) for key, part in list(value.items())[:BREADTH])
    elif not isinstance(value, type) and isinstance(getattr(value, "__dict__", None), dict):
        yield from ((f".{name}", part) for name, part in list(vars(value).items())[:BREADTH])


def too_large(
    function: RemoteFunction, args: tuple[Any, ...], kwargs: Json, size: int
) -> CellError:
    """Return an error that names the argument that makes a task too large."""
    sizes = [(len(pickled(value).data), name)
             for name, value in named_arguments(function, args, kwargs)]  # fmt: skip
    part, name = max(sizes)
    return CellError(
        f"{name} takes {megabytes(part)}: with it the task takes {megabytes(size)} as it is sent, "
        f"and may take {megabytes(PAYLOAD_LIMIT_BYTES)}. Make or read the data there, pass the "
        "path of a file that both can read, or split it over more calls"
    )


def megabytes(size: int) -> str:
    """Return a size in MB, as people read it."""
    return f"{size / 1024 / 1024:.1f} MB"
