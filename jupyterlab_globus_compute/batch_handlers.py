"""The batches that the vault keeps: `<base_url>/globus-compute/batches` and `follow`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .gateway.batch_requests import (
    parse_follow,
    parse_landing,
    parse_limit,
    parse_offset,
    parse_plan,
    parse_uuid,
)
from .gateway.errors import GatewayError
from .gateway.vault.batch_views import MAX_BATCHES
from .gateway.vault.task_views import MAX_TASKS
from .gateway_handler import GatewayHandler

if TYPE_CHECKING:
    from .gateway.batches import Batches
    from .gateway.gateway import Gateway

_NO_CONTENT = 204


class BatchHandler(GatewayHandler):
    """What the handlers of batches have in common."""

    def initialize(self, gateway: Gateway, batches: Batches | None = None) -> None:
        """Tornado's hook for the arguments of the route; `batches` is always given."""
        super().initialize(gateway)
        assert batches is not None  # noqa: S101 - optional only for the type of the base
        self._batches = batches


class BatchesHandler(BatchHandler):
    """`GET batches?notebook=<path>&limit=&before=`: the batches, newest first."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"batches": [BatchSummary], "sequence"}`."""
        await self._answer(self._listed())

    async def _listed(self) -> dict[str, Any]:
        return await self._batches.list(
            notebook=self.get_query_argument("notebook", None),
            before=self.get_query_argument("before", None),
            limit=parse_limit(self.get_query_argument("limit", None), MAX_BATCHES),
        )


class OneBatchHandler(BatchHandler):
    """`batches/{id}`: one batch."""

    @web.authenticated
    @authorized
    async def get(self, batch_id: str) -> None:
        """Answer the BatchSummary."""
        await self._answer(self._batches.batch(batch_id.lower()))

    @web.authenticated
    @authorized
    async def put(self, batch_id: str) -> None:
        """Take down what the next submit will hold; answer the BatchSummary."""
        await self._answer(self._planned(batch_id))

    @web.authenticated
    @authorized
    async def delete(self, batch_id: str) -> None:
        """Forget the batch; `POST batches/{id}/restore` undoes it for an hour."""
        try:
            await self._batches.forget(batch_id.lower())
        except GatewayError as error:
            self._finish_with(error)
        else:
            self.set_status(_NO_CONTENT)
            self.finish()

    async def _planned(self, batch_id: str) -> dict[str, Any]:
        return await self._batches.plan(
            parse_plan(parse_uuid(batch_id, "The id of a batch"), self.request.body)
        )


class BatchTasksHandler(BatchHandler):
    """`GET batches/{id}/tasks?offset=&limit=&state=`: the tasks of a batch, in its order."""

    @web.authenticated
    @authorized
    async def get(self, batch_id: str) -> None:
        """Answer `{"total", "tasks": [TaskRow]}`."""
        await self._answer(self._page(batch_id.lower()))

    async def _page(self, batch_id: str) -> dict[str, Any]:
        return await self._batches.tasks(
            batch_id,
            offset=parse_offset(self.get_query_argument("offset", None)),
            limit=parse_limit(self.get_query_argument("limit", None), MAX_TASKS),
            state=self.get_query_argument("state", None),
        )


class RestoreHandler(BatchHandler):
    """`POST batches/{id}/restore`: undoes that a batch was forgotten."""

    @web.authenticated
    @authorized
    async def post(self, batch_id: str) -> None:
        """Answer the BatchSummary."""
        await self._answer(self._batches.restore(batch_id.lower()))


class LandingHandler(BatchHandler):
    """`POST batches/{id}/landing`: one browser writes a batch's late results."""

    @web.authenticated
    @authorized
    async def post(self, batch_id: str) -> None:
        """Answer `{"granted": bool}`."""
        await self._answer(self._granted(batch_id.lower()))

    async def _granted(self, batch_id: str) -> dict[str, bool]:
        client, action = parse_landing(self.request.body)
        return {"granted": await self._batches.land(batch_id, client, action)}


class ExportHandler(BatchHandler):
    """`GET batches/{id}/export`: a batch as JSON lines, with all results."""

    @web.authenticated
    @authorized
    async def get(self, batch_id: str) -> None:
        """Answer a file, piece by piece."""
        batch_id = batch_id.lower()
        self.set_header("Content-Type", "application/x-ndjson")
        name = f'attachment; filename="globus-compute-{batch_id}.jsonl"'
        self.set_header("Content-Disposition", name)
        try:
            async for lines in self._batches.export(batch_id):
                self.write(lines)
                await self.flush()
        except GatewayError as error:
            self.clear_header("Content-Disposition")
            self.set_header("Content-Type", "application/json")
            self._finish_with(error)
        else:
            self.finish(set_content_type="application/x-ndjson")


class FollowHandler(BatchHandler):
    """`POST follow`: makes a batch of tasks that were submitted elsewhere."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answer the BatchSummary."""
        await self._answer(self._followed())

    async def _followed(self) -> dict[str, Any]:
        wanted = parse_follow(self.request.body)
        return await self._batches.follow(
            wanted.service,
            task_ids=wanted.task_ids,
            task_group_id=wanted.task_group_id,
            take_over=wanted.take_over,
            title=wanted.title,
        )


def batch_handlers(
    root: str, gateway: Gateway, batches: Batches
) -> list[tuple[str, type[BatchHandler], dict[str, Any]]]:
    """The routes under `root`, e.g. `/globus-compute`; before that of all other paths."""
    arguments = {"gateway": gateway, "batches": batches}
    one = rf"{root}/batches/([0-9a-fA-F-]{{36}})"
    return [
        (rf"{root}/batches", BatchesHandler, arguments),
        (one, OneBatchHandler, arguments),
        (rf"{one}/tasks", BatchTasksHandler, arguments),
        (rf"{one}/restore", RestoreHandler, arguments),
        (rf"{one}/landing", LandingHandler, arguments),
        (rf"{one}/export", ExportHandler, arguments),
        (rf"{root}/follow", FollowHandler, arguments),
    ]
