"""The gateway as a whole, as the request handlers see it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from .accounts.account import Account
from .accounts.accounts import Accounts
from .accounts.globus_clients import GlobusClients
from .attachment import Attachment
from .batches import Batches
from .class_files import ClassFiles
from .class_overview import ClassOverview
from .cloud_profile import CloudProfile
from .connection_check import ConnectionCheck
from .errors import batch_id_malformed, feature_not_offered
from .event_hub import EventHub
from .profiles import LocalProfile, ServiceDirectory
from .proxy import Proxy
from .recorded_submit import RecordedSubmit
from .remote_profile import RemoteProfile
from .remote_services import CLOUD_NAME
from .request_body import check_body
from .routes import UUID_PATTERN, find_route
from .services import Services
from .submit_observer import BATCH_HEADER
from .supervisor import LocalServiceSupervisor
from .task_answers import TaskAnswers
from .transport import ServiceAnswer, ServiceRequest, Transport

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from logging import Logger
    from typing import Any

    from .gateway_settings import GatewaySettings
    from .routes import Route

# Arguments that are meant for the Jupyter server, two of them secrets.
_JUPYTER_ARGUMENTS = frozenset({"_xsrf", "no_track_activity", "token"})


class Gateway:
    """Passes requests of the Compute API to the services of this computer's owner.

    Starts no service before the first request to it, unless the vault has
    something pending there, and belongs to one event loop.
    """

    def __init__(self, settings: GatewaySettings, log: Logger) -> None:
        """Raises `ValueError` when the settings contradict each other."""
        self._log = log
        self._transport = Transport()
        attachment = Attachment(settings.local.state_file, self._transport, log)
        supervisor = LocalServiceSupervisor(settings.local, attachment, log)
        clients = GlobusClients(settings.globus)
        account = Account(CLOUD_NAME, settings.remote.cloud_token, settings.globus, clients, log)
        directory = ServiceDirectory(
            [
                LocalProfile(supervisor),
                CloudProfile(
                    settings.globus.compute_url, account, pushes_results=settings.globus.uses_push
                ),
                *map(RemoteProfile, settings.remote.others),
            ],
            settings.default,
        )
        self._services = Services(directory, Proxy(self._transport, log), log)
        self._events = EventHub()
        account.when_changed(self._events.publish_account)
        self.accounts = Accounts(directory, account, settings.globus, clients)
        self._is_closed = False
        self.class_overview = ClassOverview()
        self.batches = Batches(settings.vault, self._services, self._events, log)
        self.class_files = ClassFiles(self.batches.vault, self._services)

    def start(self) -> None:
        """Begin to watch what the vault has pending; in the event loop that all belongs to."""
        if not self._is_closed:
            self.batches.start()

    def describe_services(self) -> dict[str, object]:
        """See `ServiceDirectory.describe`."""
        return self._services.describe()

    async def relay(
        self,
        service: str,
        *,
        method: str,
        path: str,
        query: str,
        body: bytes,
        content_type: str | None,
        accept: str | None,
        batch: str | None,
    ) -> ServiceAnswer:
        """The answer of `service` to a request of the Compute API.

        `path` is decoded and has no leading slash; `query` is as in the URL;
        `content_type`, `accept` and `batch` (the batch that a submit is of)
        are the request's headers. Raises `GatewayError` for what the gateway
        does not pass on, and when no answer can be had.
        """
        profile = self._services.find(service)
        route = find_route(method, path)
        if route.needs_cancel and not profile.features.cancel:
            raise feature_not_offered(profile.label)
        takes_body = method == "POST"
        fields = check_body(body, required=takes_body)
        request = ServiceRequest(
            method,
            path,
            query=without_jupyter_arguments(query),
            body=body if takes_body else None,
            content_type=content_type or "application/json",
            accept=accept or "application/json",
        )

        async def ask(request: ServiceRequest) -> ServiceAnswer:
            return await self._services.relay(service, route, request)

        tasks = TaskAnswers(service, self.batches.answers, ask, self._log)
        if route.is_task:
            return await tasks.task(request, path.rpartition("/")[2])
        if route.is_batch_status:
            return await tasks.batch_status(request, fields)
        if route.is_submit and batch is not None:
            if re.fullmatch(UUID_PATTERN, batch) is None:
                raise batch_id_malformed(BATCH_HEADER)
            if profile.pushes_results:
                queued = json.dumps({**fields, "create_queue": True})
                request = replace(request, body=queued.encode())
            submit = RecordedSubmit(service, batch.lower(), self.batches.observer, self._log)

            async def ask_within_class() -> ServiceAnswer:
                within = await self.class_files.within_class(service, batch.lower(), fields)
                return await ask(request if within is None else replace(request, body=within))

            return await submit.send(ask_within_class)
        return await ask(request)

    async def check_connection(self, service: str, endpoint: str | None) -> dict[str, Any]:
        """See `ConnectionCheck.run`. Raises `GatewayError` 404 for an unknown service."""
        profile = self._services.find(service)

        async def ask(route: Route, request: ServiceRequest) -> ServiceAnswer:
            return await self._services.relay(service, route, request)

        return await ConnectionCheck(profile, ask, endpoint).run()

    def events(self, since: int | None) -> AsyncGenerator[dict[str, Any], None]:
        """See `EventHub.messages`."""
        return self._events.messages(since)

    async def close(self) -> None:
        """End everything that was started; the server may ask for that twice."""
        if self._is_closed:
            return
        self._is_closed = True
        self._events.close()
        self.accounts.close()
        await self.batches.close()
        await self._services.close()
        self._transport.close()


def without_jupyter_arguments(query: str) -> str:
    """The query string without the arguments that are for the Jupyter server."""
    arguments = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, value) for name, value in arguments if name not in _JUPYTER_ARGUMENTS])
