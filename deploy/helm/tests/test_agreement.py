"""A service is told in the cluster what it is told on one machine: only the places are called otherwise."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy.helm.tests.rendering import CHART, RELEASE, Object, of_kind, render, selects

from aviary_local import chart, environment
from aviary_local.environment import World
from aviary_local.home import Home
from aviary_local.nats import Nats
from aviary_local.ports import Ports
from aviary_local.postgres import Postgres
from aviary_local.secrets import Secrets, in_memory
from aviary_local.topology import (
    BOTS_BROKER,
    MARKET_DATA,
    MQTT_EDGE,
    NATS_MQTT,
    ORCHESTRATION,
    SANDBOX,
    SERVICES,
    Service,
    with_schema,
)
from aviary_local.valkey import Valkey

HOME = Path("/somewhere/else")
EVERYTHING: dict[str, Any] = {
    "sandbox": {"enabled": True},
    "secrets": {"existingSecret": "own"},
    "docker": {"host": "tcp://engine:2376", "tlsSecret": "docker-tls", "broker": "broker.example.com:1883"},
    "storage": {"gateway": {"accessMode": "ReadWriteMany"}},
}
ONLY_HERE = re.compile(
    r"AVIARY_DRAIN_S|AVIARY_DATABASE_PASSWORD_\w+|AVIARY_VALKEY_PASSWORD|DOCKER_\w+|AVIARY_CONFIG_PASSWORD_OLD"
)
"""What the values of other variables are put together from, and what a machine has from its owner or by itself."""
LISTEN = {"AVIARY_LISTEN": "0.0.0.0:8000", "AVIARY_MQTT_LISTEN": "0.0.0.0:1883"}


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return in_memory()


@pytest.fixture(scope="module")
def world(secrets: Secrets) -> World:
    return World(
        Ports(), secrets, Postgres(HOME, 1, secrets), Valkey(HOME, 2, secrets), Nats(HOME, 3, 4, 5, secrets),
        Home(HOME), {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def everything() -> list[Object]:
    return render(EVERYTHING)


def test_the_charts_table_is_the_topology() -> None:
    assert (CHART / "files" / "topology.yaml").read_text() == chart.document(), "run `make chart`"


def test_values_and_schema_know_every_service() -> None:
    names = {service.name for service in SERVICES}
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert yaml.safe_load((CHART / "values.yaml").read_text())["services"].keys() == names
    assert schema["properties"]["services"]["properties"].keys() == names


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_gets_the_same_variables(
    service: Service, everything: list[Object], world: World, secrets: Secrets
) -> None:
    deployment = of_kind(everything, "Deployment")[f"{RELEASE}-{service.name}"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    given = _as_kubernetes_would(container["env"], secrets)
    here = {name: _moved(name, value, world) for name, value in environment.of(service, 0, world).items()}
    assert container["image"].startswith(f"aviary/{service.name}:")
    assert container["command"] == ["python3", "-m", "aviary_common.serve", service.package]
    assert {name: given.get(name) for name in here} == here
    assert [name for name in given if name not in here and not ONLY_HERE.fullmatch(name)] == []


def test_orchestration_knows_its_engine(everything: list[Object]) -> None:
    deployment = of_kind(everything, "Deployment")[f"{RELEASE}-{ORCHESTRATION.name}"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    given = {each["name"]: each.get("value") for each in container["env"]}
    assert given["DOCKER_HOST"] == "tcp://engine:2376"
    assert given["DOCKER_TLS_VERIFY"] == "1"
    assert given["DOCKER_CERT_PATH"] in {mount["mountPath"] for mount in container["volumeMounts"]}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_its_folders_are_volumes(service: Service, everything: list[Object], world: World) -> None:
    deployment = of_kind(everything, "Deployment")[f"{RELEASE}-{service.name}"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    folders = [value for name, value in environment.of(service, 0, world).items() if name.endswith("_DIR") and value]
    assert {_moved("", folder, world) for folder in folders} <= mounted


def test_the_setup_makes_every_role(everything: list[Object]) -> None:
    (job,) = of_kind(everything, "Job").values()
    (container,) = job["spec"]["template"]["spec"]["containers"]
    names = {each["name"] for each in container["env"] if each["name"].startswith("AVIARY_DATABASE_PASSWORD_")}
    assert names == {f"AVIARY_DATABASE_PASSWORD_{service.schema}".upper() for service in with_schema()}


@pytest.mark.parametrize("server", ["postgres", "nats", "valkey"])
def test_a_server_is_reached_by_those_who_use_it_and_nobody_else(everything: list[Object], server: str) -> None:
    uses = {"postgres": "schema", "nats": "nats", "valkey": "cache"}[server]
    theirs = {service.name for service in SERVICES if getattr(service, uses)}
    theirs |= {"setup"} if server == "postgres" else set()
    assert _let_in(everything, server, server) == theirs


def test_only_the_edge_reaches_the_bots_side_of_nats(everything: list[Object]) -> None:
    assert _let_in(everything, "nats", "mqtt") == {MQTT_EDGE.name}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_is_reached_by_traefik_and_those_who_ask_it(everything: list[Object], service: Service) -> None:
    callers = {each.name for each in SERVICES if _asks(each, service)}
    assert _let_in(everything, service.name, "http") == callers
    policy = of_kind(everything, "NetworkPolicy")[f"{RELEASE}-{service.name}"]
    outside = [source for source in policy["spec"]["ingress"][0]["from"] if "namespaceSelector" in source]
    assert len(outside) == (2 if service.prefixes else 1)


def test_whoever_runs_users_code_may_not_leave(everything: list[Object]) -> None:
    policy = of_kind(everything, "NetworkPolicy")[f"{RELEASE}-backtesting-worker"]
    assert "Egress" in policy["spec"]["policyTypes"]
    for rule in policy["spec"]["egress"]:
        assert "to" in rule or {port["port"] for port in rule["ports"]} == {53}


def _asks(caller: Service, service: Service) -> bool:
    """Over HTTP: everything else goes through NATS."""
    reads_documents = caller.directory and bool(service.prefixes) and caller is not service
    return reads_documents or (caller.candles and service is MARKET_DATA) or (caller.exchanges and service is SANDBOX)


def _let_in(objects: list[Object], server: str, port: str) -> set[str]:
    """Which parts of the release the policies let in. A policy without a rule lets nobody in."""
    labels = {
        "app.kubernetes.io/name": "aviary",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": server,
    }
    found: set[str] = set()
    policies = [each["spec"] for each in of_kind(objects, "NetworkPolicy").values()]
    for policy in (each for each in policies if selects(each["podSelector"], labels)):
        for rule in policy.get("ingress", []):
            if {"port": port} in rule["ports"]:
                sources = [source for source in rule["from"] if source.keys() == {"podSelector"}]
                found |= {each["podSelector"]["matchLabels"]["app.kubernetes.io/component"] for each in sources}
    return found


def _as_kubernetes_would(env: list[Object], secrets: Secrets) -> dict[str, str]:
    """Values of the Secret, and $(NAME) replaced by what stands before it."""
    given: dict[str, str] = {}
    for each in env:
        if "valueFrom" in each:
            reference = each["valueFrom"]["secretKeyRef"]
            if reference["key"] in secrets.values or not reference.get("optional"):
                given[each["name"]] = secrets.values[reference["key"]]
        else:
            given[each["name"]] = re.sub(r"\$\((\w+)\)", lambda name: given[name[1]], each["value"])
    return given


def _moved(name: str, value: str, world: World) -> str:
    if name in LISTEN:
        return LISTEN[name]
    if name == "AVIARY_BOTS_BROKER":
        assert value == f"127.0.0.1:{world.ports.of(BOTS_BROKER)}"
        return "broker.example.com:1883"
    places = {1: "postgres:5432", 2: "valkey:6379", 3: "nats:4222", world.ports.of(NATS_MQTT): "nats:1883"}
    places |= {world.ports.of_service(service): f"{service.name}:8000" for service in SERVICES}
    moved = re.sub(r"127\.0\.0\.1:(\d+)", lambda port: f"{RELEASE}-{places[int(port[1])]}", value)
    moved = re.sub(rf"^{HOME}/\S*/([\w-]+)$", r"/var/lib/aviary/\1", moved)
    return json.dumps(json.loads(moved), separators=(",", ":"), sort_keys=True) if moved.startswith("{") else moved
