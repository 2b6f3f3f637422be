"""What the container is made of, by the settings."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aviary_orchestration.gateway.container import Spec, create, seen
from aviary_orchestration.gateway.folder import GatewayFolder
from aviary_orchestration.gateway.settings import GatewaySettings

SPEC = Spec("an/image:1", 16000, dev_mode=False, passphrase="a passphrase for tests")
HERE = Path("/here/gateway")


def settings(network: str | None = None) -> GatewaySettings:
    return GatewaySettings(gateway_dir=HERE, gateway_network=network)


def made(network: str | None = None, host: Path = HERE) -> dict[str, Any]:
    call = create(SPEC, GatewayFolder(HERE, host), settings(network), {"io.aviary.installation": "x"})
    return call.keywords


@pytest.mark.parametrize("network", [None, "aviary"])
def test_its_port_is_published_on_loopback_only(network: str | None) -> None:
    assert made(network)["ports"] == {"15888/tcp": ("127.0.0.1", 16000)}


def test_in_the_machines_own_network_nothing_is_published() -> None:
    assert made("host")["ports"] == {}


def test_the_engines_name_of_the_folder_is_mounted() -> None:
    volumes = made(host=Path("/on/the/host"))["volumes"]
    assert {place: each["bind"] for place, each in volumes.items()} == {
        "/on/the/host/conf": "/home/gateway/conf",
        "/on/the/host/logs": "/home/gateway/logs",
        "/on/the/host/certs": "/home/gateway/certs",
    }


def test_the_passphrase_does_not_show_in_a_representation() -> None:
    assert SPEC.passphrase not in repr(SPEC)


def inspected(mode: str) -> dict[str, Any]:
    labels = {"io.aviary.gateway": mode, "io.aviary.gateway.port": "16000"}
    return {
        "Id": "a" * 64,
        "Created": "2026-11-23T00:17:01.123456789Z",
        "RestartCount": 0,
        "Config": {"Image": "an/image:1", "Labels": labels},
        "State": {"Status": "created", "StartedAt": "0001-01-01T00:00:00Z"},
    }


@pytest.mark.parametrize(
    ("mode", "network", "url"),
    [
        ("secure", None, "https://127.0.0.1:16000"),
        ("dev", None, "http://127.0.0.1:16000"),
        ("secure", "host", "https://127.0.0.1:16000"),
        ("secure", "aviary", "https://gateway:15888"),
    ],
)
def test_it_is_found_where_its_network_leads_to_it(mode: str, network: str | None, url: str) -> None:
    container = seen(inspected(mode), settings(network))
    assert (container.url, container.port, container.started_at) == (url, 16000, None)
    assert container.created_at == datetime(2026, 11, 23, 0, 17, 1, 123456, tzinfo=UTC)
