"""docker-compose.yml says of every container what it may do, and agrees with the table of what runs."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from aviary_local.compose import places, prepare
from aviary_local.secrets import Secrets, in_memory
from aviary_local.topology import SERVICES, Service

ROOT = Path(__file__).parents[2]
ONE_SHOT = {"folders", "setup", "gateway"}
SOCKET = "/var/run/docker.sock"

Container = Mapping[str, Any]


@pytest.fixture(scope="module")
def containers() -> dict[str, Container]:
    """As Compose itself understands the file, with every profile."""
    told = {"AVIARY_DATA": "/srv/aviary", "AVIARY_DOCKER_GID": "111", "PATH": "/usr/bin:/bin", "HOME": "/nowhere"}
    command = [str(Path(sys.executable).with_name("docker-compose")), "--env-file", "/dev/null", "--profile", "*"]
    done = subprocess.run(
        [*command, "-f", str(ROOT / "docker-compose.yml"), "config", "--format", "json"],
        env=told, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found: dict[str, Container] = json.loads(done.stdout)["services"]
    return found


@pytest.fixture(scope="module")
def made() -> Secrets:
    return in_memory()


@pytest.fixture(scope="module")
def given(made: Secrets) -> dict[str, str]:
    return dict(prepare.files(places.world(made, Path("/srv/aviary"), {"AVIARY_ORDER_DEADLINE_S": "7"})))


def test_every_container_is_confined(containers: dict[str, Container]) -> None:
    for name, container in containers.items():
        uid = container["user"].partition(":")[0]
        assert uid.isdigit(), name
        assert int(uid) > 0, name
        assert container["read_only"], name
        assert container["cap_drop"] == ["ALL"], name
        assert "cap_add" not in container, name
        assert container["security_opt"] == ["no-new-privileges:true"], name
        assert not container.get("privileged"), name
        limits = container["deploy"]["resources"]["limits"]
        assert int(limits["memory"]) <= 2 * 1024**3, name
        if name not in ONE_SHOT:
            assert limits["cpus"], name
            assert container["restart"] == "unless-stopped", name
            assert "healthcheck" in container or container["image"].startswith("aviary/"), name


def test_only_the_edge_is_reached_from_outside(containers: dict[str, Container]) -> None:
    published = {name: each["ports"] for name, each in containers.items() if each.get("ports")}
    assert published.keys() <= {"edge", "edge-tls", "grafana"}
    assert [port["host_ip"] for port in published["edge"]] == ["127.0.0.1"]
    assert all(container.get("network_mode") != "host" for container in containers.values())


def test_one_container_holds_the_docker_socket_and_two_may_ask_it(containers: dict[str, Container]) -> None:
    mounts = {name: [volume["source"] for volume in each.get("volumes", [])] for name, each in containers.items()}
    assert [name for name, sources in mounts.items() if SOCKET in sources] == ["docker-socket"]
    in_network = {
        network: {name for name, each in containers.items() if network in each.get("networks", {})}
        for network in ("docker-look", "docker-run")
    }
    assert in_network == {"docker-look": {"docker-socket", "edge"}, "docker-run": {"docker-socket", "orchestration"}}


def test_bots_reach_their_broker_and_gateway_but_nothing_of_the_core(containers: dict[str, Container]) -> None:
    beside_bots = {name for name, each in containers.items() if "bots" in each.get("networks", {})}
    assert beside_bots == {"mqtt-edge", "gateway-proxy"}


def test_no_secret_is_in_an_environment_or_a_command(containers: dict[str, Container]) -> None:
    for name, container in containers.items():
        for variable in container.get("environment", {}):
            assert "PASSWORD" not in variable.upper() or variable.endswith("_FILE"), (name, variable)
        assert "PASSWORD" not in json.dumps(container.get("command") or []).upper(), name


def test_there_is_a_container_for_each_service_and_it_runs_its_code(containers: dict[str, Container]) -> None:
    for service in SERVICES:
        container = containers[service.name]
        assert container["command"] == ["python3", "-m", "aviary_common.serve", service.package], service.name
        assert [(each["source"], each["target"]) for each in container["secrets"]] == [(service.name, "aviary")]


@pytest.mark.parametrize("service", [each for each in SERVICES if each.prefixes], ids=lambda each: each.name)
def test_the_edge_finds_the_replicas_of_each_service_with_routes(
    service: Service, containers: dict[str, Container], given: dict[str, str]
) -> None:
    routes = json.loads(given["routes.yml"])["http"]
    balancers = {router["service"] for name, router in routes["routers"].items() if name.startswith(f"{service.name}-")}
    if service.name == "portal":
        assert balancers == {"portal-live"}
        return
    assert balancers == {service.name, "portal-live"}
    assert routes["services"][service.name]["failover"]["service"] == f"{service.name}@docker"
    label = f"traefik.http.services.{service.name}.loadbalancer"
    labels = containers[service.name]["labels"]
    assert labels["traefik.enable"] == "true"
    assert labels[f"{label}.server.port"] == str(places.PORT)
    assert labels[f"{label}.healthcheck.path"] == "/healthz"
    assert labels[f"{label}.serverstransport"].removesuffix("@file") in routes["serversTransports"]


def test_images_hold_what_their_service_asks_for(containers: dict[str, Container]) -> None:
    built = {each["build"]["args"]["SERVICE"]: each["build"]["args"] for each in containers.values() if "build" in each}
    folders = {service.package.split(".")[0].removeprefix("aviary_").replace("_", "-") for service in SERVICES}
    assert built.keys() == folders | {"local"}
    for folder in folders:
        project = tomllib.loads((ROOT / "services" / folder / "pyproject.toml").read_text())["project"]
        names = {dependency.split(">")[0].split("=")[0].split("[")[0] for dependency in project["dependencies"]}
        libs = {name.removeprefix("aviary-") for name in names if name.startswith("aviary-")}
        assert set(built[folder].get("LIBS", "").split()) == libs - {"common", "messages"}, folder
        assert (built[folder].get("FRAMES") == "polars") == ("polars" in names), folder
        assert (built[folder].get("EXCHANGE") == "aviary-exchange") == ("aviary-exchange" in names), folder


def test_each_secret_file_has_one_reader_and_all_are_made(
    containers: dict[str, Container], given: dict[str, str]
) -> None:
    readers = [each["source"] for container in containers.values() for each in container.get("secrets", [])]
    assert sorted(readers) == sorted(set(readers))
    assert set(readers) == given.keys()


def test_rotation_renews_everybody_who_opens_credentials_and_last_who_seals_them() -> None:
    script = (ROOT / "deploy" / "docker" / "rotate-keys").read_text()
    (readers,) = (line for line in script.splitlines() if line.startswith("readers="))
    named = readers.removeprefix("readers=").strip('"').split()
    assert set(named) == {service.name for service in SERVICES if service.config_password}
    assert named[-1] == "accounts"


def test_compose_sees_when_what_a_container_is_given_has_changed() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    for name, service in services.items():
        (given,) = [each["source"] if isinstance(each, dict) else each for each in service.get("secrets", [])] or [None]
        if name in ONE_SHOT or given in (None, "postgres", "grafana"):
            continue
        assert [each["path"] for each in service["env_file"]] == [
            f"${{AVIARY_DATA:?Start with make up}}/given/{given}.version"
        ], name


def test_services_are_told_names_instead_of_ports_and_the_user_s_settings(given: dict[str, str]) -> None:
    trading = dict(line.split("=", 1) for line in given["trading"].splitlines())
    assert "@postgres:5432/aviary" in trading["AVIARY_DATABASE_URL"]
    assert trading["AVIARY_NATS_SERVERS"] == "'nats://nats:4222'"
    assert trading["AVIARY_LISTEN"] == "'0.0.0.0:8000'"
    assert trading["AVIARY_ORDER_DEADLINE_S"] == "'7'"
    assert "127.0.0.1" not in given["trading"]


def test_a_service_is_told_no_secret_of_another(given: dict[str, str], made: Secrets) -> None:
    shared = {"AVIARY_PASSWORD", "AVIARY_VALKEY_PASSWORD", "AVIARY_CONFIG_PASSWORD"}
    own = {name: value for name, value in made.values.items() if "PASSWORD" in name and name not in shared}
    readers = {
        name: [service.name for service in SERVICES if value in given[service.name]] for name, value in own.items()
    }
    assert readers["AVIARY_POSTGRES_PASSWORD"] == []
    assert readers["AVIARY_DATABASE_PASSWORD_TRADING"] == ["trading"]
    assert readers["AVIARY_DATABASE_PASSWORD_BACKTESTING"] == ["backtesting", "backtesting-worker"]
    assert all(len(names) <= 2 for names in readers.values())
