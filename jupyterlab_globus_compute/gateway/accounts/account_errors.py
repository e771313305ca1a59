"""What can go wrong with an account. No text holds a token, a code or a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIGN_IN_NEEDED = "SIGN_IN_NEEDED"


def sign_in_needed(
    service: str, why: str, requirements: Mapping[str, Any] | None = None
) -> GatewayError:
    """401: the request cannot be sent without a login; `why` says what is the matter."""
    return GatewayError(
        401,
        SIGN_IN_NEEDED,
        f"{why} Sign in to Globus, then it goes on.",
        extra={"sign_in": {"service": service, "requirements": requirements}},
    )


def account_problem(problem: str) -> GatewayError:
    """503: there is a credential that cannot be used, and no sign-in would help."""
    return GatewayError(503, "ACCOUNT_PROBLEM", problem)


def consent_needed(service: str, what: str, scopes: list[str]) -> GatewayError:
    """403: the login does not cover this; a sign-in with `scopes` would."""
    return GatewayError(
        403,
        "CONSENT_NEEDED",
        f"Your login does not allow this server to {what}. Sign in again and allow it.",
        extra={"sign_in": {"service": service, "requirements": {"required_scopes": scopes}}},
    )


def not_offered(what: str) -> GatewayError:
    """409: the account is of a kind that does not have this."""
    return GatewayError(409, "NOT_OFFERED", what)


def globus_unreachable(host: str) -> GatewayError:
    """502: Globus Auth or Groups gave no usable answer."""
    return GatewayError(
        502,
        "GLOBUS_UNREACHABLE",
        f"{host} gave no usable answer. Check this computer's connection to the internet and "
        "try again; https://status.globus.org tells of outages.",
    )


def globus_refused(host: str, status: int, words: str) -> GatewayError:
    """502: Globus answered with an error, in its own `words`."""
    return GatewayError(
        502,
        "GLOBUS_REFUSED",
        f"{host} refused (HTTP {status}): {words or 'no reason given'}. Try again later.",
    )


def code_refused() -> GatewayError:
    """400: Globus does not take the authorisation code."""
    return GatewayError(
        400,
        "CODE_REFUSED",
        "Globus did not accept this code. A code can be used once, for a few minutes, and only "
        "for the page that was opened last: copy it again, or begin the sign-in anew.",
    )


def sign_in_over() -> GatewayError:
    """404: there is no such sign-in: done, given up, too old, or another person's."""
    return GatewayError(
        404,
        "SIGN_IN_OVER",
        "This sign-in is over, or was begun by somebody else. Begin it anew.",
    )


def sign_in_refused(words: str) -> GatewayError:
    """400: Globus ended the sign-in, or the login that came of it cannot be used."""
    return GatewayError(400, "SIGN_IN_REFUSED", f"{words} Begin the sign-in anew.")


def requirements_malformed(detail: str) -> GatewayError:
    """422: the requirements are not a GARE's `authorization_parameters`."""
    return GatewayError(
        422,
        "INVALID_REQUIREMENTS",
        f"The requirements of the sign-in are malformed ({detail}). "
        "Send them as they came in the error.",
    )


def store_broken(path: Path, kind: str) -> GatewayError:
    """500: the store of logins cannot be used."""
    return GatewayError(
        500,
        "TOKEN_STORE_BROKEN",
        f"The store of Globus logins {path} cannot be used ({kind}). Check that you may read and "
        "write it and that the disk is not full; if it is damaged, remove it and sign in again.",
    )
