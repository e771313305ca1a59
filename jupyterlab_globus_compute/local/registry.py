"""What is registered: the endpoint, functions and containers."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from .errors import not_found
from .records import ContainerRecord, ContainerRegistration, FunctionRecord, FunctionRegistration

if TYPE_CHECKING:
    import sqlite3

    from .reader import Reader
    from .writer import Writer


class Registry:
    """Keeps registrations; methods may be called from any thread.

    Those that write return once the change is durable.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def endpoint_id(self) -> str:
        """Return the id of the one endpoint, made up if there is none."""

        def write(connection: sqlite3.Connection) -> str:
            row = connection.execute("SELECT endpoint_id FROM endpoint").fetchone()
            if row is not None:
                return str(row[0])
            endpoint_id = str(uuid.uuid4())
            connection.execute("INSERT INTO endpoint VALUES (?)", (endpoint_id,))
            return endpoint_id

        return self._writer.submit(write).result()

    def delete_endpoint(self, endpoint_id: str) -> None:
        """Forget the endpoint: the next start makes up another.

        Raises:
            ApiError: ENDPOINT_NOT_FOUND.
        """

        def write(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "DELETE FROM endpoint WHERE endpoint_id = ?", (endpoint_id,)
            ).rowcount

        if self._writer.submit(write).result() == 0:
            raise not_found("endpoint", endpoint_id)

    def add_function(self, registration: FunctionRegistration) -> str:
        """Keep a function and return its new id."""
        function_id = str(uuid.uuid4())
        row = (
            function_id,
            registration.name,
            registration.code,
            registration.description,
            json.dumps(registration.metadata),
            registration.public,
            registration.group,
        )

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO functions VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)

        self._writer.submit(write).result()
        return function_id

    def function(self, function_id: str) -> FunctionRecord:
        """Return a registered function.

        Raises:
            ApiError: FUNCTION_NOT_FOUND.
        """
        rows = self._reader.rows(
            "SELECT name, code, description, metadata, public, share_group"
            " FROM functions WHERE function_id = ? AND NOT deleted",
            function_id,
        )
        if not rows:
            raise not_found("function", function_id)
        name, code, description, metadata, public, group = rows[0]
        return FunctionRecord(
            function_id,
            FunctionRegistration(
                name, code, description, json.loads(metadata), bool(public), group
            ),
        )

    def delete_function(self, function_id: str) -> None:
        """Forget a function; tasks already accepted still run.

        Raises:
            ApiError: FUNCTION_NOT_FOUND.
        """

        def write(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE functions SET deleted = 1 WHERE function_id = ? AND NOT deleted",
                (function_id,),
            ).rowcount

        if self._writer.submit(write).result() == 0:
            raise not_found("function", function_id)

    def add_container(self, registration: ContainerRegistration) -> str:
        """Keep a container's description and return its new id."""
        container_id = str(uuid.uuid4())
        row = (
            container_id,
            registration.name,
            registration.type,
            registration.location,
            registration.description,
        )

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO containers VALUES (?, ?, ?, ?, ?)", row)

        self._writer.submit(write).result()
        return container_id

    def container(self, container_id: str) -> ContainerRecord:
        """Return a registered container.

        Raises:
            ApiError: CONTAINER_NOT_FOUND.
        """
        rows = self._reader.rows(
            "SELECT name, type, location, description FROM containers WHERE container_id = ?",
            container_id,
        )
        if not rows:
            raise not_found("container", container_id)
        return ContainerRecord(container_id, ContainerRegistration(*rows[0]))
