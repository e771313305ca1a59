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


def too_slow(limit_s: float) -> ApiError:
    """Return the error for a body that does not arrive within ``limit_s`` seconds (408)."""
    reason = f"The request's body did not arrive within {limit_s:g} seconds; send it at once"
    return ApiError(408, "REQUEST_TIMEOUT", reason)


def function_not_permitted(function_id: str, endpoint_id: str) -> ApiError:
    """Return the error for a function outside of an endpoint's allowed ones (403)."""
    reason = (
        f"Function {function_id} not permitted on endpoint {endpoint_id}; "
        "its allowed functions are set where the service is started"
    )
    return ApiError(403, "FUNCTION_NOT_PERMITTED", reason, function_id, endpoint_id)


def class_payload_too_large(limit_bytes: int) -> ApiError:
    """Return the error for arguments larger than a class allows (403)."""
    reason = f"The class allows {limit_bytes} bytes of arguments for a task; pass less to each call"
    return ApiError(403, "CLASS_PAYLOAD_TOO_LARGE", reason, str(limit_bytes))


def class_tasks_spent(limit: int, used: int) -> ApiError:
    """Return the error for more tasks than a class allows (403)."""
    reason = (
        f"The class allows {limit} tasks, and {used} were submitted before; "
        "submit fewer, or ask whoever made the class file"
    )
    return ApiError(403, "CLASS_TASKS_SPENT", reason, str(limit), str(used))


def not_supported(reason: str) -> ApiError:
    """Return the error for a part of the Compute API that has no use on one computer (403)."""
    # Not 501: to clients a 5xx is a failure of the service.
    return ApiError(403, "NOT_SUPPORTED", reason)


def not_cancellable(task_id: str, why: str) -> ApiError:
    """Return the error for a task that cannot be cancelled (409)."""
    return ApiError(409, "TASK_NOT_CANCELLABLE", f"Task {task_id} {why}", task_id)


def storage_full() -> ApiError:
    """Return the error for a change that the disk has no room for (507)."""
    reason = (
        "The disk with the service's data is full, so nothing of this request was kept; "
        "make room there, or let the service keep less (--keep-days, --keep-mib), and try again"
    )
    return ApiError(507, "STORAGE_FULL", reason)


def shorten(text: str, limit: int = 80) -> str:
    """Return ``text`` cut to ``limit`` characters, to be quoted in a reason."""
    return text if len(text) <= limit else text[: limit - 3] + "..."
