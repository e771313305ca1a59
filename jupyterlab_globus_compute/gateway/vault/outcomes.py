"""Keeping what services say of tasks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .states import FAILED, FINAL, LOST, SUCCESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import TaskAnswer
    from .transaction import Transaction

_MINE = "SELECT number FROM batches WHERE service = ?"


def keep_answers(
    transaction: Transaction, service: str, answers: Sequence[TaskAnswer], now: float
) -> None:
    """Keep ends with their results, and new states; of tasks of that service only.

    The first result of a task stays. A result that comes after all for a task that was thought
    lost is kept. Tasks that the vault does not know change nothing.
    """
    open_tasks = _open_tasks(transaction, service, [answer.task_id for answer in answers])
    news = [
        answer
        for answer in answers
        if (known := open_tasks.get(answer.task_id)) is not None
        and (answer.state != known[1] or answer.state in (SUCCESS, FAILED))
        # What is lost may be found, but does not run again.
        and (known[1] != LOST or answer.state in (SUCCESS, FAILED))
    ]
    if not news:
        return
    connection = transaction.connection
    connection.executemany(
        "UPDATE tasks SET state = ?, started = coalesce(?, started), ended = ?, failure_type = ?,"
        " failure_message = ?, sequence = ? WHERE task_id = ?",
        [
            (
                answer.state,
                answer.started,
                (answer.ended or now) if answer.state in FINAL else None,
                answer.failure_type,
                answer.failure_message,
                transaction.sequence,
                answer.task_id,
            )
            for answer in news
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO results VALUES (?, ?, ?)",
        [
            (answer.task_id, open_tasks[answer.task_id][0], answer.text)
            for answer in news
            if answer.state in (SUCCESS, FAILED)
        ],
    )
    connection.executemany(
        "UPDATE batches SET python_version = ? WHERE number = ? AND python_version IS NULL",
        {
            (answer.python_version, open_tasks[answer.task_id][0])
            for answer in news
            if answer.python_version
        },
    )
    transaction.touch({open_tasks[answer.task_id][0] for answer in news})


def note_states(transaction: Transaction, service: str, states: Sequence[tuple[str, str]]) -> None:
    """Note the states of tasks that have not ended: pairs of id and state."""
    open_tasks = _open_tasks(transaction, service, [task_id for task_id, _ in states])
    news = [
        (state, task_id)
        for task_id, state in states
        if (known := open_tasks.get(task_id)) is not None and known[1] not in (state, LOST)
    ]
    if news:
        transaction.connection.executemany(
            "UPDATE tasks SET state = ?, sequence = ? WHERE task_id = ?",
            [(state, transaction.sequence, task_id) for state, task_id in news],
        )
        transaction.touch({open_tasks[task_id][0] for _, task_id in news})


def _open_tasks(
    transaction: Transaction, service: str, task_ids: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Batch and state of those tasks of a service whose result is not here."""
    rows = transaction.connection.execute(
        "SELECT task_id, batch, state FROM json_each(?) CROSS JOIN tasks ON task_id = value"  # noqa: S608
        f" WHERE state NOT IN ('success', 'failed') AND batch IN ({_MINE})",
        (json.dumps(list(task_ids)), service),
    )
    return {task_id: (batch, state) for task_id, batch, state in rows}
