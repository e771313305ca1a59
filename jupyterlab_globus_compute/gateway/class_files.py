"""The class files beside the notebooks: what they say, and whether the person accepted that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .class_errors import (
    class_file_changed,
    class_file_invalid,
    class_file_not_found,
    class_service_not_found,
)
from .class_file import CLASS_FILE_NAME, ClassFileInvalidError, hash_of, read_class_file
from .class_submit import within_class

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .class_file import ClassFile
    from .service_access import ServiceAccess
    from .vault.vault import Vault

    ReadText = Callable[[str], Awaitable[str | None]]
    """The text of a file by its path, relative to the server's root; None if there is none."""


class ClassFiles:
    """Sends nothing anywhere: it reads files, and the vault's record of what was accepted."""

    def __init__(self, vault: Vault, access: ServiceAccess) -> None:
        self._vault = vault
        self._access = access

    async def describe(self, folder: str, read: ReadText) -> dict[str, Any] | None:
        """What there is to know of the class file of a folder; None if it has none.

        `state` is `accepted`, `new`, `changed` if another text of the class was accepted, or
        `invalid`; then `problems` say why and `content` is null.
        """
        path = class_file_path(folder)
        text = await read(path)
        if text is None:
            return None
        try:
            file = read_class_file(text)
        except ClassFileInvalidError as error:
            return {
                "path": path,
                "hash": hash_of(text),
                "state": "invalid",
                "problems": error.problems,
                "content": None,
                "tasks": 0,
            }
        return await self._described(path, file)

    async def accept(self, folder: str, hash_: str, read: ReadText) -> dict[str, Any]:
        """Remember that the person accepts what they have seen; answer as `describe` does.

        Raises `GatewayError` 404, 409 when the file is another by now, and 422 when it cannot be
        used here.
        """
        path = class_file_path(folder)
        text = await read(path)
        if text is None:
            raise class_file_not_found(path)
        if hash_of(text) != hash_:
            raise class_file_changed()
        try:
            file = read_class_file(text)
        except ClassFileInvalidError as error:
            raise class_file_invalid(error.problems) from None
        known = self._access.service_names()
        if file.service not in known:
            raise class_service_not_found(file.service, known)
        await self._vault.accept_class(file)
        return await self._described(path, file)

    async def withdraw(self, hash_: str) -> None:
        """Forget that a text was accepted."""
        await self._vault.withdraw_class(hash_)

    async def within_class(self, service: str, batch: str, fields: dict[str, Any]) -> bytes | None:
        """See `class_submit.within_class`, for the class of the batch if it has one.

        Raises `GatewayError` 403, 409 and 413.
        """
        file = await self._vault.class_of_batch(batch)
        if file is None:
            return None
        use = await self._vault.class_use(file.hash, file.class_id)
        is_local = self._access.service_kind(service) == "local"
        return within_class(fields, file, used=use.tasks, takes_limits=is_local)

    async def _described(self, path: str, file: ClassFile) -> dict[str, Any]:
        use = await self._vault.class_use(file.hash, file.class_id)
        return {
            "path": path,
            "hash": file.hash,
            "state": use.state,
            "problems": [],
            "content": file.content,
            "tasks": use.tasks,
        }


def class_file_path(folder: str) -> str:
    """The path of a folder's class file, relative to the server's root."""
    inner = folder.strip("/")
    return f"{inner}/{CLASS_FILE_NAME}" if inner else CLASS_FILE_NAME
