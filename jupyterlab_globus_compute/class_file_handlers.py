"""The class files of folders: `<base_url>/globus-compute/class-file`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.utils import ensure_async
from tornado import web

from .gateway.batch_requests import parse_class_acceptance
from .gateway.class_file import find_problems
from .gateway.errors import GatewayError
from .gateway.request_body import check_body
from .gateway_handler import GatewayHandler

if TYPE_CHECKING:
    from .gateway.class_files import ClassFiles
    from .gateway.gateway import Gateway

_NO_CONTENT = 204
_NOT_FOUND = frozenset({400, 404})


class _ClassHandler(GatewayHandler):
    """What the handlers of class files have in common."""

    @property
    def _files(self) -> ClassFiles:
        return self._gateway.class_files

    async def _read(self, path: str) -> str | None:
        """The text of a file, for a person who may read files. None if there is none."""
        if not await ensure_async(
            self.authorizer.is_authorized(self, self.current_user, "read", "contents")
        ):
            raise web.HTTPError(403, "You may not read files on this Jupyter server")
        try:
            model = await ensure_async(
                self.contents_manager.get(  # type: ignore[no-untyped-call]
                    path, content=True, type="file", format="text"
                )
            )
        except web.HTTPError as error:
            # 400: it is a folder, or not text.
            if error.status_code in _NOT_FOUND:
                return None
            raise
        content = model["content"]
        return content if isinstance(content, str) else None


class ClassFileHandler(_ClassHandler):
    """`GET class-file?folder=<path>`: the class file of a folder."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"file": what ClassFiles.describe says}`."""
        try:
            file = await self._files.describe(self.get_query_argument("folder", ""), self._read)
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.finish(json.dumps({"file": file}))


class ClassAcceptanceHandler(_ClassHandler):
    """`POST class-file/acceptance`: the person accepts the class file they have seen."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Take `{"folder", "hash"}`; answer `{"file"}`."""
        try:
            folder, hash_ = parse_class_acceptance(self.request.body)
            file = await self._files.accept(folder, hash_, self._read)
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.finish(json.dumps({"file": file}))


class ClassWithdrawalHandler(_ClassHandler):
    """`DELETE class-file/acceptance/{hash}`: the person no longer accepts a class file."""

    @web.authenticated
    @authorized
    async def delete(self, hash_: str) -> None:
        """Answer 204, whether it was accepted or not."""
        try:
            await self._files.withdraw(hash_)
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.set_status(_NO_CONTENT)
            self.finish()


class ClassCheckHandler(_ClassHandler):
    """`POST class-file/check`: whether a JSON object could be a class file."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Take `{"content"}`; answer `{"problems": [sentence]}`."""
        try:
            fields = check_body(self.request.body, required=True)
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.finish(json.dumps({"problems": find_problems(fields.get("content"))}))


def class_file_handlers(
    root: str, gateway: Gateway
) -> list[tuple[str, type[GatewayHandler], dict[str, Any]]]:
    """The routes under `root`, e.g. `/globus-compute`; before that of all other paths."""
    arguments = {"gateway": gateway}
    return [
        (rf"{root}/class-file", ClassFileHandler, arguments),
        (rf"{root}/class-file/acceptance", ClassAcceptanceHandler, arguments),
        (rf"{root}/class-file/acceptance/([0-9a-f]{{64}})", ClassWithdrawalHandler, arguments),
        (rf"{root}/class-file/check", ClassCheckHandler, arguments),
    ]
