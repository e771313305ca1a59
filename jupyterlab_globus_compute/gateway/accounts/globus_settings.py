"""Where Globus is, and as which application a person signs in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyterlab_globus_compute.gateway.routes import UUID_PATTERN
from jupyterlab_globus_compute.gateway.service_url import checked_service_url

if TYPE_CHECKING:
    from collections.abc import Mapping

SDK_CLIENT_ID = "4cf29807-cf21-49ec-9443-ff9a3fb9f81c"
"""The Python SDK's own application, `globus_compute_sdk.sdk.auth.globus_app.DEFAULT_CLIENT_ID`:
a login made as another one could not be renewed by the SDK."""

COMPUTE_URL = "https://compute.api.globus.org"
_PRODUCTION = "production"
_SERVICES = ("auth", "groups", "compute")
CALLBACK_PATH = "/globus-compute/sign-in/callback"


@dataclass(frozen=True)
class GlobusSettings:
    """The addresses of one Globus environment, checked: https, or of this computer."""

    auth_url: str = "https://auth.globus.org"
    groups_url: str = "https://groups.api.globus.org"
    compute_url: str = COMPUTE_URL
    environment: str = _PRODUCTION
    """Names the logins in the token store, as `GLOBUS_SDK_ENVIRONMENT` does for the SDK."""

    client_id: str = SDK_CLIENT_ID
    redirect: str = ""
    """The address of `CALLBACK_PATH` on this server, if it is registered; empty: a code is
    shown to the person, who brings it here."""

    uses_push: bool = True
    """Whether results may be taken from the service's queue (AMQP)."""

    @classmethod
    def from_traits(
        cls,
        *,
        urls: Mapping[str, Any],
        client_id: str,
        redirect: str,
        uses_push: bool = True,
        environ: Mapping[str, str] = os.environ,
    ) -> GlobusSettings:
        """Read the settings `globus_urls`, `sign_in_client_id`, `sign_in_redirect`, `amqp`.

        What they leave out is as for the Python SDK, whose environment variables count too.
        Raises `ValueError`, which names the setting.
        """
        environment = environ.get("GLOBUS_SDK_ENVIRONMENT") or _PRODUCTION
        if unknown := set(urls) - set(_SERVICES):
            raise ValueError(f"globus_urls has unknown services: {', '.join(map(str, unknown))}")
        addresses = {}
        for service in _SERVICES:
            address = urls.get(service) or _default_url(service, environment, environ)
            try:
                addresses[f"{service}_url"] = checked_service_url(address)
            except (ValueError, TypeError, AttributeError) as error:
                raise ValueError(f"globus_urls[{service!r}]: {error}") from None
        if client_id and re.fullmatch(UUID_PATTERN, client_id) is None:
            raise ValueError("sign_in_client_id is not a UUID")
        return cls(
            **addresses,
            environment=environment,
            client_id=client_id or SDK_CLIENT_ID,
            redirect=_checked_redirect(redirect),
            uses_push=uses_push,
        )


def _default_url(service: str, environment: str, environ: Mapping[str, str]) -> str:
    if service == "compute":
        if environment == _PRODUCTION:
            return COMPUTE_URL
        # Slow to import, and seldom needed.
        from globus_compute_sdk.sdk._environments import (  # noqa: PLC0415
            get_web_service_url,
        )

        return str(get_web_service_url(environment))
    from globus_sdk.config import get_service_url  # noqa: PLC0415

    named = environ.get(f"GLOBUS_SDK_SERVICE_URL_{service.upper()}")
    return named or get_service_url(service, environment)


def _checked_redirect(redirect: str) -> str:
    if not redirect:
        return ""
    try:
        address = checked_service_url(redirect)
    except ValueError as error:
        raise ValueError(f"sign_in_redirect: {error}") from None
    if not urlsplit(address).path.endswith(CALLBACK_PATH):
        raise ValueError(f"sign_in_redirect must end with {CALLBACK_PATH}")
    return address
