"""Passing a request on to a service, also when the service dies meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from . import errors
from .accounts.requirements import requirements_in, with_demand
from .errors import GatewayError
from .transport import (
    MAX_ANSWER_BYTES,
    AnswerInvalidError,
    AnswerTimeoutError,
    AnswerTooLargeError,
    ConnectionBrokenError,
    NotSentError,
    ServiceAnswer,
    ServiceRequest,
    Transport,
    TransportError,
    UnavailableError,
)

if TYPE_CHECKING:
    from logging import Logger

    from .budget import Budget
    from .connection import Connection
    from .profiles import ServiceProfile
    from .routes import Route

REQUEST_TIMEOUT_S = 30.0
_MAX_ATTEMPTS = 3
_UNAUTHORIZED = 401
_DEMANDING = frozenset({401, 403})
_TOO_BUSY = frozenset({429, 503})
_LONGEST_HOLD_S = 300


class Proxy:
    """Relays requests of the Compute API, repeating those that are safe to repeat."""

    def __init__(
        self, transport: Transport, log: Logger, *, timeout_s: float = REQUEST_TIMEOUT_S
    ) -> None:
        self._transport = transport
        self._log = log
        self._timeout_s = timeout_s

    async def relay(
        self,
        profile: ServiceProfile,
        budget: Budget,
        route: Route,
        request: ServiceRequest,
        *,
        interactive: bool = True,
    ) -> ServiceAnswer:
        """The service's answer to `request`, whatever its HTTP status.

        A request is sent again only if the service cannot have acted on it,
        or if acting twice does no harm (`Route.repeatable`); each time counts
        in the `budget`. `interactive`: a person waits for it. Raises
        `GatewayError` when no answer can be had.
        """
        lost: Connection | None = None
        refused: Connection | None = None
        failure = errors.service_unreachable(profile.label)
        for _ in range(_MAX_ATTEMPTS):
            is_refused = lost is not None and lost == refused
            connection = await profile.connect(lost, is_refused=is_refused)
            if connection == refused:
                break
            try:
                async with budget.request(interactive=interactive):
                    answer = await self._transport.send(
                        connection, request, timeout_s=self._timeout_s
                    )
            except NotSentError:
                self._log.info("Compute service '%s' is gone; looking for it", profile.name)
            except ConnectionBrokenError as error:
                self._warn(profile, route, error)
                if not route.repeatable:
                    await _examine(profile, connection)
                    raise _outcome_unknown(profile, route) from None
            except AnswerTimeoutError as error:
                self._warn(profile, route, error)
                await _examine(profile, connection)
                if not route.repeatable:
                    raise _outcome_unknown(profile, route) from None
                raise errors.service_timeout(profile.label, self._timeout_s) from None
            except UnavailableError as error:
                self._warn(profile, route, error)
                budget.hold(_pause_s(error.retry_after))
                raise _unavailable(profile, route, error) from None
            except (AnswerTooLargeError, AnswerInvalidError) as error:
                self._warn(profile, route, error)
                raise _unusable(profile, error) from None
            else:
                if answer.status in _TOO_BUSY:
                    budget.hold(_pause_s(answer.retry_after))
                answer = _with_sign_in(profile, answer)
                if answer.status != _UNAUTHORIZED or answer.demands_sign_in:
                    return answer
                # The token may be out of date: a local one lasts for one start
                # of the service, another is replaced now and then.
                refused = connection
                failure = errors.service_refused_token(profile.label)
            lost = connection
        raise failure

    def _warn(self, profile: ServiceProfile, route: Route, error: TransportError) -> None:
        self._log.warning(
            "Compute service '%s', %s /%s: %s", profile.name, route.method, route.template, error
        )


async def _examine(profile: ServiceProfile, connection: Connection) -> None:
    """Have a service that behaved badly replaced, if need be, for the next request.

    A service that hangs would otherwise never be found out, for it refuses no
    connections.
    """
    with suppress(GatewayError):
        await profile.connect(connection)


def _with_sign_in(profile: ServiceProfile, answer: ServiceAnswer) -> ServiceAnswer:
    """The answer, with what a sign-in has to fulfil where the service demands one."""
    if profile.takes_sign_in and answer.status in _DEMANDING:
        demand = requirements_in(answer.body)
        if demand is not None:
            return with_demand(answer, profile.name, demand)
    return answer


def _pause_s(retry_after: str | None) -> int:
    text = retry_after or ""
    return min(int(text), _LONGEST_HOLD_S) if text.isdecimal() else 0


def _unavailable(profile: ServiceProfile, route: Route, error: UnavailableError) -> GatewayError:
    if error.may_have_arrived and not route.repeatable:
        return _outcome_unknown(profile, route)
    return errors.service_unavailable(profile.label, error.status, error.retry_after)


def _unusable(profile: ServiceProfile, error: TransportError) -> GatewayError:
    if isinstance(error, AnswerTooLargeError):
        return errors.answer_too_large(profile.label, MAX_ANSWER_BYTES)
    return errors.answer_invalid(profile.label)


def _outcome_unknown(profile: ServiceProfile, route: Route) -> GatewayError:
    if route.is_submit:
        return errors.submit_outcome_unknown(profile.label)
    return errors.request_outcome_unknown(profile.label)
