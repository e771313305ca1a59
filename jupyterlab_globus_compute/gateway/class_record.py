"""The record of accepted class files, for programs that run without the server.

It is the vault's: what a person accepts here holds in JupyterLab, and the other way round.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from .class_file import ClassFile, ClassFileInvalidError, hash_of, read_class_file, text_in
from .class_submit import LIMITS_FIELD, kept_limits
from .errors import GatewayError
from .vault import classes
from .vault.database import FILE_NAME, connect, default_folder, prepare
from .vault.errors import VaultUnusableError, vault_failed, vault_unusable
from .vault.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LIMITS_FIELD",
    "ClassFile",
    "ClassRecord",
    "GatewayError",
    "SeenClassFile",
    "kept_limits",
]


class SeenClassFile(NamedTuple):
    """The class file of a folder as it was read; `state` as in `ClassFiles.describe`.

    `file` is None if it is invalid; then `problems` say why. `tasks` are those submitted for its
    class.
    """

    hash: str
    state: str
    file: ClassFile | None = None
    problems: tuple[str, ...] = ()
    tasks: int = 0


class ClassRecord:
    """What one person has accepted. Opened for each question, so that nobody is held up by it.

    `look` and `use` make nothing, the others a vault if there is none. All raise `GatewayError`
    503 when it cannot be used.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is the vault's, if it is not the usual one."""
        self._folder = folder or default_folder()
        self._path = self._folder / FILE_NAME
        self._is_prepared = False

    def look(self, folder: Path) -> SeenClassFile | None:
        """Read the class file of a folder; None if it has none. Asks and sends nothing."""
        text = text_in(folder)
        if text is None:
            return None
        try:
            file = self._accepted(hash_of(text)) or read_class_file(text)
        except ClassFileInvalidError as error:
            return SeenClassFile(hash_of(text), "invalid", problems=tuple(error.problems))
        use = self.use(file)
        return SeenClassFile(file.hash, use.state, file, tasks=use.tasks)

    def use(self, file: ClassFile) -> classes.ClassUse:
        """See `classes.class_use`."""
        if not self._path.exists():
            return classes.ClassUse(None, was_accepted=False, tasks=0)
        with self._opened() as connection:
            return classes.class_use(connection, file.hash, file.class_id)

    def accept(self, file: ClassFile) -> None:
        """See `classes.accept_class`."""
        with self._transaction() as transaction:
            classes.accept_class(transaction, file, time.time())

    def withdraw(self, file: ClassFile) -> None:
        """See `classes.withdraw_class`."""
        with self._transaction() as transaction:
            classes.withdraw_class(transaction, file.hash)

    def reserve(self, file: ClassFile, number: int) -> None:
        """See `classes.reserve_tasks`."""
        with self._transaction() as transaction:
            classes.reserve_tasks(transaction, file.hash, number)

    def give_back(self, file: ClassFile, number: int) -> None:
        """See `classes.give_back_tasks`."""
        with self._transaction() as transaction:
            classes.give_back_tasks(transaction, file.class_id, number)

    def _accepted(self, hash_: str) -> ClassFile | None:
        if not self._path.exists():
            return None
        with self._opened() as connection:
            return classes.find_accepted(connection, hash_)

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            # Looked through once; a damaged one has been moved away since.
            if not self._is_prepared or not self._path.exists():
                prepare(self._folder)
                self._is_prepared = True
            with closing(connect(self._path)) as connection:
                yield connection
        except VaultUnusableError as error:
            raise vault_unusable(error) from error
        except sqlite3.Error as error:
            raise vault_failed(error) from error
