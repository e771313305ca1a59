"""What the configuration may say of services elsewhere, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_globus_compute.gateway.remote_services import RemoteServices, remote_services
from jupyterlab_globus_compute.gateway.service_url import checked_service_url

URL = "https://compute.example.org"


def test_nothing_is_offered_unless_it_is_configured() -> None:
    assert remote_services(cloud={}, others={}) == RemoteServices(None, [])


def test_reads_where_the_token_of_the_hosted_service_is() -> None:
    services = remote_services(cloud={"token_command": ["renew", "--now"]}, others={})
    assert services.cloud_token is not None
    assert services.cloud_token.origin == ("command", "renew", "--now")
    assert services.others == []


def test_reads_other_services() -> None:
    settings = {
        "lab": {"url": f"{URL}/", "label": "Our lab", "token_file": "t", "cancel": True},
        "own": {"url": "http://127.0.0.1:5000/api/", "token_env": "T", "results_once": True},
    }
    lab, own = remote_services(cloud={}, others=settings).others
    assert (lab.name, lab.label, lab.kind, lab.url) == ("lab", "Our lab", "other", URL)
    assert (lab.has_cancel, lab.has_events, lab.gives_results_once) == (True, False, False)
    assert (own.label, own.url) == ("own", "http://127.0.0.1:5000/api")
    assert own.gives_results_once


@pytest.mark.parametrize(
    ("name", "settings", "what"),
    [
        ("local", {"url": URL, "token_env": "T"}, "a name"),
        ("cloud", {"url": URL, "token_env": "T"}, "a name"),
        ("../x", {"url": URL, "token_env": "T"}, "a name"),
        ("a/b", {"url": URL, "token_env": "T"}, "a name"),
        ("lab", "https://compute.example.org", "needs a url"),
        ("lab", {"token_env": "T"}, "needs a url"),
        ("lab", {"url": URL}, "exactly one"),
        ("lab", {"url": URL, "token_env": "T", "token_file": "t"}, "exactly one"),
        ("lab", {"url": URL, "token": "s3cret"}, "unknown settings: token"),
        ("lab", {"url": URL, "token_env": ""}, "list of texts"),
        ("lab", {"url": URL, "token_command": "renew --now"}, "list of texts"),
        ("lab", {"url": URL, "token_command": []}, "list of texts"),
        ("lab", {"url": URL, "token_env": "T", "events": "yes"}, "True or False"),
        ("lab", {"url": URL, "token_env": "T", "label": ""}, "label"),
        ("lab", {"url": "http://compute.example.org", "token_env": "T"}, "https"),
    ],
)
def test_refuses_settings_that_are_not_right(name: str, settings: Any, what: str) -> None:
    with pytest.raises(ValueError, match=what) as raised:
        remote_services(cloud={}, others={name: settings})
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "compute.example.org",
        "ftp://compute.example.org",
        "http://compute.example.org",
        "http://192.168.1.2:5000",
        "http://127.0.0.1.example.org",
        "https://",
        "https://user:s3cret@compute.example.org",
        "https://compute.example.org?x=1",
        "https://compute.example.org/?",
        "https://compute.example.org/#x",
        "https://compute.example.org/a/../b",
        "https://compute.example.org/%2e%2e",
        "https://compute.example.org:0",
        "https://compute.example.org:99999",
        "https://[::1",
    ],
)
def test_refuses_addresses_that_no_token_should_go_to(url: str) -> None:
    with pytest.raises(ValueError, match="url") as raised:
        checked_service_url(url)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    "source", [{"token_env": "T"}, {"token_file": "/t"}, {"token_command": ["renew"]}]
)
def test_a_token_goes_to_one_host_only(source: dict[str, Any]) -> None:
    first, second = {"url": URL, **source}, {"url": "https://elsewhere.example", **source}
    with pytest.raises(ValueError, match="another host"):
        remote_services(cloud={}, others={"one": first, "two": second})
    with pytest.raises(ValueError, match="another host"):
        remote_services(cloud=source, others={"two": second})
    same_host = {"url": f"{URL}:443/v", **source}
    assert len(remote_services(cloud={}, others={"one": first, "two": same_host}).others) == 2
