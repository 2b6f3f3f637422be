"""The real Traefik, told by the chart instead of by the local routes file, sends everything the same way."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from deploy.helm.tests.backends import BREAKS, OVERLOADED, Backend, backend
from deploy.helm.tests.cluster import kubernetes_api
from deploy.helm.tests.rendering import EXAMPLES, NAMESPACE, RELEASE, Object, of_kind, render
from tests.stack import wait_for

from aviary_local.nats import bundled
from aviary_local.ports import free_ports
from aviary_local.topology import ORCHESTRATION, PORTAL, SERVICES

ROUTED = tuple(service for service in SERVICES if service.prefixes)
WITHOUT_PODS = "backtesting"
DEAD = "gateway-proxy"
PATHS = [(prefix, service.name) for service in ROUTED for prefix in service.prefixes]


@dataclass(frozen=True)
class Edge:
    client: httpx.Client
    backends: dict[str, Backend]


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """Every service has a pod, but one has none ready, and another's is gone and nobody has noticed."""
    objects = render({**EXAMPLES["production"], "ingress": {}})
    folder = tmp_path_factory.mktemp("traefik")
    web, admin, nobody = free_ports(3)
    with ExitStack() as stack:
        backends = {service.name: stack.enter_context(backend(service.name)) for service in ROUTED}
        ports = {f"{RELEASE}-{name}": [each.port] for name, each in backends.items() if name != WITHOUT_PODS}
        ports[f"{RELEASE}-{DEAD}"] = [nobody]
        api = stack.enter_context(kubernetes_api(objects, ports))
        configuration = folder / "traefik.yml"
        configuration.write_text(json.dumps(_static(api, web, admin)))
        log = stack.enter_context((folder / "traefik.log").open("w"))
        traefik = subprocess.Popen([bundled("traefik"), f"--configFile={configuration}"], stdout=log, stderr=log)
        stack.callback(traefik.wait)
        stack.callback(traefik.terminate)
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{web}", timeout=10))
        _wait_for_routes(f"http://127.0.0.1:{admin}", folder / "traefik.log", objects)
        yield Edge(client, backends)


@pytest.mark.parametrize(("prefix", "owner"), [pair for pair in PATHS if pair[1] not in {WITHOUT_PODS, DEAD}])
def test_a_path_and_what_is_below_it_reach_their_owner(edge: Edge, prefix: str, owner: str) -> None:
    below = f"{prefix.rstrip('/')}/x/y?z=1"
    named = "" if owner == PORTAL.name else owner
    for path in (prefix, below):
        answer = edge.client.get(path)
        assert answer.json() == {"service": owner, "path": path, "owner": named}, path


def test_a_longer_word_is_another_path(edge: Edge) -> None:
    assert edge.client.get("/tradingx").json() == {"service": "portal", "path": "/tradingx", "owner": ""}


@pytest.mark.parametrize("path", ["/internal/x", "/internal", "/metrics", "/metrics/x", "/readyz"])
def test_what_is_for_the_inside_only_is_not_found(edge: Edge, path: str) -> None:
    answer = edge.client.get(path, headers={"X-Aviary-Service": "trading"})
    assert answer.json() == {"service": "portal", "path": "/not-found", "owner": ""}


def test_the_portal_stands_in_for_a_service_none_of_whose_pods_is_ready(edge: Edge) -> None:
    answer = edge.client.get("/backtesting/runs", headers={"X-Aviary-Service": "trading"})
    assert answer.json() == {"service": "portal", "path": "/backtesting/runs", "owner": WITHOUT_PODS}


@pytest.mark.parametrize("path", ["/gateway/status", "/accounts/gateway/x", "/chains"])
def test_a_pod_that_refuses_is_told_in_the_portals_words(edge: Edge, path: str) -> None:
    answer = edge.client.get(path)
    assert answer.status_code == 503
    assert answer.json()["service"] == "portal"
    assert answer.json()["path"] == f"/internal/unavailable?service={DEAD}"


def test_a_503_that_a_service_wrote_passes_as_it_is(edge: Edge) -> None:
    answer = edge.client.get(f"/trading{OVERLOADED}")
    assert (answer.status_code, answer.json()["service"]) == (503, "trading")


@pytest.mark.parametrize(("method", "often"), [("GET", True), ("POST", False)])
def test_only_what_may_be_repeated_is_sent_again(edge: Edge, method: str, often: bool) -> None:
    edge.backends["trading"].asked.clear()
    answer = edge.client.request(method, f"/trading/orders{BREAKS}")
    assert (len(edge.backends["trading"].asked) > 1) == often
    assert (answer.status_code, answer.json()["service"]) == (503, "portal")


def test_services_that_are_left_out_have_no_route() -> None:
    rendered = of_kind(render({}), "IngressRoute")
    there = {f"{RELEASE}-{service.name}" for service in ROUTED if service is not ORCHESTRATION}
    assert rendered.keys() == there | {f"{name}-stand-in" for name in there - {f"{RELEASE}-{PORTAL.name}"}}


def test_a_host_and_tls_hold_for_every_route() -> None:
    for name, found in of_kind(render(EXAMPLES["production"]), "IngressRoute").items():
        assert found["spec"]["tls"] == {"secretName": "aviary-tls"}, name
        for route in found["spec"]["routes"]:
            rest = route["match"].removeprefix("Host(`aviary.example.com`) && ")
            assert rest != route["match"], name
            assert "||" not in rest or rest.startswith("("), name


def _static(api: str, web: int, admin: int) -> Object:
    return {
        "global": {"checkNewVersion": False, "sendAnonymousUsage": False},
        "log": {"level": "WARN"},
        "entryPoints": {"web": {"address": f"127.0.0.1:{web}"}, "traefik": {"address": f"127.0.0.1:{admin}"}},
        "api": {"insecure": True},
        "providers": {
            "providersThrottleDuration": "0.1s",
            "kubernetesCRD": {"endpoint": api, "namespaces": [NAMESPACE], "disableClusterScopeResources": True},
        },
    }


def _wait_for_routes(admin: str, log: Path, objects: list[Object]) -> None:
    """Each route of the chart, but those of the service without pods."""
    wanted = sum(len(found["spec"]["routes"]) for found in of_kind(objects, "IngressRoute").values())
    wanted -= next(len(service.prefixes) for service in ROUTED if service.name == WITHOUT_PODS)
    try:
        wait_for(lambda: _enabled(admin) == wanted, f"{wanted} routes are not there")
    except AssertionError as error:
        raise AssertionError(f"{error}; there are {_enabled(admin)}: {log.read_text()[-2000:]}") from None


def _enabled(admin: str) -> int:
    try:
        answer = httpx.get(f"{admin}/api/http/routers", params={"per_page": 100})
    except httpx.TransportError:
        return 0
    listed = answer.json() if answer.status_code == 200 else []
    return sum(each["provider"] == "kubernetescrd" and each["status"] == "enabled" for each in listed)
