"""What a service demands of a login: Globus Auth Requirements Errors (GARE)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from globus_sdk import GlobusError
from globus_sdk.gare import GlobusAuthorizationParameters, to_gare
from globus_sdk.scopes import AuthScopes, ComputeScopes, ScopeParser

from .account_errors import requirements_malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyterlab_globus_compute.gateway.transport import ServiceAnswer

_FIELDS = (
    "session_message",
    "session_required_identities",
    "session_required_policies",
    "session_required_single_domain",
    "session_required_mfa",
    "required_scopes",
    "prompt",
)
_PROMPTS = (None, "login")
_MAX_CHARACTERS = 8192
_WITHOUT_PARAMETERS = frozenset({"ConsentRequired", "AuthorizationRequired"})
_ALWAYS = [AuthScopes.openid, AuthScopes.profile, AuthScopes.email, ComputeScopes.all]


class Requirements:
    """What a sign-in is to fulfil beyond the ordinary."""

    def __init__(self, parameters: GlobusAuthorizationParameters) -> None:
        self._parameters = parameters

    @classmethod
    def from_json(cls, value: object) -> Requirements:
        """Read what a browser sends; None asks for nothing. Raises `GatewayError` 422."""
        if value is None:
            return cls(GlobusAuthorizationParameters())
        if not isinstance(value, dict):
            raise requirements_malformed("not an object")
        if len(json.dumps(value)) > _MAX_CHARACTERS:
            raise requirements_malformed("too long")
        known = {name: value[name] for name in _FIELDS if name in value}
        try:
            parameters = GlobusAuthorizationParameters.from_dict(known)
            for scope in parameters.required_scopes or []:
                ScopeParser.parse(scope)
        except (GlobusError, ValueError, TypeError):
            raise requirements_malformed("a member is of the wrong kind") from None
        if parameters.prompt not in _PROMPTS:
            # `none` would end in an error page where a login page is needed.
            parameters.prompt = None
        return cls(parameters)

    def scopes(self) -> list[str]:
        """All scopes to ask for: those of every sign-in, and the required ones."""
        required = [
            scope
            for text in self._parameters.required_scopes or []
            for scope in ScopeParser.parse(text)
        ]
        return [str(scope) for scope in ScopeParser.merge_scopes(_ALWAYS, required)]

    def session(self) -> dict[str, Any]:
        """The arguments of `oauth2_get_authorize_url`."""
        return {
            name: value
            for name in _FIELDS
            if name != "required_scopes" and (value := getattr(self._parameters, name)) is not None
        }


def with_demand(
    answer: ServiceAnswer, service: str, requirements: Mapping[str, Any]
) -> ServiceAnswer:
    """A service's answer in its own words, and what a sign-in has to fulfil."""
    fields = json.loads(answer.body)
    sign_in = {"service": service, "requirements": requirements}
    body = json.dumps({**fields, "sign_in": sign_in}).encode()
    return replace(answer, body=body, demands_sign_in=True)


def requirements_in(body: bytes) -> Mapping[str, Any] | None:
    """The `authorization_parameters` that a service's answer demands; None if it is no GARE."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    gare = to_gare(fields)
    if gare is None:
        return {} if fields.get("code") in _WITHOUT_PARAMETERS else None
    values = {name: getattr(gare.authorization_parameters, name) for name in _FIELDS}
    return {name: value for name, value in values.items() if value is not None}
