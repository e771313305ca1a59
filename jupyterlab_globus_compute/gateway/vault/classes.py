"""The class files that the person has accepted, and how many tasks were submitted for each class.

They are kept here and not beside the notebooks, so that nothing in a folder can accept itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyterlab_globus_compute.gateway.class_errors import class_not_accepted, class_tasks_spent
from jupyterlab_globus_compute.gateway.class_file import ClassFile, read_class_file

if TYPE_CHECKING:
    import sqlite3

    from .transaction import Transaction


class ClassUse(NamedTuple):
    """What is known here of a class: when this very text and any other was accepted, and its use.

    `accepted` is None if this text was not; `tasks` are those submitted for the class.
    """

    accepted: float | None
    was_accepted: bool
    tasks: int


def accept_class(transaction: Transaction, file: ClassFile, now: float) -> None:
    """Remember that the person accepted this very text."""
    transaction.connection.execute(
        "INSERT INTO accepted_classes VALUES (?, ?, ?, ?)"
        " ON CONFLICT (hash) DO UPDATE SET accepted = excluded.accepted",
        (file.hash, file.class_id, file.text, now),
    )


def withdraw_class(transaction: Transaction, hash_: str) -> None:
    """Forget that a text was accepted; what was submitted for its class still counts."""
    transaction.connection.execute("DELETE FROM accepted_classes WHERE hash = ?", (hash_,))


def class_use(connection: sqlite3.Connection, hash_: str, class_id: str) -> ClassUse:
    """What is known of the text with that hash, and of its class."""
    row = connection.execute(
        "SELECT accepted FROM accepted_classes WHERE hash = ?", (hash_,)
    ).fetchone()
    (others,) = connection.execute(
        "SELECT count(*) FROM accepted_classes WHERE class_id = ?", (class_id,)
    ).fetchone()
    return ClassUse(None if row is None else row[0], others > 0, _used(connection, class_id))


def accepted_class(connection: sqlite3.Connection, hash_: str) -> ClassFile:
    """The accepted class file of that hash. Raises `GatewayError` 409 if there is none."""
    row = connection.execute(
        "SELECT text FROM accepted_classes WHERE hash = ?", (hash_,)
    ).fetchone()
    if row is None:
        raise class_not_accepted()
    return read_class_file(row[0])


def class_of_batch(connection: sqlite3.Connection, batch_id: str) -> ClassFile | None:
    """The class that a batch was planned for. Raises `GatewayError` 409 if it was withdrawn."""
    row = connection.execute(
        "SELECT class_hash FROM batches WHERE batch_id = ?", (batch_id,)
    ).fetchone()
    return None if row is None or row[0] is None else accepted_class(connection, row[0])


def check_tasks(transaction: Transaction, hash_: str, wanted: int) -> None:
    """Make sure that the class allows what is planned by now, `wanted` tasks of it by one cell.

    Raises `GatewayError` 403, or 409 if the class is not accepted.
    """
    connection = transaction.connection
    file = accepted_class(connection, hash_)
    limit = file.limits.tasks
    if limit is None:
        return
    # Those that another cell is about to submit count too.
    (planned,) = connection.execute(
        "SELECT coalesce(sum(counts.number), 0) FROM batches"
        " JOIN accepted_classes ON hash = class_hash JOIN counts ON counts.batch = batches.number"
        " WHERE class_id = ? AND state = 'planned' AND gave_up_at IS NULL",
        (file.class_id,),
    ).fetchone()
    total = _used(connection, file.class_id) + planned
    if total > limit:
        raise class_tasks_spent(limit, total - wanted, wanted)


def count_tasks(transaction: Transaction, batch: int, number: int) -> None:
    """Note that so many tasks of a batch, by its number, were submitted."""
    transaction.connection.execute(
        "INSERT INTO class_tasks SELECT class_id, ? FROM batches"
        " JOIN accepted_classes ON hash = class_hash WHERE batches.number = ?"
        " ON CONFLICT (class_id) DO UPDATE SET number = class_tasks.number + excluded.number",
        (number, batch),
    )


def _used(connection: sqlite3.Connection, class_id: str) -> int:
    row = connection.execute(
        "SELECT number FROM class_tasks WHERE class_id = ?", (class_id,)
    ).fetchone()
    return 0 if row is None else int(row[0])
