"""Errors in the shape in which the Compute API answers them."""

from __future__ import annotations

from typing import Any

MAX_SUBMIT_BYTES = 10 * 1024 * 1024
"""The largest submission, as the service's documented limits have it (docs/limits.rst)."""


class StartupError(Exception):
    """The service cannot start; the text is for the person who started it.

    ``exit_code`` is what the process then exits with.
    """

    def __init__(self, reason: str, exit_code: int = 1) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


class ApiError(Exception):
    """An answer with a 4xx or 5xx status.

    ``code`` is the symbolic code on which clients branch (``globus_sdk.GlobusAPIError.code``),
    ``reason`` the sentence for a person, ``error_args`` what the reason speaks of.
    """

    def __init__(self, http_status: int, code: str, reason: str, *error_args: str) -> None:
        super().__init__(reason)
        self.http_status = http_status
        self.code = code
        self.reason = reason
        self.error_args = error_args

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the answer."""
        return {
            "status": "Failed",
            "code": self.code,
            "reason": self.reason,
            "error_args": list(self.error_args),
            "http_status_code": self.http_status,
        }


def malformed(reason: str) -> ApiError:
    """Return the error for a body that is not JSON at all (400)."""
    return ApiError(400, "REQUEST_MALFORMED", reason)


def invalid(reason: str, *error_args: str) -> ApiError:
    """Return the error for a body whose values have wrong types or are missing (422)."""
    return ApiError(422, "REQUEST_INVALID", reason, *error_args)


def invalid_uuid(what: str, value: str) -> ApiError:
    """Return the error for an identifier that is no UUID (422); ``what`` names the place."""
    return ApiError(422, "INVALID_UUID", f"{what} is not a UUID: {shorten(value)}", shorten(value))


def not_found(kind: str, identifier: str) -> ApiError:
    """Return the error for an unknown ``kind`` ("function", "task group", ...) (404)."""
    code = f"{kind.upper().replace(' ', '_')}_NOT_FOUND"
    reason = f"{kind.capitalize()} {identifier} is not known to this service"
    return ApiError(404, code, reason, identifier)


def too_large(what: str) -> ApiError:
    """Return the error for more data than the service takes at once (413)."""
    limit = MAX_SUBMIT_BYTES // (1024 * 1024)
    reason = f"{what} is larger than {limit} MiB; split it, or pass a file name instead of the data"
    return ApiError(413, "TASK_PAYLOAD_TOO_LARGE", reason, str(MAX_SUBMIT_BYTES))


def shorten(text: str, limit: int = 80) -> str:
    """Return ``text`` cut to ``limit`` characters, to be quoted in a reason."""
    return text if len(text) <= limit else text[: limit - 3] + "..."
