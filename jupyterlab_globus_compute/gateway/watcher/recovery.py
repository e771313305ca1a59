"""Finding out what became of submits whose answer was lost."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.accounts.account_errors import SIGN_IN_NEEDED
from jupyterlab_globus_compute.gateway.errors import GatewayError
from jupyterlab_globus_compute.gateway.transport import ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger

    from jupyterlab_globus_compute.gateway.service_access import ServiceAccess
    from jupyterlab_globus_compute.gateway.vault.records import UnconfirmedPlan
    from jupyterlab_globus_compute.gateway.vault.vault import Vault

    from .pace import WatchPace

_FIRST_CHECK_S = 5.0
"""A browser submits right after it has told the plan."""

_LONGEST_PAUSE_S = 20.0
_OK, _NOT_FOUND = 200, 404

NEVER_SUBMITTED = "Some calls were never submitted: the browser or the Jupyter server ended before."
UNKNOWN_OUTCOME = (
    "It is not known whether the service has accepted some of the calls: the answer to their "
    "submit was lost. Run them again only if running them twice does no harm."
)


class Recovery:
    """Asks for the task groups of batches with calls that no answer has confirmed.

    The browser chooses the id of the group beforehand, where the service takes that; so the
    group tells which tasks there are. A plan is looked after at once if it is older than this
    server, or if its submit went wrong; else after a while.
    """

    def __init__(
        self,
        vault: Vault,
        access: ServiceAccess,
        pace: WatchPace,
        log: Logger,
        *,
        is_sending: Callable[[str], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`is_sending` says whether a batch's submit is under way in this server."""
        self._vault = vault
        self._access = access
        self._pace = pace
        self._log = log
        self._is_sending = is_sending
        self._clock = clock
        self._started_at = clock()
        self._checks: dict[str, tuple[float, float]] = {}
        # When each batch was last found to wait for a sign-in: the time for it counts from then.
        self._waited_at: dict[str, float] = {}

    def hurry(self, batch_id: str) -> None:
        """Look after a batch the next time: the answer to its submit was lost."""
        self._checks[batch_id] = (0.0, 1.0)

    async def check(self) -> float | None:
        """Look after the plans that are due; answer in how many seconds the next one is."""
        plans = await self._vault.unconfirmed_plans()
        names = set(self._access.service_names())
        due_in: list[float] = []
        current: dict[str, tuple[float, float]] = {}
        for plan in plans:
            if plan.service not in names or self._is_sending(plan.batch_id):
                continue
            is_older = plan.planned_at < self._started_at
            first = 0.0 if is_older else plan.planned_at + _FIRST_CHECK_S
            due, pause = self._checks.get(plan.batch_id, (first, 1.0))
            if due <= self._clock():
                await self._look_after(plan)
                due, pause = self._clock() + pause, min(2 * pause, _LONGEST_PAUSE_S)
            current[plan.batch_id] = (due, pause)
            due_in.append(max(due - self._clock(), 0.01))
        self._checks = current
        self._waited_at = {one: at for one, at in self._waited_at.items() if one in current}
        return min(due_in, default=None)

    async def _look_after(self, plan: UnconfirmedPlan) -> None:
        begun = max(plan.planned_at, self._waited_at.get(plan.batch_id, 0.0))
        is_late = self._clock() - begun > self._pace.confirm_s
        if plan.task_group_id is None:
            if is_late:
                await self._vault.give_up(plan.batch_id, UNKNOWN_OUTCOME)
            return
        try:
            answer = await self._access.send(
                plan.service, ServiceRequest("GET", f"v2/taskgroup/{plan.task_group_id}")
            )
        except GatewayError as error:
            if error.code == SIGN_IN_NEEDED:
                self._waited_at[plan.batch_id] = self._clock()
            self._log.info("Asking '%s' for a task group: %s", plan.service, error)
            return
        if answer.status == _OK:
            found = read_task_group(answer.body)
            adopted = await self._vault.adopt(plan.batch_id, found)
            if adopted:
                self._log.info("Found %d tasks whose submit was not answered", adopted)
                return
        elif answer.status != _NOT_FOUND:
            return
        if is_late:
            await self._vault.give_up(plan.batch_id, NEVER_SUBMITTED)


def read_task_group(body: bytes) -> list[tuple[str, str]]:
    """Ids and times of creation in the answer to `GET /v2/taskgroup/{id}`, in its order."""
    try:
        tasks = json.loads(body)["tasks"]
        return [(str(task["id"]), str(task.get("created_at", ""))) for task in tasks]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
