"""Which tasks the calls of a batch have become."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from .classes import count_tasks
from .plans import find_batch
from .states import FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .transaction import Transaction

Row = tuple[int, int, str]
"""Position, number of the plan and function of a planned call."""


def accept(
    transaction: Transaction,
    batch_id: str,
    task_group_id: str | None,
    tasks: Mapping[str, Sequence[str]],
    now: float,
) -> None:
    """Give the planned calls of a batch the ids of a submit's answer, by function.

    The k-th id of a function belongs to the k-th planned call of that function. Ids without a
    call are added as calls of their own; ids that the vault has already change nothing.
    Nothing happens if there is no such batch.
    """
    batch = find_batch(transaction, batch_id)
    if batch is None:
        return
    known = _known(transaction, [task_id for ids in tasks.values() for task_id in ids])
    planned = _planned(transaction, batch)
    pairs: list[tuple[str, int | None, str]] = []
    for function_id, ids in tasks.items():
        places = iter([place for place, _, function in planned if function == function_id])
        pairs += [(id_, next(places, None), function_id) for id_ in ids if id_ not in known]
    _enter(transaction, batch, pairs, now)
    if task_group_id is not None:
        transaction.connection.execute(
            "UPDATE batches SET task_group_id = coalesce(task_group_id, ?) WHERE number = ?",
            (task_group_id, batch),
        )


def adopt(
    transaction: Transaction, batch_id: str, found: Sequence[tuple[str, str]], now: float
) -> int:
    """Give planned calls the ids that the batch's task group has, and the vault has not.

    `found` are the group's task ids, each with the time of its creation, which those of one
    submit share. A submit holds its calls by function, in the order in which the functions
    first appear. Answers how many calls got their ids.
    """
    batch = find_batch(transaction, batch_id)
    if batch is None:
        return 0
    known = _known(transaction, [task_id for task_id, _ in found])
    planned = _planned(transaction, batch)
    pairs: list[tuple[str, int | None, str]] = []
    fresh = [(task_id, created) for task_id, created in found if task_id not in known]
    for _, submit in groupby(fresh, key=lambda entry: entry[1]):
        ids = [task_id for task_id, _ in submit]
        calls = _calls_of_submit(planned, len(ids))
        planned = [call for call in planned if call not in calls]
        for number, task_id in enumerate(ids):
            place, _, function = calls[number] if number < len(calls) else (None, 0, "")
            pairs.append((task_id, place, function))
    _enter(transaction, batch, pairs, now)
    return len(pairs)


def give_up(transaction: Transaction, batch_id: str, note: str, now: float) -> None:
    """Note that the planned calls of a batch were not submitted, and why."""
    batch = find_batch(transaction, batch_id)
    if batch is None:
        return
    transaction.connection.execute(
        "UPDATE batches SET gave_up_at = ?, note = ? WHERE number = ?"
        " AND EXISTS (SELECT 1 FROM tasks WHERE batch = ? AND state = 'planned')",
        (now, note, batch, batch),
    )
    transaction.touch([batch])


def _calls_of_submit(planned: list[Row], size: int) -> list[Row]:
    """The calls of one submit of `size` tasks, in the order in which it held them."""
    plans = [list(calls) for _, calls in groupby(planned, key=lambda call: call[1])]
    # A large plan may have gone in several submits.
    calls = next((calls for calls in plans if len(calls) == size), planned)
    functions = list(dict.fromkeys(function for _, _, function in calls))
    return sorted(calls, key=lambda call: (call[1], functions.index(call[2]), call[0]))[:size]


def _planned(transaction: Transaction, batch: int) -> list[Row]:
    return transaction.connection.execute(
        "SELECT position, plan, function_id FROM tasks WHERE batch = ? AND state = 'planned'"
        " ORDER BY plan, position",
        (batch,),
    ).fetchall()


def _known(transaction: Transaction, task_ids: Sequence[str]) -> set[str]:
    rows = transaction.connection.execute(
        "SELECT task_id FROM tasks WHERE task_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(task_ids)),),
    )
    return {task_id for (task_id,) in rows}


def _enter(
    transaction: Transaction, batch: int, pairs: Sequence[tuple[str, int | None, str]], now: float
) -> None:
    if not pairs:
        return
    count_tasks(transaction, batch, len(pairs))
    connection = transaction.connection
    connection.executemany(
        "UPDATE tasks SET task_id = ?, state = ?, submitted = ?, sequence = ?"
        " WHERE batch = ? AND position = ?",
        [
            (task_id, FIRST, now, transaction.sequence, batch, place)
            for task_id, place, _ in pairs
            if place is not None
        ],
    )
    (end,) = connection.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM tasks WHERE batch = ?", (batch,)
    ).fetchone()
    extra = [(task_id, function) for task_id, place, function in pairs if place is None]
    connection.executemany(
        "INSERT INTO tasks (batch, position, plan, label, function_id, task_id, state, submitted,"
        " sequence) VALUES (?, ?, 0, '', ?, ?, ?, ?, ?)",
        [
            (batch, position, function, task_id, FIRST, now, transaction.sequence)
            for position, (task_id, function) in enumerate(extra, end)
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO batch_functions VALUES (?, ?)",
        {(batch, function) for _, _, function in pairs if function},
    )
    connection.execute(
        "UPDATE batches SET gave_up_at = NULL, note = NULL, ended = NULL WHERE number = ?", (batch,)
    )
    transaction.touch([batch])
