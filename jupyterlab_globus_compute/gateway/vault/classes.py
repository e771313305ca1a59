"""The class files that the person has accepted, and how many tasks were submitted for each class.

They are kept here and not beside the notebooks, so that nothing in a folder can accept itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jupyterlab_globus_compute.gateway.class_errors import class_not_accepted, class_tasks_spent
from jupyterlab_globus_compute.gateway.class_file import ClassFile, read_accepted

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

    @property
    def state(self) -> str:
        """`accepted`, `new`, or `changed` if another text of the class was accepted."""
        if self.accepted is not None:
            return "accepted"
        return "changed" if self.was_accepted else "new"


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
    file = find_accepted(connection, hash_)
    if file is None:
        raise class_not_accepted()
    return file


def find_accepted(connection: sqlite3.Connection, hash_: str) -> ClassFile | None:
    """The accepted class file of that hash, None if there is none."""
    row = connection.execute(
        "SELECT text FROM accepted_classes WHERE hash = ?", (hash_,)
    ).fetchone()
    return None if row is None else read_accepted(row[0])


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
    total = _used(connection, file.class_id) + _planned(connection, file.class_id)
    if total > limit:
        raise class_tasks_spent(limit, total - wanted, wanted)


def reserve_tasks(transaction: Transaction, hash_: str, wanted: int) -> None:
    """Count tasks that are about to be submitted and belong to no batch of the vault.

    Raises `GatewayError` 403 if the class does not allow them, or 409 if it is not accepted.
    """
    connection = transaction.connection
    file = accepted_class(connection, hash_)
    limit = file.limits.tasks
    used = _used(connection, file.class_id) + _planned(connection, file.class_id)
    if limit is not None and used + wanted > limit:
        raise class_tasks_spent(limit, used, wanted)
    connection.execute(
        "INSERT INTO class_tasks VALUES (?, ?)"
        " ON CONFLICT (class_id) DO UPDATE SET number = class_tasks.number + excluded.number",
        (file.class_id, wanted),
    )


def give_back_tasks(transaction: Transaction, class_id: str, number: int) -> None:
    """Count reserved tasks no longer: they were not submitted."""
    transaction.connection.execute(
        "UPDATE class_tasks SET number = max(0, number - ?) WHERE class_id = ?", (number, class_id)
    )


def count_tasks(transaction: Transaction, batch: int, number: int) -> None:
    """Note that so many tasks of a batch, by its number, were submitted."""
    transaction.connection.execute(
        "INSERT INTO class_tasks SELECT class_id, ? FROM batches"
        " JOIN accepted_classes ON hash = class_hash WHERE batches.number = ?"
        " ON CONFLICT (class_id) DO UPDATE SET number = class_tasks.number + excluded.number",
        (number, batch),
    )


def _planned(connection: sqlite3.Connection, class_id: str) -> int:
    """Return how many tasks other cells are about to submit."""
    (planned,) = connection.execute(
        "SELECT coalesce(sum(counts.number), 0) FROM batches"
        " JOIN accepted_classes ON hash = class_hash JOIN counts ON counts.batch = batches.number"
        " WHERE class_id = ? AND state = 'planned' AND gave_up_at IS NULL",
        (class_id,),
    ).fetchone()
    return int(planned)


def _used(connection: sqlite3.Connection, class_id: str) -> int:
    row = connection.execute(
        "SELECT number FROM class_tasks WHERE class_id = ?", (class_id,)
    ).fetchone()
    return 0 if row is None else int(row[0])
