"""Refusals, in the words and the shape of the Compute API."""

from __future__ import annotations

from typing import Any


class RefusalError(Exception):
    """An answer with a 4xx or 5xx status."""

    def __init__(
        self,
        status: int,
        code: str,
        reason: str,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.headers = headers or {}
        self.body = {
            "status": "Failed",
            "code": code,
            "reason": reason,
            "error_args": [],
            "http_status_code": status,
            **more,
        }


def unauthenticated(reason: str) -> RefusalError:
    """No token, or one that is worth nothing."""
    return RefusalError(401, "USER_UNAUTHENTICATED", reason, headers={"WWW-Authenticate": "Bearer"})


def consent_required(scopes: list[str]) -> RefusalError:
    """A token without the scope that is needed (a GARE)."""
    return RefusalError(
        403,
        "ConsentRequired",
        "This token does not have the scope that this needs",
        authorization_parameters={"required_scopes": scopes},
    )


def authorization_required(parameters: dict[str, Any]) -> RefusalError:
    """A sign-in that does not satisfy a policy (a GARE)."""
    reason = parameters.get("session_message") or "Your session does not satisfy a policy"
    return RefusalError(403, "AuthorizationRequired", reason, authorization_parameters=parameters)


def forbidden(what: str) -> RefusalError:
    """Something of somebody else's."""
    return RefusalError(403, "ACCESS_FORBIDDEN", f"You may not use this {what}")


def not_found(kind: str, identifier: str) -> RefusalError:
    """Something that is not there, or is not to be seen."""
    code = f"{kind.upper().replace(' ', '_')}_NOT_FOUND"
    return RefusalError(404, code, f"{kind.capitalize()} {identifier} could not be resolved")


def too_many(wait_s: int) -> RefusalError:
    """More requests than are allowed."""
    headers = {"Retry-After": str(wait_s)}
    return RefusalError(429, "TOO_MANY_REQUESTS", "Too many requests", headers=headers)


def unexpected(what: str) -> RefusalError:
    """A request that nobody may make of the service."""
    return RefusalError(501, "UNEXPECTED_CALL", f"Nothing should ask for {what}")
