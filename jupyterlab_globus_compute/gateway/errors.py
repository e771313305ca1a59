"""Errors of the gateway itself, in the shape of the Compute API's own errors.

The API answers every error with
`{"status": "Failed", "code", "reason", "error_args", "http_status_code"}`, so a
client reads errors of the service and errors of the gateway alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class GatewayError(Exception):
    """A request that the gateway answers itself, with an error.

    `status` is the HTTP status, `code` an upper-case name for programs and
    `reason` a sentence for a person: what happened, and what to do next.
    `extra` are further members of the body.
    """

    def __init__(
        self,
        status: int,
        code: str,
        reason: str,
        *,
        error_args: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.reason = reason
        self.error_args = list(error_args)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {
            "status": "Failed",
            "code": self.code,
            "reason": self.reason,
            "error_args": self.error_args,
            "http_status_code": self.status,
            **self.extra,
        }


def path_not_found(path: str) -> GatewayError:
    """404: the path is none that the gateway passes on."""
    return GatewayError(
        404,
        "NOT_FOUND",
        "This Jupyter server passes no such path on to a compute service. "
        "Check the path, and that every id in it is a UUID.",
        error_args=[path],
    )


def method_not_allowed(method: str, allowed: Sequence[str]) -> GatewayError:
    """405: the path exists, but not with this method (RFC 9110, section 15.5.6)."""
    methods = ", ".join(allowed)
    return GatewayError(
        405,
        "METHOD_NOT_ALLOWED",
        f"This path does not take {method}. Use {methods}.",
        error_args=[method],
        headers={"Allow": methods},
    )


def service_not_found(name: str, known: Sequence[str]) -> GatewayError:
    """404: no service has this name."""
    return GatewayError(
        404,
        "SERVICE_NOT_FOUND",
        "This Jupyter server knows no compute service of that name. "
        f"Choose one of: {', '.join(known)}.",
        error_args=[name],
    )


def body_missing() -> GatewayError:
    """400: a request that needs a JSON body came without one."""
    return GatewayError(
        400, "MALFORMED_JSON", "The request has no body. Send a JSON object with the request."
    )


def body_malformed(detail: str) -> GatewayError:
    """400: the body is not JSON (RFC 8259)."""
    return GatewayError(
        400,
        "MALFORMED_JSON",
        f"The body of the request is not JSON ({detail}). Send a JSON object.",
    )


def body_not_an_object(json_type: str) -> GatewayError:
    """422: the body is JSON, but of a type that no route takes."""
    return GatewayError(
        422,
        "INVALID_BODY",
        f"The body of the request is a JSON {json_type}. Send a JSON object.",
    )


def body_too_large(size_bytes: int, limit_bytes: int) -> GatewayError:
    """413: the body is larger than any that a compute service takes."""
    return GatewayError(
        413,
        "TASK_PAYLOAD_TOO_LARGE",
        f"The request has {size_bytes:,} bytes and at most {limit_bytes:,} are passed on. "
        "Submit fewer tasks at once, or hand large data over as a file.",
        error_args=[str(size_bytes), str(limit_bytes)],
    )


def budget_spent(limit: int, window_s: float) -> GatewayError:
    """429: the service takes no more requests for now, so this one was not sent."""
    return GatewayError(
        429,
        "TOO_MANY_REQUESTS",
        f"The compute service takes {limit} requests in {window_s:g} seconds, and others were "
        "first. Try again in a moment.",
        headers={"Retry-After": str(round(window_s))},
    )


def token_missing(label: str, where: str) -> GatewayError:
    """503: there is no token for the service where the configuration says; `where` is no secret."""
    return GatewayError(
        503,
        "TOKEN_MISSING",
        f"There is no token for the compute service '{label}' in {where}. "
        "Put one there, or ask whoever set up this Jupyter server.",
    )


def feature_not_offered(label: str) -> GatewayError:
    """404: the request is of an extension of the API that this service does not have."""
    return GatewayError(
        404,
        "NOT_OFFERED",
        f"The compute service '{label}' does not offer this. "
        "See GET services for what each service offers.",
    )


def batch_id_malformed(header: str) -> GatewayError:
    """400: the header that names the batch of a submit is not a UUID."""
    return GatewayError(
        400, "INVALID_UUID", f"The header {header} is not a UUID. Send the id of the batch."
    )


def server_stopping() -> GatewayError:
    """503: the Jupyter server is shutting down."""
    return GatewayError(
        503,
        "SERVER_STOPPING",
        "The Jupyter server is shutting down. Start it again, then repeat the request.",
    )


def service_unreachable(label: str) -> GatewayError:
    """502: the service did not answer, though it was tried repeatedly."""
    return GatewayError(
        502,
        "SERVICE_UNREACHABLE",
        f"The compute service '{label}' did not answer, though it was tried several times. "
        "Wait a moment and try again; the Jupyter server's log says more.",
    )


def service_unavailable(label: str, status: int, retry_after: str | None) -> GatewayError:
    """503: the service is down, and something before it says so."""
    return GatewayError(
        503,
        "SERVICE_UNAVAILABLE",
        f"The compute service '{label}' is not available (HTTP {status}): there may be an outage "
        "or maintenance. Try again later; https://status.globus.org tells of those of Globus.",
        headers={} if retry_after is None else {"Retry-After": retry_after},
    )


def service_refused_token(label: str) -> GatewayError:
    """502: the service does not accept the credential that the gateway holds.

    Not passed on as 401, which would say that the browser has to sign in to
    the Jupyter server.
    """
    return GatewayError(
        502,
        "SERVICE_REFUSED_TOKEN",
        f"The compute service '{label}' refused the Jupyter server's token. "
        "Restart the Jupyter server, then try again.",
    )


def service_timeout(label: str, timeout_s: float) -> GatewayError:
    """504: the service took too long over a request that is safe to repeat."""
    return GatewayError(
        504,
        "SERVICE_TIMEOUT",
        f"The compute service '{label}' gave no answer within {timeout_s:g} seconds. "
        "Try again; if it happens again, ask for fewer tasks at once.",
    )


def submit_outcome_unknown(label: str) -> GatewayError:
    """502: a submit was sent, and the connection broke before its answer."""
    return GatewayError(
        502,
        "SUBMIT_OUTCOME_UNKNOWN",
        f"The connection to the compute service '{label}' broke before it confirmed the submit: "
        "the tasks may or may not have been accepted. Submit again only if running them twice "
        "does no harm.",
    )


def request_outcome_unknown(label: str) -> GatewayError:
    """502: some other request that changes things was sent and not answered."""
    return GatewayError(
        502,
        "REQUEST_OUTCOME_UNKNOWN",
        f"The connection to the compute service '{label}' broke before it confirmed the request: "
        "it may or may not have been carried out. Look whether it was before trying again.",
    )


def answer_invalid(label: str) -> GatewayError:
    """502: the service answered something that is not the Compute API."""
    return GatewayError(
        502,
        "INVALID_ANSWER",
        f"The compute service '{label}' answered something that is not JSON. "
        "Check that its version fits this extension; the Jupyter server's log says more.",
    )


def answer_too_large(label: str, limit_bytes: int) -> GatewayError:
    """502: the answer is larger than the gateway carries."""
    return GatewayError(
        502,
        "ANSWER_TOO_LARGE",
        f"The compute service '{label}' answered with more than {limit_bytes:,} bytes. "
        "Ask for the results of fewer tasks at once.",
    )
