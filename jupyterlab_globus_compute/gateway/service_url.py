"""Addresses that a token may be sent to."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from .connection import is_loopback_host


def checked_service_url(url: str) -> str:
    """The address of a service's API, without a slash at the end.

    Raises `ValueError` unless it is https, or http to this computer, and
    nothing but scheme, host, port and path: the token would travel readable.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError("the url is none") from None
    if host is None or parts.scheme not in ("http", "https") or port == 0:
        raise ValueError("the url does not begin with https:// and a host")
    if parts.scheme == "http" and not is_loopback_host(host):
        raise ValueError("the url must begin with https://, unless it is of this computer")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the url must hold no credentials; name a token_file instead")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError("the url must hold no query and no fragment")
    if any(segment in (".", "..") for segment in parts.path.split("/")) or "%" in parts.path:
        raise ValueError("the path of the url must hold no dots and nothing encoded")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port (RFC 6454) of an address that has been checked."""
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return (parts.scheme, (parts.hostname or "").lower(), parts.port or default)
