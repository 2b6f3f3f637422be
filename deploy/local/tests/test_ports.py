import os
import socket

import pytest

from aviary_local.errors import LaunchError, PortTaken
from aviary_local.ports import Ports, Wanted, free_ports, refuse_taken
from aviary_local.settings import ports


def test_a_taken_port_is_named_with_its_holder_and_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            refuse_taken([Wanted(port, "valkey", "AVIARY_PORT_BASE")])
    assert f"Port {port}, wanted by valkey, is taken by" in str(refusal.value)
    assert f"(process {os.getpid()})" in str(refusal.value)
    assert "choose another port with AVIARY_PORT_BASE" in str(refusal.value)


def test_free_ports_pass() -> None:
    refuse_taken(Wanted(port, "anything", "AVIARY_PORT") for port in free_ports(3))


def test_ports_come_from_the_environment() -> None:
    assert ports({}) == Ports(8000, 18000)
    assert ports({"AVIARY_PORT": "9000", "AVIARY_PORT_BASE": "19000"}) == Ports(9000, 19000)


@pytest.mark.parametrize(
    "environment",
    [{"AVIARY_PORT": "high"}, {"AVIARY_PORT_BASE": "65500"}, {"AVIARY_PORT": "18100"}, {"AVIARY_PORT": "0"}],
)
def test_impossible_ports_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(LaunchError, match="AVIARY_PORT"):
        ports(environment)
