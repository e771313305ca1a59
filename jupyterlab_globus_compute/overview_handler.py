"""The overview of a class: what collected notebooks in a folder of this server say."""

from __future__ import annotations

import os
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from jupyter_server.services.contents.fileio import FileManagerMixin
from jupyter_server.utils import ApiPath, to_os_path
from tornado import web

from .gateway.errors import GatewayError
from .gateway_handler import GatewayHandler

_CSV = "text/csv; charset=utf-8"
_JSON = "application/json"


class OverviewHandler(GatewayHandler):
    """`GET overview?folder=&release=&assignment=&format=`: the table of a class.

    Paths are those of Jupyter's contents API, and only what that API shows is read.
    """

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer the table as JSON, or as a file with `format=csv`."""
        as_csv = self.get_query_argument("format", "json") == "csv"
        try:
            await self._check_permission()
            folder = await self._folder(self.get_query_argument("folder", ""))
            release = await self._file(self.get_query_argument("release", ""))
            table = await self._gateway.class_overview.make(
                folder,
                release=release,
                assignment=self.get_query_argument("assignment", ""),
                as_csv=as_csv,
            )
        except GatewayError as error:
            self._finish_with(error)
            return
        if as_csv:
            self.set_header("Content-Disposition", 'attachment; filename="overview.csv"')
        self.finish(table, set_content_type=_CSV if as_csv else _JSON)

    async def _check_permission(self) -> None:
        """Whoever may not read files may not read them here. Raises `GatewayError` 403."""
        may = self.authorizer.is_authorized(self, self.current_user, "read", "contents")
        if not await ensure_async(may):
            raise GatewayError(
                403,
                "FORBIDDEN",
                "You may not read the files of this Jupyter server. Ask its administrator.",
            )

    async def _folder(self, path: str) -> str:
        contents = self._contents()
        if not await ensure_async(contents.dir_exists(path)) or await self._is_hidden(path):
            raise _not_found("folder", path)
        return _os_path(path, contents.root_dir)

    async def _file(self, path: str) -> str:
        if not path:
            return ""
        contents = self._contents()
        if not await ensure_async(contents.file_exists(path)) or await self._is_hidden(path):
            raise _not_found("notebook", path)
        return _os_path(path, contents.root_dir)

    async def _is_hidden(self, path: str) -> bool:
        contents = self._contents()
        return not contents.allow_hidden and bool(await ensure_async(contents.is_hidden(path)))

    def _contents(self) -> Any:
        """Return the manager of the files. Raises `GatewayError` 501 where they are no files."""
        contents = self.contents_manager
        if not isinstance(contents, FileManagerMixin):
            raise GatewayError(
                501,
                "NO_FILES",
                "The notebooks of this Jupyter server are not files. Download those of the class, "
                "and use python -m jupyterlab_globus_compute.overview.",
            )
        return contents


def _os_path(path: str, root: str) -> str:
    return to_os_path(ApiPath(path), os.path.abspath(root))


def _not_found(what: str, path: str) -> GatewayError:
    return GatewayError(
        404,
        f"{what.upper()}_NOT_FOUND",
        f"This Jupyter server has no such {what}. Check the path, as the file browser shows it.",
        error_args=[path],
    )
