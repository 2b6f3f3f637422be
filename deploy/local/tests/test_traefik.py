"""The routes, through a real Traefik, to tiny real HTTP servers."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.sync.server import Server, ServerConnection, serve

from aviary_local import traefik as edge
from aviary_local.ports import free_ports
from aviary_local.probes import http_ok
from aviary_local.testing import _spawn
from aviary_local.topology import ACCOUNTS, GATEWAY_PROXY, MARKET_DATA, PORTAL, SERVICES, TRADING, Service
from aviary_local.traefik import Traefik

Until = Callable[[Callable[[], object]], None]


@dataclass
class Edge:
    client: httpx.Client
    replicas: dict[Service, list[str]]
    processes: dict[str, subprocess.Popen[bytes]]
    traefik: Traefik

    def owner(self, path: str) -> str:
        return str(self.client.get(path).json()["service"])


@pytest.fixture(scope="module")
def wait() -> Until:
    def until(condition: Callable[[], object]) -> None:
        deadline = threading.Event()
        timer = threading.Timer(20, deadline.set)
        timer.start()
        while not condition():
            assert not deadline.wait(0.02), "the condition did not come true"
        timer.cancel()

    return until


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory, wait: Until) -> Iterator[Edge]:
    folder = tmp_path_factory.mktemp("edge")
    exposed = [service for service in SERVICES if service.prefixes]
    port, admin, second, websocket, *ports = free_ports(len(exposed) + 4)
    replicas = {service: [f"http://127.0.0.1:{number}"] for service, number in zip(exposed, ports, strict=True)}
    replicas[ACCOUNTS].append(f"http://127.0.0.1:{second}")
    replicas[MARKET_DATA] = [f"http://127.0.0.1:{websocket}"]
    traefik = Traefik(folder / "traefik", port, admin)
    traefik.prepare()
    traefik.write_routes(replicas)
    script = Path(__file__).with_name("fake_service.py")
    processes = {
        url: subprocess.Popen(
            [sys.executable, str(script)],
            env={**os.environ, "AVIARY_SERVICE": service.name, "AVIARY_LISTEN": url.removeprefix("http://")},
        )
        for service, urls in replicas.items()
        if service is not MARKET_DATA
        for url in urls
    }
    echo = serve(_echo, "127.0.0.1", websocket)
    talking = threading.Thread(target=echo.serve_forever)
    talking.start()
    with (folder / "traefik.log").open("ab") as log:
        wait(lambda: all(http_ok(int(url.rpartition(":")[2]), "/healthz") for url in processes))
        process = _spawn(traefik.command(), log)
    try:
        wait(traefik.is_ready)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            yield Edge(client, replicas, processes, traefik)
    finally:
        for each in (process, *processes.values()):
            each.kill()
            each.wait()
        _end(echo, talking)


def _echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


def _end(server: Server, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/accounts", "accounts"),
        ("/accounts/", "accounts"),
        ("/accounts/main/credentials", "accounts"),
        ("/accounts/gateway", "gateway-proxy"),
        ("/accounts/gateway/wallets", "gateway-proxy"),
        ("/accounts/gatewayx", "accounts"),
        ("/accountsx", "portal"),
        ("/portfolio/state", "accounts"),
        ("/gateway/status", "gateway-proxy"),
        ("/trading/orders", "trading"),
        ("/executors/search", "trading"),
        ("/archived-bots/a%2Fb.sqlite/summary", "orchestration"),
        ("/backtesting/run", "backtesting"),
        ("/", "portal"),
        ("/docs", "portal"),
        ("/healthz", "portal"),
        ("/ws/elsewhere", "portal"),
    ],
)
def test_the_longest_whole_prefix_owns_a_path(fronted: Edge, path: str, owner: str) -> None:
    assert fronted.owner(path) == owner


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/readyz", "/readyz/", "/internal/unavailable", "/trading/../internal/x", "/trading/%2e%2e/metrics"],
)
def test_the_inside_is_not_reachable(fronted: Edge, path: str) -> None:
    answer = httpx.Client(base_url=fronted.client.base_url).send(
        httpx.Request("GET", fronted.client.base_url.copy_with(raw_path=path.encode()))
    )
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not Found"}


def test_a_client_cannot_pretend_that_a_service_is_down(fronted: Edge) -> None:
    for name in (edge.UNAVAILABLE_HEADER, edge.UNAVAILABLE_HEADER.replace("-", "_")):
        assert fronted.client.get("/", headers={name: "trading"}).json()["owner"] == ""


def test_a_503_of_the_service_itself_passes_unchanged(fronted: Edge) -> None:
    answer = fronted.client.get("/trading/own-503")
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_down"


def test_a_broken_connection_is_told_in_our_form_and_a_post_is_never_sent_again(fronted: Edge) -> None:
    before = fronted.client.get("/trading/count").json()["dropped"].count("POST")
    answer = fronted.client.post("/trading/drop", json={"amount": "1"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert fronted.client.get("/trading/count").json()["dropped"].count("POST") == before + 1


def test_websockets_pass(fronted: Edge) -> None:
    with connect(f"ws://127.0.0.1:{fronted.client.base_url.port}/ws/market-data") as wire:
        wire.send("tick")
        assert wire.recv(timeout=5) == "tick"


def test_a_dead_replica_is_not_noticed_and_with_the_last_the_answer_is_503(fronted: Edge, wait: Until) -> None:
    first, second = fronted.replicas[ACCOUNTS]
    ports = {fronted.client.get("/accounts").json()["port"] for _ in range(4)}
    assert len(ports) == 2
    fronted.processes[first].kill()
    fronted.processes[first].wait()
    assert {fronted.client.get("/accounts").status_code for _ in range(50)} == {200}
    assert {fronted.client.post("/accounts").status_code for _ in range(50)} == {200}
    fronted.processes[second].kill()
    fronted.processes[second].wait()
    wait(lambda: fronted.client.post("/accounts/add").status_code == 503)
    answer = fronted.client.post("/accounts/add")
    assert answer.json() == {"detail": "accounts is not available", "code": "unavailable"}
    assert fronted.owner("/accounts/gateway") == GATEWAY_PROXY.name


def test_new_routes_are_taken_over_at_once(fronted: Edge, wait: Until) -> None:
    fronted.traefik.write_routes({each: urls for each, urls in fronted.replicas.items() if each is not TRADING})
    wait(fronted.traefik.routes_are_taken_over)
    assert fronted.owner("/trading/orders") == PORTAL.name
    fronted.traefik.write_routes(fronted.replicas)
    wait(fronted.traefik.routes_are_taken_over)
    assert fronted.owner("/trading/orders") == TRADING.name
