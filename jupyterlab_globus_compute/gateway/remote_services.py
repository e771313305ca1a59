"""The services of other computers that the server's configuration names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .service_url import checked_service_url, origin_of
from .token_source import CommandToken, EnvironmentToken, FileToken, TokenSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLOUD_NAME = "cloud"
CLOUD_LABEL = "Globus Compute"
CLOUD_URL = "https://compute.api.globus.org"
"""Not a setting: a Globus token goes to no other host."""

LOCAL_NAME = "local"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SOURCES = ("token_env", "token_file", "token_command")
_FLAGS = ("cancel", "events", "results_once")
_KEYS = frozenset({"label", "url", *_SOURCES, *_FLAGS})


@dataclass(frozen=True)
class RemoteService:
    """What the configuration says of a service, checked."""

    name: str
    label: str
    kind: str
    """`cloud` or `other`."""

    url: str
    token_source: TokenSource
    has_cancel: bool = False
    has_events: bool = False
    gives_results_once: bool = False


def remote_services(*, cloud: Mapping[str, Any], others: Mapping[str, Any]) -> list[RemoteService]:
    """Read the settings `cloud` (where its token is; empty: none) and `services`.

    Raises `ValueError`, which names the setting and quotes no value, for what
    is not right: above all for a token that would go to two hosts.
    """
    services = []
    if cloud:
        source = _token_source("cloud_token", cloud)
        services.append(
            RemoteService(
                CLOUD_NAME, CLOUD_LABEL, "cloud", CLOUD_URL, source, gives_results_once=True
            )
        )
    services += [_other(name, settings) for name, settings in others.items()]
    _check_tokens(services)
    return services


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


def _check_tokens(services: Sequence[RemoteService]) -> None:
    hosts: dict[tuple[str, ...], tuple[str, str, int]] = {}
    for service in services:
        host = origin_of(service.url)
        if hosts.setdefault(service.token_source.origin, host) != host:
            raise ValueError(
                f"service {service.name!r} names the token of another host: "
                "a token goes only to the host that it was issued for"
            )
