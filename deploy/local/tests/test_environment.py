"""What services are told, and that a test's servers tell them the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from aviary_local import environment
from aviary_local.environment import World
from aviary_local.home import Home
from aviary_local.nats import Nats
from aviary_local.ports import Ports, wanted
from aviary_local.postgres import Postgres
from aviary_local.secrets import in_memory
from aviary_local.testing import Servers
from aviary_local.topology import (
    BACKTESTING,
    BACKTESTING_WORKER,
    BOTS_BROKER,
    MQTT_EDGE,
    ORCHESTRATION,
    SANDBOX,
    SERVICES,
    Service,
)
from aviary_local.valkey import Valkey

HOME = Path("/nowhere")
BY_THE_LAUNCHER_ONLY = {
    "AVIARY_LISTEN",
    "PYTHONUNBUFFERED",
    "AVIARY_EXCHANGE_BASE_URLS",
    "AVIARY_MARKET_DATA_URL",
    "AVIARY_PORTAL_SERVICES",
}


@pytest.fixture
def world() -> World:
    made, ports = in_memory(), Ports()
    return World(
        ports,
        made,
        Postgres(HOME, 1, made),
        Valkey(HOME, 2, made),
        Nats(HOME, 3, 4, ports.of("nats mqtt"), made),
        Home(HOME),
        {},
    )


def test_bots_are_told_the_port_that_the_edge_listens_on(world: World) -> None:
    edge, orchestration = (environment.of(each, 0, world) for each in (MQTT_EDGE, ORCHESTRATION))
    assert orchestration["AVIARY_BOTS_BROKER"] == edge["AVIARY_MQTT_LISTEN"] == "127.0.0.1:18083"
    assert edge["AVIARY_NATS_MQTT"] == "127.0.0.1:18024"
    assert "AVIARY_NATS_MQTT" not in orchestration


def test_nobody_is_told_the_passphrase_of_backups(world: World) -> None:
    told = replace(
        world, outside={"AVIARY_BACKUP_PASSPHRASE": "correct horse battery staple", "AVIARY_LOG_LEVEL": "INFO"}
    )
    for service in SERVICES:
        found = environment.of(service, 0, told)
        assert "AVIARY_BACKUP_PASSPHRASE" not in found
        assert found["AVIARY_LOG_LEVEL"] == "INFO"


def test_the_edge_is_told_no_secret_of_nats(world: World) -> None:
    made = world.secrets
    told = set(environment.of(MQTT_EDGE, 0, world).values())
    assert not told & {made.nats_auth_password, made.nats_ops_password, made.callout_seed, made.config_password}


def test_gateways_passphrase_is_told_to_the_service_that_locks_with_it_only(world: World) -> None:
    told = {
        each.name for each in SERVICES if world.secrets.gateway_passphrase in environment.of(each, 0, world).values()
    }
    assert told == {"gateway-proxy"}


def test_what_the_user_sets_for_gateway_is_told_to_those_who_work_with_it(world: World) -> None:
    outside = {
        "AVIARY_GATEWAY_CERTIFICATES_PASSPHRASE": "opens the client's key",
        "AVIARY_GATEWAY_PASSPHRASE": "chosen",
    }
    told = {each.name for each in SERVICES if "opens the client's key" in of_outside(world, each, outside).values()}
    assert told == {"orchestration", "gateway-proxy"}
    assert not [each for each in SERVICES if "chosen" in of_outside(world, each, outside).values()]


def of_outside(world: World, service: Service, outside: dict[str, str]) -> dict[str, str]:
    return environment.of(service, 0, replace(world, outside=outside))


def test_a_backtesting_worker_is_of_the_backtesting_schema(world: World) -> None:
    api, worker = (environment.of(each, 0, world) for each in (BACKTESTING, BACKTESTING_WORKER))
    assert api["AVIARY_DATABASE_URL"] == worker["AVIARY_DATABASE_URL"]
    assert worker["AVIARY_MARKET_DATA_URL"] == "http://127.0.0.1:18120"
    assert (api["AVIARY_NATS_USER"], worker["AVIARY_NATS_USER"]) == ("backtesting", "backtesting-worker")


def test_the_bots_port_is_among_those_that_have_to_be_free() -> None:
    assert [each.port for each in wanted(Ports(), {}) if each.by == BOTS_BROKER] == [18083]


@pytest.mark.parametrize("service", [each for each in SERVICES if each is not SANDBOX], ids=lambda each: each.name)
def test_a_tests_servers_tell_a_service_what_the_launcher_would(
    world: World, real_servers: Servers, service: Service
) -> None:
    launcher = environment.of(service, 0, world).keys() - BY_THE_LAUNCHER_ONLY
    assert real_servers.environment(service.name).keys() == launcher
