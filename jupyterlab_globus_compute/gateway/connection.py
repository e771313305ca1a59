"""How to reach a compute service."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Connection:
    """The address and the credential of a compute service."""

    url: str
    """Where the API begins, e.g. `http://127.0.0.1:40123`, no slash at the end."""

    token: str = field(repr=False)
    """Bearer token (RFC 6750). Never shown, not even by `repr`."""


@dataclass(frozen=True)
class LocalConnection(Connection):
    """How to reach one running compute service of this computer.

    Two starts of the same service never compare equal, for each start has a
    token of its own.
    """

    endpoint_id: str
    """UUID of the endpoint that the service offers."""

    pid: int
    """Process id of the service."""

    @classmethod
    def from_json(cls, text: str | bytes) -> LocalConnection:
        """Read the line that the local service prints, `{url, token, endpoint_id, pid}`.

        Raises `ValueError` when it is not such an object, or when the address
        is not on this computer. The message never quotes the text, because it
        may hold a token.
        """
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            # The cause carries the text, so it is cut off.
            raise ValueError("not JSON") from None
        if not isinstance(fields, dict):
            raise ValueError("not a JSON object")
        url, token = fields.get("url"), fields.get("token")
        endpoint_id, pid = fields.get("endpoint_id"), fields.get("pid")
        if not (
            isinstance(url, str)
            and isinstance(token, str)
            and token
            and isinstance(endpoint_id, str)
            and isinstance(pid, int)
        ):
            raise ValueError("url, token, endpoint_id or pid is missing or of the wrong type")
        if not is_loopback_origin(url):
            raise ValueError("the url is not an http address on this computer")
        return cls(url=url.rstrip("/"), token=token, endpoint_id=endpoint_id, pid=pid)


def is_loopback_origin(url: str) -> bool:
    """Whether `url` is plain http to this computer with an explicit port.

    The token would travel readable to any other machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname
    if parts.scheme != "http" or host is None or port is None:
        return False
    if parts.username is not None or parts.query or parts.fragment or parts.path not in ("", "/"):
        return False
    return is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """Whether a host's name or address (no brackets) is of this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
