"""Results on their way to places that no name of the cell leads to."""

from __future__ import annotations

import gc
import types
from typing import TYPE_CHECKING, Any

from .delivery import Delivery
from .namespace import MAIN
from .tasks import DONE, FAILED

if TYPE_CHECKING:
    import weakref
    from collections.abc import Iterable

    from .tasks import Placeholder, TaskOwner

AT_ONCE = 20  # the search compares everything that any object holds with each of them
ROUNDS = 3
CONTAINERS = (list, dict, set)


def deliver_stragglers(given: Iterable[weakref.ref[Placeholder]], owner: TaskOwner) -> list[str]:
    """Put values where finished placeholders are still held; tell of those nothing can reach.

    A helper's list, a closure, an object of the notebook: `given` are all placeholders of the run,
    of which few are alive after delivery.
    """
    references = list(given)
    for _ in range(ROUNDS):
        if not put_round(references, owner):
            return []
    return [
        f"{placeholder!r} is here, but something holds it where its value cannot be put: take it "
        "there with .result()"
        for placeholder in finished(references)
    ]


def put_round(references: list[weakref.ref[Placeholder]], owner: TaskOwner) -> bool:
    """Put values into what holds some of the placeholders; False if none is held any more."""
    left = finished(references)
    delivery = Delivery(owner)
    for holder in gc.get_referrers(*left) if left else ():
        if holder is not left:
            put_into(holder, delivery)
    return bool(left)


def finished(given: Iterable[weakref.ref[Placeholder]]) -> list[Placeholder]:
    """Return some of the placeholders that somebody holds although their values are here."""
    left: list[Placeholder] = []
    for reference in given:
        placeholder = reference()
        if placeholder is not None and placeholder._task.state in (DONE, FAILED):
            left.append(placeholder)
            if len(left) == AT_ONCE:
                break
    return left


def put_into(holder: Any, delivery: Delivery) -> None:
    """Put values into what holds placeholders, if it can be changed."""
    if isinstance(holder, types.CellType):
        holder.cell_contents = delivery.place(holder.cell_contents)
    elif isinstance(holder, CONTAINERS) or type(holder).__module__ == MAIN:
        delivery.place(holder)
