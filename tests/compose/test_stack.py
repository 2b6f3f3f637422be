"""The containers for real: an order by the edge, what each may do, replicas that come and go, each one killed."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from aviary_local.ports import free_ports
from aviary_local.secrets import parse
from aviary_testing.waiting import eventually
from tests.compose.stack import ContainerStack, docker, inspected, installation

PROJECT = "aviary-test"
PATIENCE_S = 90.0
ORDER = {
    "account_name": "master_account", "connector_name": "sandbox", "trading_pair": "BTC-USDT",
    "trade_type": "BUY", "order_type": "MARKET", "amount": 0.001,
}  # fmt: skip
VENUE_ALLOWS_S = 0.15
"""An account may send 100 orders in ten seconds."""
SERVERS = ("postgres", "nats", "valkey", "docker-socket", "edge")
SERVICES = ("accounts", "trading", "market-data", "orchestration", "gateway-proxy", "backtesting", "portal")

pytestmark = [pytest.mark.compose, pytest.mark.timeout(600), pytest.mark.xdist_group("compose")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerStack]:
    with installation(tmp_path_factory.mktemp("installation"), {"COMPOSE_PROJECT_NAME": PROJECT}) as stack:
        stack.up()
        yield stack


@pytest.fixture(scope="module")
async def client(running: ContainerStack) -> AsyncIterator[httpx.AsyncClient]:
    async with running.client() as http:
        keys = {"api_key": "demo", "api_secret": "demo-secret"}
        (await http.post("/accounts/add-credential/master_account/sandbox", json=keys)).raise_for_status()
        yield http


async def answered(client: httpx.AsyncClient, name: str) -> httpx.Response:
    """As README's `place` does: the same request until the answer is final."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert time.monotonic() < deadline, f"{name} had no final answer in time"
        try:
            answer = await client.post("/trading/orders", json={**ORDER, "client_order_id": name})
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code not in (202, 429, 502, 503, 504) and not _is_the_edges_own(answer):
            return answer
        await asyncio.sleep(0.3)


async def placed(client: httpx.AsyncClient, name: str) -> None:
    answer = await answered(client, name)
    assert answer.status_code == 201, answer.text


def _is_the_edges_own(answer: httpx.Response) -> bool:
    """Traefik that has just started answers 404 in plain text until it has read its routes."""
    return answer.status_code == 404 and "json" not in answer.headers.get("content-type", "")


async def test_an_order_is_placed_and_filled(client: httpx.AsyncClient) -> None:
    await placed(client, "first")

    async def is_filled() -> bool:
        trades = (await client.post("/trading/trades", json={})).json()["data"]
        return any(trade["client_order_id"] == "first" for trade in trades)

    await eventually(is_filled, within_s=PATIENCE_S)
    state = (await client.post("/portfolio/state", json={})).json()
    assert state["master_account"]["sandbox"]


def test_every_container_runs_as_nobody_special_and_cannot_write(running: ContainerStack) -> None:
    names = running.compose("ps", "--format", "{{.Name}}").split()
    assert len(names) >= 14
    for name in names:
        told = inspected(name)
        assert told["HostConfig"]["ReadonlyRootfs"], name
        assert not told["HostConfig"]["Privileged"], name
        status = docker("exec", name, "cat", "/proc/1/status").stdout
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert "0" not in facts["Uid"].split(), name
        assert int(facts["CapEff"], 16) == int(facts["CapPrm"], 16) == int(facts["CapBnd"], 16) == 0, name
        assert facts["NoNewPrivs"] == "1", name
        assert docker("exec", name, "sh", "-c", "echo x > /usr/x").returncode != 0, name


def test_no_secret_can_be_read_off_a_container(running: ContainerStack) -> None:
    everything = docker("inspect", *running.compose("ps", "--all", "--format", "{{.Name}}").split()).stdout
    secrets = {
        name: value for name, value in running.values.items() if name.endswith(("PASSWORD", "SEED", "PASSPHRASE"))
    }
    assert len(secrets) >= 8
    assert [name for name, value in secrets.items() if value in everything] == []
    assert (running.home / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("service", "port", "method", "path", "body", "status"),
    [
        ("edge", 2375, "GET", "/v1.41/containers/json", "", 200),
        ("edge", 2375, "POST", "/v1.41/containers/create", "{}", 403),
        ("edge", 2375, "GET", "/v1.41/containers/x/archive?path=/", "", 403),
        ("orchestration", 2376, "GET", "/v1.41/images/json", "", 200),
        ("orchestration", 2376, "POST", "/v1.41/containers/x/exec", "{}", 403),
        ("orchestration", 2376, "GET", "/v1.41/secrets", "", 403),
        ("orchestration", 2376, "POST", "/v1.41/containers/create", '{"HostConfig": {"privileged" : true}}', 403),
        ("orchestration", 2376, "POST", "/v1.41/containers/create", '{"HostConfig": {"PidMode": "host"}}', 403),
        ("orchestration", 2376, "POST", "/v1.41/containers/create", '{"HostConfig": {"\\u0050rivileged": true}}', 403),
        ("orchestration", 2376, "POST", "/v1.41/containers/create", '{"Image": "does-not-exist"}', 404),
    ],
)
def test_the_docker_socket_answers_only_what_is_needed(
    running: ContainerStack, service: str, port: int, method: str, path: str, body: str, status: int
) -> None:
    request = (
        "import http.client, sys; "
        f"c = http.client.HTTPConnection('docker-socket', {port}, timeout=10); "
        f"c.request('{method}', '{path}', sys.argv[1], {{'Content-Type': 'application/json'}}); "
        "print(c.getresponse().status)"
    )
    asker = running.container(service)
    if service == "edge":  # has no Python: any container of ours in its network asks in its place
        network = f"{PROJECT}_docker-look"
        done = docker("run", "--rm", "--network", network, "aviary/setup:0.1.0", "python3", "-c", request, body)
    else:
        done = docker("exec", asker, "python3", "-c", request, body)
    assert done.stdout.strip() == str(status), done.stderr[-500:]


async def test_replicas_come_and_go_without_a_failed_request(
    running: ContainerStack, client: httpx.AsyncClient
) -> None:
    answers: list[tuple[str, int, str]] = []
    done = asyncio.Event()

    async def ask(method: str, path: str, body: dict[str, Any] | None, every_s: float = 0.05) -> None:
        number = 0
        while not done.is_set():
            number += 1
            more = {"client_order_id": f"scaled-{number}"} if path == "/trading/orders" else {}
            try:
                answer = await client.request(method, path, json=None if body is None else {**body, **more})
                answers.append((path, answer.status_code, "" if answer.is_success else answer.text))
            except httpx.TransportError as error:
                answers.append((path, 0, repr(error)))
            await asyncio.sleep(every_s)

    prices = {"connector_name": "sandbox", "trading_pairs": ["BTC-USDT"]}
    asking = [
        asyncio.create_task(ask("POST", "/market-data/prices", prices)),
        asyncio.create_task(ask("POST", "/trading/orders", ORDER, every_s=VENUE_ALLOWS_S)),
        asyncio.create_task(ask("GET", "/accounts/", None)),
    ]
    for scale in (("market-data=3", "trading=2", "accounts=2"), ("market-data=1", "trading=1", "accounts=1")):
        wishes = [part for each in scale for part in ("--scale", each)]
        await asyncio.to_thread(running.compose, "up", "--detach", "--wait", "--no-recreate", *wishes)
        before = len(answers)
        await eventually(lambda before=before: len(answers) > before + 60, within_s=PATIENCE_S)
    done.set()
    await asyncio.gather(*asking)
    assert len(answers) > 200
    assert [each for each in answers if each[1] not in (200, 201)] == []


@pytest.mark.parametrize("service", [*SERVICES, *SERVERS])
async def test_what_is_killed_comes_back(running: ContainerStack, client: httpx.AsyncClient, service: str) -> None:
    dead = running.kill(service)
    name = f"while-{service}-was-away"
    order = asyncio.create_task(placed(client, name))
    await eventually(lambda: running.is_back(dead), within_s=PATIENCE_S)
    await order
    found = (await client.post("/trading/orders/search", json={"client_order_ids": [name]})).json()
    assert [each["client_order_id"] for each in found["data"] if each["client_order_id"] == name] == [name]


async def test_the_venue_may_be_away(running: ContainerStack, client: httpx.AsyncClient) -> None:
    """What never reached it is refused for good, and was not placed; the next order is."""
    dead = running.kill("sandbox-exchange")
    order = asyncio.create_task(answered(client, "while-the-venue-was-away"))
    await eventually(lambda: running.is_back(dead), within_s=PATIENCE_S)
    answer = await order
    assert answer.status_code == 201 or answer.json()["code"] == "order_rejected"
    trades = {each["client_order_id"] for each in (await client.post("/trading/trades", json={})).json()["data"]}
    assert answer.status_code == 201 or "while-the-venue-was-away" not in trades
    await placed(client, "when-the-venue-was-back")


async def test_down_and_up_keep_the_data(running: ContainerStack, client: httpx.AsyncClient) -> None:
    before = (await client.post("/trading/orders/search", json={"limit": 1})).json()["total"]
    login = running.values["AVIARY_PASSWORD"]
    await asyncio.to_thread(running.down)
    await asyncio.to_thread(running.up)
    assert running.values["AVIARY_PASSWORD"] == login
    async with running.client() as again:
        after = (await again.post("/trading/orders/search", json={"limit": 1})).json()["total"]
    assert after == before > 0


def test_a_changed_setting_reaches_the_services_and_no_server_is_made_anew(running: ContainerStack) -> None:
    before = {name: running.container(name) for name in ("trading", "nats", "postgres", "edge")}
    running.set(AVIARY_ORDER_DEADLINE_S="7")
    after = {name: running.container(name) for name in before}
    assert {name for name in before if before[name] != after[name]} == {"trading"}
    given = docker("exec", after["trading"], "cat", "/run/secrets/aviary").stdout
    assert "AVIARY_ORDER_DEADLINE_S='7'" in given.splitlines()


async def test_keys_are_rotated(running: ContainerStack, client: httpx.AsyncClient) -> None:
    before = running.values["AVIARY_CONFIG_PASSWORD"]
    told = await asyncio.to_thread(running.run, "deploy/docker/rotate-keys")
    assert "wrapped anew    1" in told
    values = parse((running.home / ".env").read_text())
    assert values["AVIARY_CONFIG_PASSWORD"] != before
    assert "AVIARY_CONFIG_PASSWORD_OLD" not in values
    assert before not in docker("exec", running.container("trading"), "cat", "/run/secrets/aviary").stdout
    await placed(client, "with-the-new-password")


async def test_tls_with_a_certificate_of_one_s_own(running: ContainerStack, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    (port,) = free_ports(1)
    running.set(
        COMPOSE_PROFILES="sandbox,tls",
        AVIARY_TLS_CERTS=str(tmp_path), AVIARY_TLS_BIND="127.0.0.1", AVIARY_TLS_PORT=str(port),
    )  # fmt: skip
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with httpx.AsyncClient(base_url=f"https://localhost:{port}", verify=trusting, timeout=30) as client:
        assert (await client.get("/accounts/")).status_code == 401
        assert (await client.get("/accounts/", auth=running.login)).json() == ["master_account"]


def self_signed(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=localhost")
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    ).add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    (folder / "tls.crt").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "tls.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for each in (folder, *folder.iterdir()):
        each.chmod(0o755)
    return folder / "tls.crt"


async def test_a_backup_makes_the_same_installation_elsewhere(
    running: ContainerStack, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await placed(client, "before-the-backup")
    file = tmp_path / "backup.tar"
    await asyncio.to_thread(running.run, "deploy/docker/backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    await asyncio.to_thread(running.down)
    (tmp_path / "elsewhere").mkdir()
    with installation(tmp_path / "elsewhere", {}) as other:
        env = other.home / ".env"
        env.write_text(f"COMPOSE_PROJECT_NAME={PROJECT}-elsewhere\nAVIARY_EXAMPLE=stays\n")
        other.run("deploy/docker/restore", str(file))
        other.up()
        assert other.values["AVIARY_EXAMPLE"] == "stays"
        assert other.values["AVIARY_PASSWORD"] == running.values["AVIARY_PASSWORD"]
        await has_all_and_trades_on(other, "after-the-backup")
        assert "make down first" in other.attempt("deploy/docker/restore", str(file), "--replace").stderr
        other.down()
        assert "There is data already" in other.attempt("deploy/docker/restore", str(file)).stderr
        other.run("deploy/docker/restore", str(file), "--replace")
        (old,) = other.home.glob(".env.replaced-*")
        other.up()
        await has_all_and_trades_on(other, "again-after-the-backup")
        other.compose("--env-file", old.name, "--profile", "*", "down", "--volumes")


async def has_all_and_trades_on(stack: ContainerStack, name: str) -> None:
    async with stack.client() as client:
        found = (await client.post("/trading/orders/search", json={})).json()["data"]
        named = {order["client_order_id"]: order["status"] for order in found}
        assert named["before-the-backup"] == "FILLED"
        assert name not in named
        assert "after-the-backup" not in named
        await placed(client, name)


def test_a_file_that_is_no_backup_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file.tar").write_bytes(b"nothing")
    (tmp_path / "elsewhere").mkdir()
    with installation(tmp_path / "elsewhere", {}) as stack:
        done = stack.attempt("deploy/docker/restore", str(tmp_path / "file.tar"))
        assert done.returncode != 0
        assert "Nothing was restored" in done.stderr
        assert {each.name for each in stack.home.iterdir()} == {"docker-compose.yml", "deploy"}
        assert docker("volume", "ls", "--quiet", "--filter", "name=aviary_").stdout == ""
        (stack.home / ".env").write_text("AVIARY_DATA=/nowhere\nAVIARY_DOCKER_GID=0\n")
