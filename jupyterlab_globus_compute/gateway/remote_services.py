"""The services of other computers that the server's configuration names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .accounts.globus_settings import COMPUTE_URL
from .service_url import checked_service_url, origin_of
from .token_source import CommandToken, EnvironmentToken, FileToken, TokenSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLOUD_NAME = "cloud"
CLOUD_LABEL = "Globus Compute"

LOCAL_NAME = "local"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SOURCES = ("token_env", "token_file", "token_command")
_FLAGS = ("cancel", "events", "results_once", "amqp")
_KEYS = frozenset({"label", "url", *_SOURCES, *_FLAGS})


@dataclass(frozen=True)
class RemoteService:
    """What the configuration says of a service, checked."""

    name: str
    label: str
    kind: str
    url: str
    token_source: TokenSource
    has_cancel: bool = False
    has_events: bool = False
    gives_results_once: bool = False
    pushes_results: bool = False


@dataclass(frozen=True)
class RemoteServices:
    """What the configuration says of services of other computers."""

    cloud_token: TokenSource | None = None
    """Where a token for Globus Compute is; None: in the account."""

    others: Sequence[RemoteService] = ()


def remote_services(
    *, cloud: Mapping[str, Any], others: Mapping[str, Any], cloud_url: str = COMPUTE_URL
) -> RemoteServices:
    """Read the settings `cloud_token` (empty: none) and `services`.

    Raises `ValueError`, which names the setting and quotes no value, for what
    is not right: above all for a token that would go to two hosts.
    """
    source = _token_source("cloud_token", cloud) if cloud else None
    services = [_other(name, settings) for name, settings in others.items()]
    destinations = [(one.name, one.url, one.token_source) for one in services]
    if source is not None:
        destinations.insert(0, (CLOUD_NAME, cloud_url, source))
    _check_tokens(destinations)
    return RemoteServices(source, services)


def _other(name: str, settings: Any) -> RemoteService:
    where = f"services[{name!r}]"
    if _NAME.fullmatch(name) is None or name in (LOCAL_NAME, CLOUD_NAME):
        raise ValueError(
            f"{where}: a name has lower-case letters, digits, - and _, "
            f"and is neither {LOCAL_NAME} nor {CLOUD_NAME}"
        )
    if not isinstance(settings, dict) or not isinstance(settings.get("url"), str):
        raise ValueError(f"{where} needs a url")
    if unknown := set(settings) - _KEYS:
        raise ValueError(f"{where} has unknown settings: {', '.join(sorted(map(str, unknown)))}")
    flags = {flag: settings.get(flag, False) for flag in _FLAGS}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise ValueError(f"{where}: {', '.join(_FLAGS)} are True or False")
    label = settings.get("label", name)
    if not isinstance(label, str) or not label:
        raise ValueError(f"{where}: the label is a text")
    try:
        url = checked_service_url(settings["url"])
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    tokens = {key: value for key, value in settings.items() if key in _SOURCES}
    return RemoteService(
        name,
        label,
        "other",
        url,
        _token_source(where, tokens),
        has_cancel=flags["cancel"],
        has_events=flags["events"],
        gives_results_once=flags["results_once"],
        pushes_results=flags["amqp"],
    )


def _token_source(where: str, settings: Mapping[str, Any]) -> TokenSource:
    wanted = f"{where} needs exactly one of {', '.join(_SOURCES)}"
    if len(settings) != 1:
        raise ValueError(wanted)
    ((key, value),) = settings.items()
    if key == "token_command" and _is_command(value):
        return CommandToken(list(value))
    if key == "token_env" and isinstance(value, str) and value:
        return EnvironmentToken(value)
    if key == "token_file" and isinstance(value, str) and value:
        return FileToken(value)
    raise ValueError(f"{wanted}; token_command is a list of texts, the others are one each")


def _is_command(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(isinstance(part, str) and part for part in value)
    )


def _check_tokens(destinations: Sequence[tuple[str, str, TokenSource]]) -> None:
    hosts: dict[tuple[str, ...], tuple[str, str, int]] = {}
    for name, url, source in destinations:
        host = origin_of(url)
        if hosts.setdefault(source.origin, host) != host:
            raise ValueError(
                f"service {name!r} names the token of another host: "
                "a token goes only to the host that it was issued for"
            )
